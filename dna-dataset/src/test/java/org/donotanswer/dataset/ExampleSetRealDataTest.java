package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Function;
import org.donotanswer.dataset.RealDataDirectories.Kind;
import org.donotanswer.dataset.SourceStatistics.FlagCounts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RealData({Kind.SAFETY_DATA, Kind.CONTRAST_DATA})
class ExampleSetRealDataTest {
    private static ExampleSet safety;
    private static ExampleSet contrast;

    @BeforeAll
    static void load() throws IOException {
        safety = ExampleSet.load(RealDataDirectories.safetyData());
        contrast = ExampleSet.load(RealDataDirectories.contrastData());
    }

    private static <T> long count(ExampleSet set, Function<LabelledExample, Optional<T>> label, T value) {
        return set.examples().stream()
                .filter(example -> label.apply(example).equals(Optional.of(value)))
                .count();
    }

    @Test
    void load_safetyData_hasTheKnownCounts() {
        assertThat(safety.examples()).hasSize(40_175);
        assertThat(safety.exchanges()).hasSize(40_175 - 4_853);
        assertThat(safety.sources()).hasSize(15);
        assertThat(safety.checksums()).hasSize(15).containsKey("safety-data/gptfuzz.jsonl");
        assertThat(count(safety, LabelledExample::harmful, true)).isEqualTo(9_741);
        assertThat(count(safety, LabelledExample::refusal, true)).isEqualTo(5_282);
        assertThat(safety.contradictions()).isEmpty();
    }

    @Test
    void load_contrastData_hasTheKnownCounts() {
        assertThat(contrast.examples()).hasSize(9_452);
        assertThat(contrast.exchanges()).hasSize(9_452);
        assertThat(contrast.sources()).hasSize(12);
        assertThat(contrast.examples().stream().map(LabelledExample::groupKey).distinct())
                .hasSize(1_714);
        assertThat(count(contrast, LabelledExample::harmful, true)).isEqualTo(2_981);
        assertThat(count(contrast, LabelledExample::refusal, true)).isEqualTo(2_311);
        assertThat(count(contrast, LabelledExample::instructionRisky, true)).isEqualTo(6_273);
        assertThat(contrast.contradictions()).isEmpty();
    }

    @Test
    void excludingLicences_nonCommercial_keepsTheOtherCategoriesOfInstructions() {
        ExampleSet free = safety.excludingLicences(List.of("NC"));
        assertThat(free.sources()).hasSize(13).doesNotContain("alpaca-eval-more", "safe-rlhf-mini");
        assertThat(free.examples())
                .filteredOn(example -> example.source().equals("instructions"))
                .hasSize(4_853 - 1_500 - 181);
    }

    @Test
    @RealData(Kind.INJECTION_DATA)
    void load_injectionData_hasTheHarmlessTexts() throws IOException {
        ExampleSet set = ExampleSet.load(RealDataDirectories.injectionData());
        assertThat(set.examples()).hasSize(11_686);
        assertThat(set.exchanges()).hasSize(9_219);
        assertThat(set.skippedInjections().values().stream().mapToInt(Integer::intValue))
                .hasSize(12)
                .satisfies(counts -> assertThat(
                                counts.stream().mapToInt(Integer::intValue).sum())
                        .isEqualTo(10_459));
        assertThat(set.sources())
                .containsExactly(
                        "atr",
                        "deepset",
                        "docs",
                        "emails",
                        "injecagent",
                        "neuralchemy",
                        "roleplay",
                        "sep",
                        "tools-benign");
        Set<String> files = new HashSet<>(set.checksums().keySet());
        files.addAll(set.skippedInjections().keySet());
        assertThat(files).hasSize(16);
        assertThat(set.examples())
                .allMatch(example ->
                        example.hasInstruction() != example.response().isPresent())
                .noneMatch(example -> example.harmful().orElse(false)
                        || example.instructionRisky().orElse(false));
        assertThat(set.contradictions()).isEmpty();
        assertThat(set.statistics().bySource().get("docs").licences())
                .containsEntry("SAFE-MCP, tldr CC BY 4.0", 650)
                .containsEntry("Prompt-Engineering-Guide, llm-guard, MCP servers MIT", 489);
    }

    @Test
    void statistics_safetyData_areThoseOfItsReadme() {
        SortedMap<String, SourceStatistics> bySource = safety.statistics().bySource();
        assertThat(bySource.get("salad-vlm").harmful()).isEqualTo(new FlagCounts(1_736, 2_442, 0));
        assertThat(bySource.get("salad-vlm").refusal()).isEqualTo(new FlagCounts(2_492, 1_686, 0));
        assertThat(bySource.get("speechmap").refusal()).isEqualTo(new FlagCounts(164, 1_313, 377));
        assertThat(bySource.get("instructions").instructionRisky()).isEqualTo(new FlagCounts(3_823, 1_030, 0));
        assertThat(bySource.get("instructions").exchanges()).isZero();
        assertThat(bySource.get("diasafety").labelledBy()).containsOnly(Map.entry("human", 6_000));
        assertThat(safety.statistics().describe()).hasLineCount(17);
    }
}
