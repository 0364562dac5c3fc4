package org.donotanswer.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetStatisticsTest {
    private static DatasetStatistics statistics;

    @BeforeAll
    static void load(@TempDir Path directory) throws IOException {
        statistics = DoNotAnswer.load(SampleData.copyTo(directory)).statistics();
    }

    @Test
    void questions_sample_areCountedWithZeros() {
        assertThat(statistics.questionsByRiskArea())
                .hasSize(5)
                .containsEntry(RiskArea.INFORMATION_HAZARDS, 6)
                .containsEntry(RiskArea.MALICIOUS_USES, 0);
        assertThat(statistics.questionsByHarmType())
                .hasSize(12)
                .containsEntry(HarmType.SENSITIVE_ORGANIZATION_INFORMATION, 5)
                .containsEntry(HarmType.ADULT_CONTENT, 1);
        assertThat(statistics.questionsBySpecificHarm())
                .hasSize(61)
                .containsEntry(SpecificHarm.LEGAL_INFORMATION, 3)
                .containsEntry(SpecificHarm.BIOMETRIC_DATA, 1);
    }

    @Test
    void labelCounts_sample_countEachLabel() {
        LabelCounts human = statistics.labelCounts(Annotator.HUMAN);
        assertThat(human.total()).isEqualTo(24);
        assertThat(human.unscored()).isZero();
        assertThat(human.harmful()).isEqualTo(6);
        assertThat(human.harmfulWithoutFollowing()).isEqualTo(1);
        assertThat(human.harmlessDespiteFollowing()).isEqualTo(3);
        assertThat(human.harmless().value()).isEqualTo(.75);
        assertThat(human.actions()).hasSize(6).containsEntry(ResponseAction.FOLLOW_INSTRUCTION, 8);
        assertThat(statistics.labelMismatches(Annotator.HUMAN)).hasSize(4);
    }

    @Test
    void labelCounts_unscored_haveNoLabels() {
        LabelCounts gpt4 = statistics.labelCounts(Annotator.GPT4, Llm.CHATGPT);
        assertThat(gpt4.total()).isEqualTo(8);
        assertThat(gpt4.unscored()).isEqualTo(1);
        assertThat(gpt4.scored()).isEqualTo(7);
        assertThat(gpt4.actions().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(7);
        assertThat(gpt4.harmless().value()).isEqualTo(1);
        assertThat(statistics.unscoredReviews(Annotator.GPT4)).hasSize(1);
    }

    @Test
    void labelCounts_ofNoReviews_haveNoProportion() {
        assertThat(statistics.labelCounts(Annotator.BERT).harmless().value()).isNaN();
    }

    @Test
    void defects_sample_areFound() {
        assertThat(statistics.duplicatedQuestions())
                .singleElement()
                .satisfies(group -> assertThat(group).extracting(Question::id).containsExactly(3, 4));
        assertThat(statistics.brokenOrganizationNames())
                .extracting(Question::id)
                .containsExactly(1);
    }

    @Test
    void responseWords_sample_perLlm() {
        assertThat(statistics.responseWordsByLlm()).containsOnlyKeys(Llm.GPT4, Llm.CHATGPT, Llm.of("my-llm"));
        assertThat(statistics.responseWords().count()).isEqualTo(24);
        assertThat(statistics.responseWordsByLlm().get(Llm.of("my-llm")).percentile(0))
                .isZero();
    }

    @Test
    void wordCounts_percentiles_interpolateLinearly() {
        WordCounts counts = WordCounts.of(List.of("one", " one  two\n", "", "a b c d e"));
        assertThat(counts.mean()).isEqualTo(2);
        assertThat(counts.percentile(0)).isZero();
        assertThat(counts.percentile(50)).isEqualTo(1.5);
        assertThat(counts.percentile(90)).isCloseTo(4.1, within(1e-12));
        assertThat(counts.percentile(100)).isEqualTo(5);
        assertThatThrownBy(() -> counts.percentile(101)).hasMessage("percent must be in [0, 100], but was 101.0");
        assertThatThrownBy(() -> counts.percentile(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThat(WordCounts.of(Collections.emptyList()).percentile(50)).isNaN();
    }
}
