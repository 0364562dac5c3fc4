package org.donotanswer.dataset.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RealData({Kind.SAFETY_DATA, Kind.CONTRAST_DATA})
class ExampleSplitsRealDataTest {
    private static ExampleSet set;
    private static ExampleSplits splits;

    @BeforeAll
    static void load() throws IOException {
        set = ExampleSet.load(RealDataDirectories.safetyData(), RealDataDirectories.contrastData());
        splits = ExampleSplits.of(set.examples());
    }

    private static int dropped(ExampleFold fold) {
        return fold.dropped().values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void leaveOneSourceOut_sides_shareNoQuestion() {
        List<ExampleFold> folds = splits.leaveOneSourceOut();
        assertThat(folds).hasSize(27);
        for (ExampleFold fold : folds) {
            assertThat(fold.train().size() + fold.test().size() + dropped(fold))
                    .isEqualTo(set.examples().size());
        }
        ExampleFold fold = folds.stream()
                .filter(each -> each.name().equals("safe-rlhf-mini"))
                .findFirst()
                .orElseThrow();
        assertThat(fold.dropped()).containsEntry("gptfuzz", 515);
        NearDuplicateIndex index = NearDuplicateIndex.of(
                fold.test().stream().map(LabelledExample::instruction).toList(), NearDuplicateIndex.DEFAULT_SIMILARITY);
        assertThat(fold.train()).noneMatch(example -> index.matches(example.instruction()));
    }

    @Test
    void leaveQuestionsOut_questions_areSmallGroups() {
        List<ExampleFold> folds = splits.leaveQuestionsOut(5, 1);
        int[] questions = splits.questions();
        int largest = Arrays.stream(questions)
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.summingInt(question -> 1)))
                .values()
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElseThrow();
        // No chain of near-duplicates swallows the data.
        assertThat(largest).isLessThan(set.examples().size() / 20);
        assertThat(folds).allSatisfy(fold -> assertThat(dropped(fold)).isLessThan(600));
    }

    @Test
    @RealData(Kind.INJECTION_DATA)
    void splits_injectionData_losesFewResponsesAlone() throws IOException {
        ExampleSet texts = ExampleSet.load(RealDataDirectories.injectionData());
        ExampleSplits ofTexts = ExampleSplits.of(texts.examples());
        assertThat(ofTexts.leaveOneSourceOut()).hasSize(9).allSatisfy(fold -> {
            assertThat(fold.train()).isNotEmpty();
            assertThat(dropped(fold)).isLessThan(texts.examples().size() / 50);
        });
        assertThat(ofTexts.leaveQuestionsOut(5, 1)).allSatisfy(fold -> assertThat(dropped(fold))
                .isLessThan(texts.examples().size() / 50));
    }

    @Test
    void leaveOneLlmOut_benchmarkFamilies_haveFolds() {
        assertThat(splits.leaveOneLlmOut(50))
                .extracting(ExampleFold::name)
                .contains("gpt-4", "gpt-3.5", "claude", "llama-2", "vicuna");
    }
}
