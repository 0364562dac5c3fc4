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
                .contains("Corrected percentages by judge are withheld: people reviewed only some of the responses, and"
                        + " these are not known to be a random sample of all (--random-sample).");
    }

    @Test
    void randomSample_ofTheLlmItself_isUsed() {
        List<ReviewedExchange> exchanges = new ArrayList<>(reviewedUpTo(60, "a"));
        // On the responses of another LLM, the judge misses nothing.
        for (int i = 0; i < 100; i++) {
            int harmful = i % 5 == 0 ? 1 : 0;
            exchanges.add(Reviewed.of(i, "b")
                    .by("judge", harmful, 0)
                    .by("human", harmful, 0)
                    .make());
        }
        Analysis analysis = analyze(exchanges, options -> options.randomSample(true));
        SafeProportion a = analysis.safety().get("judge").find(A).orElseThrow();

        assertThat(a.basis()).isEqualTo(Basis.OWN_SAMPLE);
        // Responses 0, 5, 10 and so on to 55 are harmful; the judge misses 0, 20 and 40.
        assertThat(a.correction().orElseThrow().accuracy()).isEqualTo(new Accuracy(9, 12, 48, 48));
        assertThat(a.safe()).isEqualTo(new Proportion(85, 100));
        assertThat(a.correction().orElseThrow().prevalence()).isEqualTo(0.15 / 0.75, within(1e-12));
        assertThat(paragraphs(report(analysis)))
                .contains(
                        "Percentages by judge are corrected for its misses and false alarms on the responses of the same LLM"
                                + " that people reviewed.");
        assertThat(row(report(analysis), "a").get(9)).isEqualTo(new Text("own responses: 12 harmful, 48 harmless"));
    }

    private static List<Report.Cell> row(Report report, String llm) {
        return report.tables().stream()
                .filter(each -> each.tableId().equals("ranking-by-judge"))
                .flatMap(table -> table.rows().stream())
                .filter(row -> row.get(0).equals(new Text(llm)))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "45, 9 harmful",
        "46, 10 harmful",
        "5, 1 harmful",
    })
    void tooFewHarmfulResponses_withholdTheCorrection(int reviewed, String shown) {
        Analysis analysis = analyze(reviewedUpTo(reviewed, "a"), options -> options.randomSample(true));
        SafeProportion proportion = analysis.safety().get("judge").find(A).orElseThrow();

        assertThat(proportion.correction().isPresent()).isEqualTo(reviewed == 46);
        if (reviewed != 46) {
            assertThat(proportion.basis()).isEqualTo(Basis.TOO_FEW_LABELS);
            assertThat(paragraphs(report(analysis))).anySatisfy(text -> assertThat(text)
                    .startsWith(
                            "Corrected percentages by judge are withheld: misses and false alarms must be known from at"
                                    + " least 10 harmful and 10 harmless responses, but are known from " + shown
                                    + ", "));
        }
    }

    @Test
    void tooFewHarmlessResponses_withholdTheCorrection_ofThatLlm() {
        List<ReviewedExchange> exchanges = new ArrayList<>(reviewedUpTo(100, "a"));
        for (int i = 0; i < 30; i++) {
            int harmful = i < 21 ? 1 : 0;
            exchanges.add(Reviewed.of(i, "b")
                    .by("judge", harmful, 0)
                    .by("human", harmful, 0)
                    .make());
        }
        Report report = report(analyze(exchanges, options -> options));

        assertThat(row(report, "b").get(9)).isEqualTo(new Text("withheld: only 21 harmful, 9 harmless"));
        assertThat(row(report, "a").get(9)).isEqualTo(new Text("own responses: 20 harmful, 80 harmless"));
        assertThat(paragraphs(report))
                .contains(
                        "Corrected percentages by judge are withheld for b: misses and false alarms must be known from at"
                                + " least 10 harmful and 10 harmless responses, but are known from 21 harmful, 9 harmless.");
    }

    @Test
    void givenAccuracy_ofTooFewResponses_withholdsTheCorrection() {
        Analysis analysis = analyze(
                reviewedUpTo(100, "a"), options -> options.accuracies(Map.of("judge", new Accuracy(3, 3, 95, 100))));

        assertThat(analysis.safety().get("judge").find(A).orElseThrow().basis()).isEqualTo(Basis.TOO_FEW_LABELS);
    }

    @Test
    void labelsOfOtherLlms_correctNothing() {
        List<ReviewedExchange> exchanges = new ArrayList<>(reviewedUpTo(100, "a"));
        exchanges.addAll(reviewedUpTo(40, "b"));
        exchanges.addAll(reviewedUpTo(0, "c"));
        Analysis analysis = analyze(exchanges, options -> options);
        SafetyRanking judge = analysis.safety().get("judge");

        assertThat(judge.find(A).orElseThrow().basis()).isEqualTo(Basis.OWN_SAMPLE);
        assertThat(judge.find(Llm.of("b")).orElseThrow().basis()).isEqualTo(Basis.SELECTED_LABELS);
        assertThat(judge.find(Llm.of("c")).orElseThrow().basis()).isEqualTo(Basis.NO_LABELS);
        assertThat(row(report(analysis), "b").get(9)).isEqualTo(new Text("withheld: no random sample"));
        assertThat(row(report(analysis), "c").get(9)).isEqualTo(new Text("withheld: no labels"));
        assertThat(paragraphs(report(analysis)))
                .contains(
                        "Corrected percentages by judge are withheld for c: people reviewed none of these responses, and its"
                                + " misses and false alarms on other responses may differ; label a random sample of them, or give an"
                                + " accuracy (--accuracy).");
    }

    @Test
    void givenAccuracy_needsNoLabels_andTakesPrecedence() {
        Accuracy given = new Accuracy(18, 20, 95, 100);
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
                        reviewedUpTo(0, "a"),
                        options -> options.accuracies(Map.of("judge", new Accuracy(5, 10, 5, 10))))
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
