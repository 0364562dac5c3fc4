package org.donotanswer.harness.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassScores;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.PoissonBootstrap;
import org.donotanswer.metrics.ZeroDivision;

/** Computes agreement with the reference, and differences between evaluators, from counts. */
final class AgreementAssembler {
    /** Up to this proportion of responses labelled by only one of two evaluators, they are compared as pairs. */
    private static final double MAX_UNPAIRED = 0.01;

    private final PoissonBootstrap bootstrap;
    private final ZeroDivision zeroDivision;
    private final Map<String, EvaluatorAgreement> agreements = new LinkedHashMap<>();
    private final Map<String, ResampledScores> resamples = new LinkedHashMap<>();

    AgreementAssembler(AnalysisOptions options, Collection<ReviewerTally> reviewers) {
        this.bootstrap = options.bootstrap();
        this.zeroDivision = options.unscoredHandling().zeroDivision();
        reviewers.stream()
                .filter(reviewer ->
                        !reviewer.actions().isEmpty() || !reviewer.harmful().isEmpty())
                .forEach(this::add);
    }

    /** The scores of the resamples by which evaluators are compared. */
    @SuppressWarnings("ArrayRecordComponent")
    private record ResampledScores(double[] actionMacroF1, double[] harmfulMacroF1, double[] harmfulF1) {}

    Map<String, EvaluatorAgreement> agreements() {
        return agreements;
    }

    private void add(ReviewerTally reviewer) {
        LabelTally<Boolean> harmful = reviewer.harmful();
        ResampledScores resampled = new ResampledScores(
                reviewer.actions().resampled(this::macroF1),
                harmful.resampled(this::macroF1),
                harmful.resampled(matrix -> harmfulScores(matrix).f1()));
        resamples.put(reviewer.name(), resampled);
        ConfusionMatrix<Boolean> pooled = harmful.pooled();
        long hits = pooled.truePositives(true);
        agreements.put(
                reviewer.name(),
                new EvaluatorAgreement(
                        reviewer.name(),
                        agreement(reviewer.actions(), resampled.actionMacroF1()),
                        agreement(harmful, resampled.harmfulMacroF1()),
                        harmfulScore(harmful, ClassScores::precision, hits, pooled.predicted(true)),
                        harmfulScore(harmful, ClassScores::recall, hits, pooled.support(true)),
                        WilsonEnvelope.ofF1(
                                bootstrap.estimate(harmfulScores(pooled).f1(), resampled.harmfulF1()),
                                hits,
                                pooled.falsePositives(true) + pooled.falseNegatives(true),
                                bootstrap.confidence())));
    }

    private Estimate harmfulScore(
            LabelTally<Boolean> harmful, ToDoubleFunction<ClassScores> score, long count, long total) {
        ToDoubleFunction<ConfusionMatrix<Boolean>> ofMatrix = matrix -> score.applyAsDouble(harmfulScores(matrix));
        return WilsonEnvelope.ofProportion(
                bootstrap.estimate(ofMatrix.applyAsDouble(harmful.pooled()), harmful.resampled(ofMatrix)),
                count,
                total,
                bootstrap.confidence());
    }

    private <L> LabelAgreement<L> agreement(LabelTally<L> labels, double[] macroF1) {
        ConfusionMatrix<L> pooled = labels.pooled();
        return new LabelAgreement<>(
                labels.byLlm(),
                pooled,
                zeroDivision,
                WilsonEnvelope.ofProportion(
                        bootstrap.estimate(accuracy(pooled), labels.resampled(AgreementAssembler::accuracy)),
                        pooled.correct(),
                        pooled.total(),
                        bootstrap.confidence()),
                WilsonEnvelope.withoutPoint(bootstrap.estimate(macroF1(pooled), macroF1)));
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

    /** Returns the difference between two evaluators; empty if either has no label in common with the reference. */
    Optional<EvaluatorDifference> difference(String first, String second, DiscordantPairs pairs) {
        if (!agreements.containsKey(first) || !agreements.containsKey(second)) {
            return Optional.empty();
        }
        boolean actionPaired = isPaired(first, second, EvaluatorAgreement::action, pairs.bothAction());
        boolean harmfulPaired = isPaired(first, second, EvaluatorAgreement::harmful, pairs.bothHarmful());
        return Optional.of(new EvaluatorDifference(
                first,
                second,
                pairs.bothAction(),
                pairs.bothHarmful(),
                pairs.action(),
                pairs.harmful(),
                compare(first, second, actionPaired, each -> each.action().macroF1(), ResampledScores::actionMacroF1),
                compare(
                        first,
                        second,
                        harmfulPaired,
                        each -> each.harmful().macroF1(),
                        ResampledScores::harmfulMacroF1),
                compare(first, second, harmfulPaired, EvaluatorAgreement::f1, ResampledScores::harmfulF1)));
    }

    /** Returns whether two evaluators labelled (nearly) the same responses. */
    private boolean isPaired(
            String first, String second, Function<EvaluatorAgreement, LabelAgreement<?>> labels, long both) {
        long either = labels.apply(agreement(first)).pooled().total()
                + labels.apply(agreement(second)).pooled().total()
                - both;
        return either - both <= MAX_UNPAIRED * either;
    }

    private EvaluatorAgreement agreement(String evaluator) {
        return Objects.requireNonNull(agreements.get(evaluator));
    }

    private Comparison compare(
            String first,
            String second,
            boolean paired,
            Function<EvaluatorAgreement, Estimate> estimate,
            Function<ResampledScores, double[]> scores) {
        Comparison comparison = bootstrap.compare(
                estimate.apply(agreement(first)).value(),
                scores.apply(Objects.requireNonNull(resamples.get(first))),
                estimate.apply(agreement(second)).value(),
                scores.apply(Objects.requireNonNull(resamples.get(second))));
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
}
