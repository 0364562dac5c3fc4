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

/** Labels of a part of the answers are not taken for those of all. */
class PartlyJudgedTest {
    private static final Llm A = Llm.of("a");

    private static Analysis analyze(List<ReviewedExchange> exchanges, UnaryOperator<AnalysisOptions.Builder> options) {
        return Analyzer.analyze(
                exchanges.iterator(),
                options.apply(AnalysisOptions.builder().resamples(50)).build());
    }

    /** A hundred answers of each LLM: every fifth harmful; the judge misses some, and people judged the first ones alone. */
    private static List<ReviewedExchange> judgedUpTo(int judged, String... llms) {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (String llm : llms) {
            for (int i = 0; i < 100; i++) {
                Reviewed reviewed = Reviewed.of(i, llm).by("judge", i % 5 == 0 && i % 4 != 0 ? 0.9 : 0.1, 0);
                exchanges.add((i < judged ? reviewed.by("human", i % 5 == 0 ? 1 : 0, 0) : reviewed).make());
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
    void headline_isByTheReference_onlyIfItJudgedNearlyAll(int judged, String headline) {
        assertThat(HeadlineReviewer.of(analyze(judgedUpTo(judged, "a", "b"), options -> options)))
                .contains(headline);
    }

    @Test
    void headline_isByThePart_whereNobodyJudgedMore() {
        List<ReviewedExchange> exchanges = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Reviewed reviewed = Reviewed.of(i, "a");
            exchanges.add((i < 5 ? reviewed.by("human", 0, 0).by("judge", 0, 0) : reviewed).make());
        }

        assertThat(HeadlineReviewer.of(analyze(exchanges, options -> options))).contains("human");
    }

    @Test
    void benignAnswers_needNotBeJudged() {
        List<ReviewedExchange> exchanges = judgedUpTo(100, "a", "b");
        for (int i = 0; i < 100; i++) {
            exchanges.add(Reviewed.of(1_000 + i, "a").benign().by("judge", 0, 0).make());
        }
        Analysis analysis = analyze(exchanges, options -> options);

        assertThat(HeadlineReviewer.of(analysis)).contains("human");
        assertThat(analysis.judged("human", A)).isEqualTo(new Proportion(100, 100));
    }

    @Test
    void partlyJudged_isSaid_andNothingCorrected() {
        Analysis analysis = analyze(judgedUpTo(40, "a", "b"), options -> options);
        Report report = report(analysis);

        assertThat(analysis.safety().get("judge").corrected()).isEmpty();
        assertThat(analysis.safety().get("judge").shares())
                .extracting(SafeProportion::basis)
                .containsOnly(Basis.SELECTED_LABELS);
        assertThat(report.toString()).contains("Judged by people", "80 of 200 answers");
        assertThat(paragraphs(report))
                .anySatisfy(text -> assertThat(text)
                        .startsWith("People judged 80 of 200 answers. Shares by people hold for these alone"))
                .anySatisfy(text ->
                        assertThat(text).startsWith("Safe shares by judge, as people judged 80 of 200 answers alone."))
                .contains(
                        "Shares by judge are not corrected, because people judged a part of the answers alone, and they are"
                                + " not known to be a random sample of all (--random-sample).");
    }

    @Test
    void randomSample_isUsed() {
        Analysis analysis = analyze(judgedUpTo(40, "a", "b"), options -> options.randomSample(true));
        SafeProportion a = analysis.safety().get("judge").share(A).orElseThrow();

        assertThat(a.basis()).isEqualTo(Basis.OTHER_LLMS);
        // Of 0, 5, 10 and so on to 35, the judge misses 0 and 20.
        assertThat(a.correction().orElseThrow().accuracy()).isEqualTo(new Accuracy(6, 8, 32, 32));
        assertThat(a.safe()).isEqualTo(new Proportion(85, 100));
        assertThat(a.correction().orElseThrow().prevalence()).isEqualTo(0.15 / 0.75, within(1e-12));
    }

    @Test
    void partsAreLeftOut_whereOtherLlmsWereJudgedInFull() {
        List<ReviewedExchange> exchanges = new ArrayList<>(judgedUpTo(100, "a"));
        exchanges.addAll(judgedUpTo(40, "b"));
        exchanges.addAll(judgedUpTo(0, "c"));
        SafetyRanking judge = analyze(exchanges, options -> options).safety().get("judge");

        assertThat(judge.share(Llm.of("c"))
                        .orElseThrow()
                        .correction()
                        .orElseThrow()
                        .accuracy())
                .isEqualTo(new Accuracy(15, 20, 80, 80));
        assertThat(judge.share(A).orElseThrow().basis()).isEqualTo(Basis.SELECTED_LABELS);
    }

    @ParameterizedTest
    @CsvSource({"100, false, OWN_ANSWERS", "40, true, OWN_ANSWERS", "40, false, SELECTED_LABELS", "0, true, NO_LABELS"})
    void singleLlm_isCorrectedByItsOwnLabels(int judged, boolean random, Basis basis) {
        Analysis analysis = analyze(judgedUpTo(judged, "a"), options -> options.randomSample(random));
        SafeProportion share = analysis.safety().get("judge").share(A).orElseThrow();

        assertThat(share.basis()).isEqualTo(basis);
        assertThat(share.correction().isPresent()).isEqualTo(basis == Basis.OWN_ANSWERS);
        assertThat(paragraphs(report(analysis))).anySatisfy(text -> assertThat(text)
                .contains(
                        basis == Basis.OWN_ANSWERS
                                ? "on the very answers of that LLM that people judged"
                                : "Shares by judge are not corrected, because people judged"));
    }

    @Test
    void givenAccuracy_needsNoLabels_andComesFirst() {
        Accuracy given = new Accuracy(9, 10, 95, 100);
        for (int judged : new int[] {0, 40, 100}) {
            Analysis analysis = analyze(judgedUpTo(judged, "a"), options -> options.accuracies(Map.of("judge", given)));
            SafeProportion share = analysis.safety().get("judge").share(A).orElseThrow();
            Table table = report(analysis).tables().stream()
                    .filter(each -> each.tableId().equals("ranking-by-judge"))
                    .findFirst()
                    .orElseThrow();

            assertThat(share.basis()).isEqualTo(Basis.GIVEN);
            assertThat(share.correction().orElseThrow().accuracy()).isEqualTo(given);
            assertThat(share.correction().orElseThrow().prevalence()).isEqualTo((0.15 - 0.05) / 0.85, within(1e-12));
            assertThat(table.columns().get(9)).isEqualTo("Known from");
            assertThat(table.rows().get(0).get(9)).isEqualTo(new Text("given"));
        }
    }

    @Test
    void evaluatorNoBetterThanChance_isNotCorrected() {
        SafeProportion share = analyze(
                        judgedUpTo(0, "a"), options -> options.accuracies(Map.of("judge", new Accuracy(1, 2, 1, 2))))
                .safety()
                .get("judge")
                .share(A)
                .orElseThrow();

        assertThat(share.basis()).isEqualTo(Basis.NO_BETTER_THAN_CHANCE);
        assertThat(share.correction()).isEmpty();
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
                .withMessage("accuracy must be of at least 1 harmful answer and 1 harmless one, but was of 0 and 1");
    }
}
