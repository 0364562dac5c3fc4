package org.donotanswer.bench.quality;

import com.google.common.primitives.Booleans;
import com.google.common.primitives.Doubles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.metrics.SampleStatistic;
import org.donotanswer.metrics.Scores;

/**
 * How well probabilities predict a label with two classes, at the default threshold unless said otherwise. Unscored examples
 * are counted, and in no other figure. Intervals are of a bootstrap of groups of examples. Immutable, hence thread-safe.
 *
 * @param positives how many scored examples have the label
 * @param negatives how many do not
 * @param unscored how many labelled examples were not scored
 * @param auc the area under the receiver operating characteristic
 * @param f1 F1 at the default threshold
 * @param bestF1 F1 at the best threshold for these examples, which a user does not know
 * @param precision the proportion of flagged examples that have the label
 * @param recall the proportion of examples with the label that are flagged
 * @param falsePositiveRate the proportion of examples without the label that are flagged
 * @param recallAtFewFalseAlarms the recall of the threshold that flags at most {@value #FEW} of the examples without the label
 * @param logLoss the logarithmic loss
 * @param baseLogLoss the logarithmic loss of a constant probability, the proportion of positives
 * @param calibrationError the expected calibration error of {@value #BINS} bins of equal width, with a basic bootstrap interval:
 *     the percentile interval mirrored at the figure, as the error of a sample is larger on average than that of all examples
 */
public record BinaryFigures(
        long positives,
        long negatives,
        long unscored,
        Measure auc,
        Measure f1,
        Measure bestF1,
        Measure precision,
        Measure recall,
        Measure falsePositiveRate,
        Measure recallAtFewFalseAlarms,
        Measure logLoss,
        double baseLogLoss,
        Measure calibrationError) {
    /** The proportion of false alarms at which recall is given. */
    static final double FEW = 0.05;

    private static final int BINS = 15;
    private static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

    /** Returns the figures of the predictions that have the label; those without it are left out. */
    static BinaryFigures of(List<Prediction> predictions, Target target, Bootstrap bootstrap) {
        List<Double> probabilities = new ArrayList<>();
        List<Boolean> outcomes = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        long unscored = 0;
        for (Prediction prediction : predictions) {
            OptionalDouble probability = target.probability(prediction);
            if (target.label(prediction).isPresent() && probability.isPresent()) {
                probabilities.add(probability.getAsDouble());
                outcomes.add(target.label(prediction).get());
                groups.add(prediction.example().groupKey());
            } else {
                unscored += target.label(prediction).isPresent() ? 1 : 0;
            }
        }
        return new Calculator(Doubles.toArray(probabilities), Booleans.toArray(outcomes), groups, bootstrap)
                .figures(unscored);
    }

    /** Returns the mean of each figure, without intervals, and the sums of the counts. */
    static BinaryFigures mean(Collection<BinaryFigures> figures) {
        Function<Function<BinaryFigures, Measure>, Measure> mean =
                measure -> new Measure(mean(figures, each -> measure.apply(each).value()), UNKNOWN);
        return new BinaryFigures(
                figures.stream().mapToLong(BinaryFigures::positives).sum(),
                figures.stream().mapToLong(BinaryFigures::negatives).sum(),
                figures.stream().mapToLong(BinaryFigures::unscored).sum(),
                mean.apply(BinaryFigures::auc),
                mean.apply(BinaryFigures::f1),
                mean.apply(BinaryFigures::bestF1),
                mean.apply(BinaryFigures::precision),
                mean.apply(BinaryFigures::recall),
                mean.apply(BinaryFigures::falsePositiveRate),
                mean.apply(BinaryFigures::recallAtFewFalseAlarms),
                mean.apply(BinaryFigures::logLoss),
                mean(figures, BinaryFigures::baseLogLoss),
                mean.apply(BinaryFigures::calibrationError));
    }

    private static double mean(Collection<BinaryFigures> figures, ToDoubleFunction<BinaryFigures> value) {
        return figures.stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /** Computes figures of parallel arrays. */
    private static final class Calculator {
        private final double[] probabilities;
        private final boolean[] outcomes;
        private final List<String> groups;
        private final Bootstrap bootstrap;

        Calculator(double[] probabilities, boolean[] outcomes, List<String> groups, Bootstrap bootstrap) {
            this.probabilities = probabilities;
            this.outcomes = outcomes;
            this.groups = groups;
            this.bootstrap = bootstrap;
        }

        BinaryFigures figures(long unscored) {
            long positives = Booleans.countTrue(outcomes);
            double[] base = new double[outcomes.length];
            Arrays.fill(base, (double) positives / outcomes.length);
            return new BinaryFigures(
                    positives,
                    outcomes.length - positives,
                    unscored,
                    measure(SampleStatistic.ofRocAuc(probabilities, outcomes)),
                    measure(ofMatrix(report -> report.scores(true).f1())),
                    measure(new BestF1(probabilities, outcomes)),
                    measure(ofMatrix(report -> report.scores(true).precision())),
                    measure(ofMatrix(report -> report.scores(true).recall())),
                    measure(ofMatrix(report -> 1 - report.scores(false).recall())),
                    measure(items -> Scores.truePositiveRateAt(probabilities(items), outcomes(items), FEW)),
                    measure(SampleStatistic.ofMean(logLosses())),
                    Scores.logLoss(base, outcomes),
                    calibrationError());
        }

        private SampleStatistic ofMatrix(ToDoubleFunction<ClassificationReport<Boolean>> figure) {
            List<Boolean> flagged = Doubles.asList(probabilities).stream()
                    .map(probability -> probability >= Assessment.DEFAULT_THRESHOLD)
                    .toList();
            ToDoubleFunction<ConfusionMatrix<Boolean>> ofMatrix =
                    matrix -> figure.applyAsDouble(ClassificationReport.of(matrix));
            return SampleStatistic.ofMatrix(List.of(false, true), Booleans.asList(outcomes), flagged, ofMatrix);
        }

        private double[] logLosses() {
            double[] losses = new double[outcomes.length];
            for (int i = 0; i < losses.length; i++) {
                losses[i] = Scores.logLoss(new double[] {probabilities[i]}, new boolean[] {outcomes[i]});
            }
            return losses;
        }

        private Measure calibrationError() {
            Measure error = measure(items -> Reliability.of(
                            probabilities(items), outcomes(items), BINS, Reliability.Binning.EQUAL_WIDTH)
                    .expectedCalibrationError());
            Interval interval = error.interval();
            return new Measure(
                    error.value(),
                    new Interval(
                            Math.max(0, 2 * error.value() - interval.upper()),
                            Math.max(0, 2 * error.value() - interval.lower())));
        }

        private Measure measure(SampleStatistic statistic) {
            if (groups.isEmpty()) {
                return new Measure(Double.NaN, UNKNOWN);
            }
            Estimate estimate = bootstrap.estimate(groups, statistic);
            return new Measure(estimate.value(), estimate.interval());
        }

        private double[] probabilities(int[] items) {
            return Arrays.stream(items).mapToDouble(item -> probabilities[item]).toArray();
        }

        private boolean[] outcomes(int[] items) {
            boolean[] selected = new boolean[items.length];
            for (int i = 0; i < items.length; i++) {
                selected[i] = outcomes[items[i]];
            }
            return selected;
        }
    }
}
