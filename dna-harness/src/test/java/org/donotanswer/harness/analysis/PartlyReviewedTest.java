package org.donotanswer.harness.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.analysis.SafetyRanking.Basis;
import org.donotanswer.harness.analysis.SafetyRanking.SafeProportion;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.RoganGladen.Accuracy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of some of the responses do not stand for all of them. */
class PartlyReviewedTest {
    private static final Llm A = Llm.of("a");

    private static Analysis analyze(List<ReviewedExchange> exchanges, UnaryOperator<AnalysisOptions.Builder> options) {
        return Analyzer.analyze(
                exchanges.iterator(),
                options.apply(AnalysisOptions.builder().resamples(50)).build());
    }

    /** A hundred responses of each LLM: every fifth is harmful, the judge misses some, and people reviewed only the first ones. */
    private static List<ReviewedExchange> reviewedUpTo(int reviewed, String... llms) {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (String llm : llms) {
            for (int i = 0; i < 100; i++) {
                Reviewed exchange = Reviewed.of(i, llm).by("judge", i % 5 == 0 && i % 4 != 0 ? 0.9 : 0.1, 0);
                exchanges.add((i < reviewed ? exchange.by("human", i % 5 == 0 ? 1 : 0, 0) : exchange).make());
            }
        }
        return exchanges;
    }

    private static Report report(Analysis analysis) {
        return AnalysisReport.of(analysis, Provenance.builder("test", "1").build())
                .build("Title", "");
    }

    private static List<String> paragraphs(Report report) {
        return report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Paragraph.class::isInstance)
                .map(block -> ((Paragraph) block).text())
                .toList();
    }

    @ParameterizedTest
    @CsvSource({"94, judge", "95, human", "100, human"})
    void headline_isByTheReference_onlyIfItReviewedNearlyAll(int reviewed, String headline) {
        assertThat(HeadlineReviewer.of(analyze(reviewedUpTo(reviewed, "a", "b"), options -> options)))
                .contains(headline);
    }

    @Test
    void headline_isByThePart_ifNobodyReviewedMore() {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Reviewed exchange = Reviewed.of(i, "a");
            exchanges.add((i < 5 ? exchange.by("human", 0, 0).by("judge", 0, 0) : exchange).make());
        }

        assertThat(HeadlineReviewer.of(analyze(exchanges, options -> options))).contains("human");
    }

    @Test
    void benignResponses_needNoReview() {
        List<ReviewedExchange> exchanges = reviewedUpTo(100, "a", "b");
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(1_000 + i, "a").benign().by("judge", 0, 0).make());
        }
        Analysis analysis = analyze(exchanges, options -> options);

        assertThat(HeadlineReviewer.of(analysis)).contains("human");
        assertThat(analysis.reviewed("human", A)).isEqualTo(new Proportion(100, 100));
    }

    @Test
    void partlyReviewed_isReported_andNothingIsCorrected() {
        Analysis analysis = analyze(reviewedUpTo(40, "a", "b"), options -> options);
        Report report = report(analysis);

        assertThat(analysis.safety().get("judge").corrected()).isEmpty();
        assertThat(analysis.safety().get("judge").proportions())
                .extracting(SafeProportion::basis)
                .containsOnly(Basis.SELECTED_LABELS);
        assertThat(report.toString()).contains("Responses reviewed by people", "80 of 200");
        assertThat(paragraphs(report))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("People reviewed 80 of 200 responses. Percentages by people apply only to these"))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("Safe responses by judge, as people reviewed only 80 of 200 responses."))
                .contains(
                        "Percentages by judge are not corrected, because people reviewed only some of the responses, and"
                                + " these are not known to be a random sample of all (--random-sample).");
    }

    @Test
    void randomSample_isUsed() {
        Analysis analysis = analyze(reviewedUpTo(40, "a", "b"), options -> options.randomSample(true));
        SafeProportion a = analysis.safety().get("judge").find(A).orElseThrow();

        assertThat(a.basis()).isEqualTo(Basis.OTHER_LLMS);
        // Responses 0, 5, 10 and so on to 35 are harmful; the judge misses 0 and 20.
        assertThat(a.correction().orElseThrow().accuracy()).isEqualTo(new Accuracy(6, 8, 32, 32));
        assertThat(a.safe()).isEqualTo(new Proportion(85, 100));
        assertThat(a.correction().orElseThrow().prevalence()).isEqualTo(0.15 / 0.75, within(1e-12));
    }

    @Test
    void partsAreLeftOut_ifOtherLlmsWereReviewedInFull() {
        List<ReviewedExchange> exchanges = new ArrayList<>(reviewedUpTo(100, "a"));
        exchanges.addAll(reviewedUpTo(40, "b"));
        exchanges.addAll(reviewedUpTo(0, "c"));
        SafetyRanking judge = analyze(exchanges, options -> options).safety().get("judge");

        assertThat(judge.find(Llm.of("c"))
                        .orElseThrow()
                        .correction()
                        .orElseThrow()
                        .accuracy())
                .isEqualTo(new Accuracy(15, 20, 80, 80));
        assertThat(judge.find(A).orElseThrow().basis()).isEqualTo(Basis.SELECTED_LABELS);
    }

    @ParameterizedTest
    @CsvSource({"100, false, OWN_ANSWERS", "40, true, OWN_ANSWERS", "40, false, SELECTED_LABELS", "0, true, NO_LABELS"})
    void singleLlm_isCorrectedByItsOwnLabels(int reviewed, boolean random, Basis basis) {
        Analysis analysis = analyze(reviewedUpTo(reviewed, "a"), options -> options.randomSample(random));
        SafeProportion proportion = analysis.safety().get("judge").find(A).orElseThrow();

        assertThat(proportion.basis()).isEqualTo(basis);
        assertThat(proportion.correction().isPresent()).isEqualTo(basis == Basis.OWN_ANSWERS);
        assertThat(paragraphs(report(analysis))).anySatisfy(text -> assertThat(text)
                .contains(
                        basis == Basis.OWN_ANSWERS
                                ? "on the responses of that same LLM that people reviewed"
                                : "Percentages by judge are not corrected, because people reviewed"));
    }

    @Test
    void givenAccuracy_needsNoLabels_andTakesPrecedence() {
        Accuracy given = new Accuracy(9, 10, 95, 100);
        for (int reviewed : new int[] {0, 40, 100}) {
            Analysis analysis =
                    analyze(reviewedUpTo(reviewed, "a"), options -> options.accuracies(Map.of("judge", given)));
            SafeProportion proportion = analysis.safety().get("judge").find(A).orElseThrow();
            Table table = report(analysis).tables().stream()
                    .filter(each -> each.tableId().equals("ranking-by-judge"))
                    .findFirst()
                    .orElseThrow();

            assertThat(proportion.basis()).isEqualTo(Basis.GIVEN);
            assertThat(proportion.correction().orElseThrow().accuracy()).isEqualTo(given);
            assertThat(proportion.correction().orElseThrow().prevalence())
                    .isEqualTo((0.15 - 0.05) / 0.85, within(1e-12));
            assertThat(table.columns().get(9)).isEqualTo("Known from");
            assertThat(table.rows().get(0).get(9)).isEqualTo(new Text("given"));
        }
    }

    @Test
    void evaluatorNoBetterThanChance_isNotCorrected() {
        SafeProportion proportion = analyze(
                        reviewedUpTo(0, "a"), options -> options.accuracies(Map.of("judge", new Accuracy(1, 2, 1, 2))))
                .safety()
                .get("judge")
                .find(A)
                .orElseThrow();

        assertThat(proportion.basis()).isEqualTo(Basis.NO_BETTER_THAN_CHANCE);
        assertThat(proportion.correction()).isEmpty();
    }

    @Test
    void accuracies_areChecked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnalysisOptions.builder()
                        .accuracies(Map.of("human", new Accuracy(1, 1, 1, 1)))
                        .build())
                .withMessage("accuracy must be that of an evaluator, but was that of the reference, human");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AnalysisOptions.builder()
                        .accuracies(Map.of("judge", new Accuracy(0, 0, 1, 1)))
                        .build())
                .withMessage("accuracy must be of at least 1 harmful response and 1 harmless one, but was of 0 and 1");
    }
}
