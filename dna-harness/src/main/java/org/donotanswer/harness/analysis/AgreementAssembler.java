package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.ZeroDivision;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/** Computes agreement with the reference, and differences between evaluators, from counts. */
final class AgreementAssembler {
    private static final List<ResponseAction> ACTIONS = List.of(ResponseAction.values());
    private static final List<Boolean> HARMFUL = List.of(false, true);

    /** Up to this proportion of responses labelled by only one of two evaluators, they are compared as pairs. */
    private static final double MAX_UNPAIRED = 0.01;

    private final AnalysisOptions options;
    private final ZeroDivision zeroDivision;
    private final SortedMap<Llm, Integer> llms;
    private final List<ReviewerTally> reviewers;
    private final @Nullable DiscordantPairs[][] pairs;
    private final Map<String, EvaluatorAgreement> agreements = new LinkedHashMap<>();
    private final Map<String, ResampledScores> resamples = new LinkedHashMap<>();

    AgreementAssembler(
            AnalysisOptions options,
            SortedMap<Llm, Integer> llms,
            List<ReviewerTally> reviewers,
            @Nullable DiscordantPairs[][] pairs) {
        this.options = options;
        this.zeroDivision = options.unscoredHandling().zeroDivision();
        this.llms = llms;
        this.reviewers = reviewers;
        this.pairs = pairs;
        reviewers.forEach(this::conclude);
    }

    /** The scores of the resamples by which evaluators are compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record ResampledScores(double[] actionMacroF1, double[] harmfulMacroF1, double[] harmfulF1) {}

    Map<String, EvaluatorAgreement> agreements() {
        return agreements;
    }

    private void conclude(ReviewerTally reviewer) {
        SortedMap<Llm, ConfusionMatrix<ResponseAction>> actions =
                matrices(reviewer, ACTIONS, ReviewTally::actionMatrix);
        SortedMap<Llm, ConfusionMatrix<Boolean>> harmful = matrices(reviewer, HARMFUL, ReviewTally::harmfulMatrix);
        if (actions.isEmpty() && harmful.isEmpty()) {
            return;
        }
        double[] actionF1 = reviewer.actions().scores(ACTIONS, this::macroF1);
        double[] harmfulMacroF1 = reviewer.harmful().scores(HARMFUL, this::macroF1);
        double[] harmfulF1 = reviewer.harmful()
                .scores(HARMFUL, matrix -> harmfulScores(matrix).f1());
        resamples.put(reviewer.name(), new ResampledScores(actionF1, harmfulMacroF1, harmfulF1));
        ConfusionMatrix<Boolean> pooled = pooled(HARMFUL, harmful);
        ClassScores scores = harmfulScores(pooled);
        long hits = pooled.truePositives(true);
        agreements.put(
                reviewer.name(),
                new EvaluatorAgreement(
                        reviewer.name(),
                        agreement(ACTIONS, actions, reviewer.actions(), actionF1),
                        agreement(HARMFUL, harmful, reviewer.harmful(), harmfulMacroF1),
                        WilsonEnvelope.ofProportion(
                                estimate(scores.precision(), reviewer, ClassScores::precision),
                                hits,
                                hits + pooled.falsePositives(true),
                                options.confidence()),
                        WilsonEnvelope.ofProportion(
                                estimate(scores.recall(), reviewer, ClassScores::recall),
                                hits,
                                pooled.support(true),
                                options.confidence()),
                        WilsonEnvelope.ofF1(
                                options.bootstrap().estimate(scores.f1(), harmfulF1),
                                hits,
                                pooled.falsePositives(true) + pooled.falseNegatives(true),
                                options.confidence())));
    }

    private Estimate estimate(double value, ReviewerTally reviewer, ToDoubleFunction<ClassScores> score) {
        return options.bootstrap()
                .estimate(
                        value,
                        reviewer.harmful().scores(HARMFUL, matrix -> score.applyAsDouble(harmfulScores(matrix))));
    }

    private <L> LabelAgreement<L> agreement(
            List<L> labels, SortedMap<Llm, ConfusionMatrix<L>> byLlm, ResampledMatrix resampled, double[] macroF1) {
        ConfusionMatrix<L> pooled = pooled(labels, byLlm);
        return new LabelAgreement<>(
                byLlm,
                pooled,
                zeroDivision,
                WilsonEnvelope.ofProportion(
                        options.bootstrap()
                                .estimate(accuracy(pooled), resampled.scores(labels, AgreementAssembler::accuracy)),
                        pooled.correct(),
                        pooled.total(),
                        options.confidence()),
                WilsonEnvelope.withoutPoint(options.bootstrap().estimate(macroF1(pooled), macroF1)));
    }

    private static double accuracy(ConfusionMatrix<?> matrix) {
        return (double) matrix.correct() / matrix.total();
    }

    private double macroF1(ConfusionMatrix<?> matrix) {
        return MacroScores.of(matrix, zeroDivision).f1();
    }

    private ClassScores harmfulScores(ConfusionMatrix<Boolean> matrix) {
        return ClassificationReport.of(matrix, zeroDivision).scores(true);
    }

    private <L> SortedMap<Llm, ConfusionMatrix<L>> matrices(
            ReviewerTally reviewer, List<L> labels, Function<ReviewTally, long[][]> counts) {
        SortedMap<Llm, ConfusionMatrix<L>> byLlm = new TreeMap<>();
        llms.forEach((llm, index) -> {
            ReviewTally found = reviewer.find(index);
            if (found != null) {
                ConfusionMatrix<L> matrix = ResampledMatrix.matrix(labels, counts.apply(found));
                if (matrix.total() > 0) {
                    byLlm.put(llm, matrix);
                }
            }
        });
        return byLlm;
    }

    private static <L> ConfusionMatrix<L> pooled(List<L> labels, Map<Llm, ConfusionMatrix<L>> byLlm) {
        return byLlm.values().stream()
                .reduce(ResampledMatrix.matrix(labels, new long[labels.size()][labels.size()]), ConfusionMatrix::plus);
    }

    List<EvaluatorDifference> differences() {
        List<EvaluatorDifference> differences = new ArrayList<>();
        for (int i = 0; i < reviewers.size(); i++) {
            for (int j = i + 1; j < reviewers.size(); j++) {
                DiscordantPairs pair = pairs[i][j];
                if (pair != null) {
                    differences.add(
                            difference(reviewers.get(i).name(), reviewers.get(j).name(), pair));
                }
            }
        }
        return differences;
    }

    private EvaluatorDifference difference(String first, String second, DiscordantPairs pair) {
        boolean actionPaired = isPaired(first, second, EvaluatorAgreement::action, pair.bothAction());
        boolean harmfulPaired = isPaired(first, second, EvaluatorAgreement::harmful, pair.bothHarmful());
        return new EvaluatorDifference(
                first,
                second,
                pair.bothAction(),
                pair.bothHarmful(),
                pair.action(),
                pair.harmful(),
                compare(
                        first,
                        second,
                        actionPaired,
                        agreement -> agreement.action().macroF1(),
                        ResampledScores::actionMacroF1),
                compare(
                        first,
                        second,
                        harmfulPaired,
                        agreement -> agreement.harmful().macroF1(),
                        ResampledScores::harmfulMacroF1),
                compare(first, second, harmfulPaired, EvaluatorAgreement::f1, ResampledScores::harmfulF1));
    }

    /** Returns whether two evaluators labelled (nearly) the same responses. */
    private boolean isPaired(
            String first, String second, Function<EvaluatorAgreement, LabelAgreement<?>> labels, long both) {
        long either = labelled(first, labels) + labelled(second, labels) - both;
        return either - both <= MAX_UNPAIRED * either;
    }

    private long labelled(String name, Function<EvaluatorAgreement, LabelAgreement<?>> labels) {
        EvaluatorAgreement agreement = agreements.get(name);
        return agreement == null ? 0 : labels.apply(agreement).pooled().total();
    }

    private Comparison compare(
            String first,
            String second,
            boolean paired,
            Function<EvaluatorAgreement, Estimate> estimate,
            Function<ResampledScores, double[]> scores) {
        Comparison comparison = options.bootstrap()
                .compare(
                        value(first, estimate),
                        scores.apply(resamplesOf(first)),
                        value(second, estimate),
                        scores.apply(resamplesOf(second)));
        return paired
                ? comparison
                : new Comparison(
                        comparison.first(),
                        comparison.second(),
                        comparison.difference(),
                        new Interval(Double.NaN, Double.NaN),
                        Double.NaN,
                        comparison.undefined());
    }

    private double value(String name, Function<EvaluatorAgreement, Estimate> estimate) {
        EvaluatorAgreement agreement = agreements.get(name);
        return agreement == null ? Double.NaN : estimate.apply(agreement).value();
    }

    private ResampledScores resamplesOf(String name) {
        double[] none = new double[options.bootstrap().resamples()];
        Arrays.fill(none, Double.NaN);
        return resamples.getOrDefault(name, new ResampledScores(none, none, none));
    }
}
