package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.donotanswer.dataset.SourceStatistics.FlagCounts;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class ExampleStatisticsTest {
    private static final ExampleStatistics STATISTICS = ExampleSet.of(List.of(
                    LabelledExample.builder("1", "pond", "Feed a duck?")
                            .response("Give it some bread.")
                            .llm("goose-7b")
                            .licence("MIT")
                            .labelledBy("human")
                            .instructionRisky(false)
                            .harmful(true)
                            .action(ResponseAction.FOLLOW_INSTRUCTION)
                            .harmType(HarmType.ILLEGAL_ACTIVITIES)
                            .build(),
                    LabelledExample.builder("2", "pond", "Pluck a live goose, please?")
                            .response("No, I won't.")
                            .labelledBy("judge:owl")
                            .refusal(true)
                            .harmful(false)
                            .build(),
                    LabelledExample.builder("3", "pond", "Sing.")
                            .labelledBy("judge:owl")
                            .build(),
                    LabelledExample.builder("1", "farm", "Paint a fence.")
                            .labelledBy("construction")
                            .instructionRisky(true)
                            .build()))
            .statistics();

    @Test
    void bySource_labels_areCounted() {
        assertThat(STATISTICS.bySource()).containsOnlyKeys("farm", "pond");
        SourceStatistics pond = STATISTICS.bySource().get("pond");
        assertThat(pond.examples()).isEqualTo(3);
        assertThat(pond.exchanges()).isEqualTo(2);
        assertThat(pond.instructionRisky()).isEqualTo(new FlagCounts(0, 1, 2));
        // An instruction alone has no response that could be labelled.
        assertThat(pond.harmful()).isEqualTo(new FlagCounts(1, 1, 0));
        assertThat(pond.refusal()).isEqualTo(new FlagCounts(1, 0, 1));
        assertThat(pond.harmful().hasBothClasses()).isTrue();
        assertThat(pond.refusal().hasBothClasses()).isFalse();
        assertThat(pond.actions())
                .hasSize(6)
                .containsEntry(ResponseAction.FOLLOW_INSTRUCTION, 1)
                .containsEntry(ResponseAction.CANNOT_ASSIST, 0);
        assertThat(pond.harmTypes()).hasSize(12).containsEntry(HarmType.ILLEGAL_ACTIVITIES, 1);
        assertThat(pond.labelledBy()).isEqualTo(Map.of("human", 1, "judge:owl", 2));
        assertThat(pond.licences()).isEqualTo(Map.of("MIT", 1, "unknown", 2));
        assertThat(pond.llms()).isEqualTo(Map.of("goose-7b", 1, "unknown", 1));
        assertThat(pond.instructionWords().percentile(50)).isEqualTo(3);
        assertThat(pond.responseWords().count()).isEqualTo(2);
        assertThat(STATISTICS.total().examples()).isEqualTo(4);
        assertThat(STATISTICS.bySource().get("farm").llms()).isEmpty();
    }

    @Test
    void bySource_responsesAlone_haveNoInstructions() {
        SourceStatistics alone = ExampleSet.of(List.of(LabelledExample.builder("1", "pond", "")
                        .response("The duck was fed.")
                        .harmful(false)
                        .build()))
                .statistics()
                .total();
        assertThat(alone.exchanges()).isEqualTo(1);
        assertThat(alone.instructionRisky()).isEqualTo(new FlagCounts(0, 0, 0));
        assertThat(alone.instructionWords().count()).isZero();
        assertThat(alone.responseWords().count()).isEqualTo(1);
    }

    @Test
    void describe_sources_areLines() {
        assertThat(STATISTICS.describe().lines())
                .containsExactly(
                        "source  examples  responses  harmful 1/0  refusal 1/0  risky 1/0  words of instruction"
                                + "  of response  LLMs  labelled by                         licence",
                        "farm           1          0            -            -        1/0                     3"
                                + "            -     0  construction                        unknown",
                        "pond           3          2          1/1          1/0        0/1                     3"
                                + "            4     2  judge:owl, human                    unknown, MIT",
                        "all            4          2          1/1          1/0        1/1                     3"
                                + "            4     2  judge:owl, construction and 1 more  unknown, MIT");
    }
}
