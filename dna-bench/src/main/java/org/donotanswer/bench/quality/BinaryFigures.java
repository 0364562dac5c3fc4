package org.donotanswer.bench.quality;

import java.util.List;
import java.util.function.Function;
import org.donotanswer.evaluate.Measure;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.SampleStatistic;

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

    /** The number of bins of the calibration error. */
    static final int BINS = 15;

    private static final Measure UNDEFINED = new Measure(Double.NaN, new Interval(Double.NaN, Double.NaN));

    /** Returns the figures of the predictions that have the label; those without it are left out. */
    static BinaryFigures of(List<Prediction> predictions, Target target, Bootstrap bootstrap) {
        BinarySample sample = BinarySample.of(predictions, target);
        return of(List.of(sample), sample.statistics(), bootstrap);
    }

    /**
     * Returns the mean of each figure over several lists of predictions, each with the same weight, and the sums of the counts.
     */
    static BinaryFigures mean(List<List<Prediction>> lists, Target target, Bootstrap bootstrap) {
        List<BinarySample> samples =
                lists.stream().map(list -> BinarySample.of(list, target)).toList();
        return of(samples, BinarySample.meanStatistics(samples), bootstrap);
    }

    private static BinaryFigures of(
            List<BinarySample> samples, BinarySample.Statistics statistics, Bootstrap bootstrap) {
        List<String> groups =
                samples.stream().flatMap(sample -> sample.groups().stream()).toList();
        Function<SampleStatistic, Measure> measure = statistic -> {
            if (groups.isEmpty()) {
                return UNDEFINED;
            }
            Estimate estimate = bootstrap.estimate(groups, statistic);
            return new Measure(estimate.value(), estimate.interval());
        };
        return new BinaryFigures(
                samples.stream().mapToLong(BinarySample::positives).sum(),
                samples.stream().mapToLong(BinarySample::negatives).sum(),
                samples.stream().mapToLong(BinarySample::unscored).sum(),
                measure.apply(statistics.auc()),
                measure.apply(statistics.f1()),
                measure.apply(statistics.bestF1()),
                measure.apply(statistics.precision()),
                measure.apply(statistics.recall()),
                measure.apply(statistics.falsePositiveRate()),
                measure.apply(statistics.recallAtFewFalseAlarms()),
                measure.apply(statistics.logLoss()),
                samples.stream()
                        .mapToDouble(BinarySample::baseLogLoss)
                        .average()
                        .orElse(Double.NaN),
                mirrored(measure.apply(statistics.calibrationError())));
    }

    private static Measure mirrored(Measure error) {
        Interval interval = error.interval();
        return new Measure(
                error.value(),
                new Interval(
                        Math.max(0, 2 * error.value() - interval.upper()),
                        Math.max(0, 2 * error.value() - interval.lower())));
    }
}
