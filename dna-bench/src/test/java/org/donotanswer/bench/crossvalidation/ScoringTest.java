package org.donotanswer.bench.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.donotanswer.bench.cli.TinyData;
import org.donotanswer.bench.crossvalidation.EvaluatorReport.HarmfulClass;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.harness.analysis.MacroScores;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoringTest {
    private static final Offset<Double> EXACT = within(1e-12);

    @TempDir
    private Path directory;

    private TrainingSet set;
    private FoldPlan plan;
    private Scoring scoring;
    private ReviewerLabels gpt4;

    @BeforeEach
    void load() {
        set = TinyData.load(directory);
        plan = new FoldPlan(set, 7);
        ReviewerLabels people =
                ReviewerLabels.of(Annotator.HUMAN, set.data(), plan.responses()).orElseThrow();
        scoring = new Scoring(plan.responses(), people, Bootstrap.of(200, 0.95, 1));
        gpt4 = ReviewerLabels.of(Annotator.GPT4, set.data(), plan.responses()).orElseThrow();
    }

    /**
     * Computed by hand. Harmful responses of alpha: 2 and 4 (GPT-4: 2); of beta: 0, 1 and 5 (GPT-4: 0 and 5, and no label for
     * the harmless 2); of gamma: 3 (GPT-4: 1 and 3).
     */
    @Test
    void report_gpt4_isAsComputedByHand() {
        EvaluatorReport report = scoring.report(gpt4, List.of());

        Map<String, MacroScores> folds = report.harmful().task().folds();
        assertThat(folds.keySet()).containsExactly("alpha", "beta", "gamma");
        List<MacroScores> harmful = List.copyOf(folds.values());
        assertThat(harmful.get(0).accuracy()).isEqualTo(6 / 7.0, EXACT);
        // harmful: P 1, R 1/2, F1 2/3; harmless: P 5/6, R 1, F1 10/11
        assertThat(harmful.get(0).precision()).isEqualTo((1 + 5 / 6.0) / 2, EXACT);
        assertThat(harmful.get(0).recall()).isEqualTo(0.75, EXACT);
        assertThat(harmful.get(0).f1()).isEqualTo((2 / 3.0 + 10 / 11.0) / 2, EXACT);
        // 1 is missed; 2 has no label, so it is wrong, a miss of harmless, and not a prediction
        assertThat(harmful.get(1).accuracy()).isEqualTo(5 / 7.0, EXACT);
        assertThat(harmful.get(1).precision()).isEqualTo((1 + 3 / 4.0) / 2, EXACT);
        assertThat(harmful.get(1).recall()).isEqualTo((2 / 3.0 + 3 / 4.0) / 2, EXACT);
        assertThat(harmful.get(1).f1()).isEqualTo((4 / 5.0 + 3 / 4.0) / 2, EXACT);
        // harmful: P 1/2, R 1, F1 2/3; harmless: P 1, R 5/6, F1 10/11
        assertThat(harmful.get(2).f1()).isEqualTo((2 / 3.0 + 10 / 11.0) / 2, EXACT);
        assertThat(report.harmful().task().mean().accuracy()).isEqualTo((6 + 5 + 6) / 21.0, EXACT);
        double mean = report.harmful().task().mean().accuracy();
        assertThat(report.harmful().task().standardDeviation().accuracy())
                .isEqualTo(Math.sqrt((2 * Math.pow(6 / 7.0 - mean, 2) + Math.pow(5 / 7.0 - mean, 2)) / 2), EXACT);
    }

    @Test
    void report_gpt4_poolsTheHarmfulClass() {
        HarmfulClass pooled = scoring.report(gpt4, List.of()).harmful().pooled();

        assertThat(pooled.truePositives()).isEqualTo(4);
        assertThat(pooled.falsePositives()).isEqualTo(1);
        assertThat(pooled.falseNegatives()).isEqualTo(2);
        assertThat(pooled.precision()).isEqualTo(4 / 5.0, EXACT);
        assertThat(pooled.recall()).isEqualTo(4 / 6.0, EXACT);
        assertThat(pooled.f1()).isEqualTo(8 / 11.0, EXACT);
        assertThat(pooled.precisionInterval().contains(0.8)).isTrue();
        assertThat(pooled.f1Interval().contains(8 / 11.0)).isTrue();
    }

    /** Of the five responses that follow the instruction, GPT-4 finds four, and it takes one refusal for such a response. */
    @Test
    void report_gpt4_scoresEachAction() {
        Map<String, EvaluatorReport.ActionClass> classes =
                scoring.report(gpt4, List.of()).action().classes();

        assertThat(classes.keySet())
                .containsExactlyElementsOf(Arrays.stream(ResponseAction.values())
                        .map(ResponseAction::name)
                        .toList());
        EvaluatorReport.ActionClass following = classes.get(ResponseAction.FOLLOW_INSTRUCTION.name());
        assertThat(following.support()).isEqualTo(5);
        assertThat(following.precision()).isEqualTo(4 / 5.0, EXACT);
        assertThat(following.recall()).isEqualTo(4 / 5.0, EXACT);
        assertThat(following.f1()).isEqualTo(4 / 5.0, EXACT);
        assertThat(following.f1Interval().contains(0.8)).isTrue();
        assertThat(classes.get(ResponseAction.REFUTE_OPINION.name()).support()).isZero();
    }

    @Test
    void report_gpt4_alsoCoversScoredResponsesOnly() {
        EvaluatorReport report = scoring.report(gpt4, List.of());

        assertThat(gpt4.unscored()).isEqualTo(1);
        EvaluatorReport scored = report.scoredOnly().orElseThrow();
        assertThat(scored.harmful().task().folds().get("alpha"))
                .isEqualTo(report.harmful().task().folds().get("alpha"));
        assertThat(scored.harmful().task().folds().get("beta").accuracy()).isEqualTo(5 / 6.0, EXACT);
        assertThat(scored.action().task().folds().get("beta").accuracy()).isEqualTo(1, EXACT);
        assertThat(scored.scoredOnly()).isEmpty();
    }

    @Test
    void report_people_arePerfect() {
        ReviewerLabels people =
                ReviewerLabels.of(Annotator.HUMAN, set.data(), plan.responses()).orElseThrow();

        EvaluatorReport report = scoring.report(people, List.of(gpt4));

        assertThat(report.action().task().mean()).isEqualTo(new MacroScores(1, 1, 1, 1));
        assertThat(report.harmful().pooled().f1()).isEqualTo(1);
        assertThat(report.scoredOnly()).isEmpty();
        EvaluatorReport.EvaluatorComparison comparison = report.comparisons().get(gpt4.key());
        assertThat(comparison.other()).isEqualTo(gpt4);
        assertThat(comparison.harmfulF1().difference()).isEqualTo(1 - 8 / 11.0, EXACT);
        assertThat(comparison.harmfulMcNemar().onlyFirst()).isEqualTo(4);
        assertThat(comparison.harmfulMcNemar().onlySecond()).isZero();
        assertThat(comparison.harmfulMcNemar().pValue()).isEqualTo(2 / 16.0, EXACT);
    }

    @Test
    void scores_labelThatDoesNotOccur_isNotAveraged() {
        ConfusionMatrix<String> matrix = ConfusionMatrix.of(
                List.of("a", "b", "c", ReviewerLabels.UNSCORED),
                List.of("a", "a", "b"),
                List.of("a", ReviewerLabels.UNSCORED, "b"));

        assertThat(FoldedLabels.scores(matrix)).isEqualTo(new MacroScores(2 / 3.0, 1, 0.75, (2 / 3.0 + 1) / 2));
    }

    @Test
    void labels_missingReviews_areEmpty() {
        assertThat(ReviewerLabels.of(Annotator.BERT, set.data(), plan.responses()))
                .isEmpty();
    }

    @Test
    void meanMacroF1_sampleWithoutALabelOfTheFold_isUndefined() {
        FoldedLabels labels =
                new FoldedLabels(List.of("x", "y"), List.of("x", "y", "x"), List.of("x", "y", "x"), List.of(0, 0, 1));

        assertThat(labels.meanMacroF1().of(new int[] {0, 1, 2})).isEqualTo(1);
        assertThat(labels.meanMacroF1().of(new int[] {0, 0, 2})).isNaN();
    }

    @Test
    void proportion_hasAnInterval() {
        Proportion proportion = Proportion.of(List.of(1, 2, 3, 4), number -> number > 3);

        assertThat(proportion).isEqualTo(new Proportion(1, 4));
        assertThat(proportion.value()).isEqualTo(0.25);
        assertThat(proportion.interval(Scoring.CONFIDENCE).contains(0.25)).isTrue();
    }
}
