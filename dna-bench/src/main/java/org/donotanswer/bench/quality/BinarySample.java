package org.donotanswer.bench.quality;

import com.google.common.primitives.Booleans;
import com.google.common.primitives.Doubles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.metrics.SampleStatistic;
import org.donotanswer.metrics.Scores;

/** Probabilities of a label with two classes, next to the labels. Immutable, hence thread-safe. */
final class BinarySample {
    private final double[] probabilities;
    private final boolean[] outcomes;
    private final List<String> groups;
    private final long unscored;

    private BinarySample(double[] probabilities, boolean[] outcomes, List<String> groups, long unscored) {
        this.probabilities = probabilities;
        this.outcomes = outcomes;
        this.groups = List.copyOf(groups);
        this.unscored = unscored;
    }

    /** The figures of {@link BinaryFigures} as functions of the examples that are drawn, for the bootstrap. */
    record Statistics(
            SampleStatistic auc,
            SampleStatistic f1,
            SampleStatistic bestF1,
            SampleStatistic precision,
            SampleStatistic recall,
            SampleStatistic falsePositiveRate,
            SampleStatistic recallAtFewFalseAlarms,
            SampleStatistic logLoss,
            SampleStatistic calibrationError) {}

    /** Returns the predictions that have the label and were scored. */
    static BinarySample of(List<Prediction> predictions, Target target) {
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
        return new BinarySample(Doubles.toArray(probabilities), Booleans.toArray(outcomes), groups, unscored);
    }

    /** Returns what examples share that are not independent of each other, for each of them. */
    List<String> groups() {
        return groups;
    }

    long positives() {
        return Booleans.countTrue(outcomes);
    }

    long negatives() {
        return outcomes.length - positives();
    }

    /** Returns how many labelled examples were not scored. */
    long unscored() {
        return unscored;
    }

    /** Returns the logarithmic loss of the proportion of positives as probability. */
    double baseLogLoss() {
        double[] base = new double[outcomes.length];
        Arrays.fill(base, (double) positives() / outcomes.length);
        return Scores.logLoss(base, outcomes);
    }

    Statistics statistics() {
        return new Statistics(
                SampleStatistic.ofRocAuc(probabilities, outcomes),
                ofMatrix(report -> report.scores(true).f1()),
                new BestF1(probabilities, outcomes),
                ofMatrix(report -> report.scores(true).precision()),
                ofMatrix(report -> report.scores(true).recall()),
                ofMatrix(report -> 1 - report.scores(false).recall()),
                items -> Scores.truePositiveRateAt(probabilities(items), outcomes(items), BinaryFigures.FEW),
                SampleStatistic.ofMean(logLosses()),
                items -> Reliability.of(
                                probabilities(items),
                                outcomes(items),
                                BinaryFigures.BINS,
                                Reliability.Binning.EQUAL_WIDTH)
                        .expectedCalibrationError());
    }

    /** Returns the means of the figures of several samples, whose examples are numbered one sample after the other. */
    static Statistics meanStatistics(List<BinarySample> samples) {
        List<Statistics> all = samples.stream().map(BinarySample::statistics).toList();
        Function<Function<Statistics, SampleStatistic>, SampleStatistic> mean =
                figure -> mean(samples, all.stream().map(figure).toList());
        return new Statistics(
                mean.apply(Statistics::auc),
                mean.apply(Statistics::f1),
                mean.apply(Statistics::bestF1),
                mean.apply(Statistics::precision),
                mean.apply(Statistics::recall),
                mean.apply(Statistics::falsePositiveRate),
                mean.apply(Statistics::recallAtFewFalseAlarms),
                mean.apply(Statistics::logLoss),
                mean.apply(Statistics::calibrationError));
    }

    private static SampleStatistic mean(List<BinarySample> samples, List<SampleStatistic> figures) {
        return items -> {
            double sum = 0;
            int start = 0;
            for (int i = 0; i < samples.size(); i++) {
                int first = start;
                int end = start + samples.get(i).outcomes.length;
                sum += figures.get(i)
                        .of(Arrays.stream(items)
                                .filter(item -> item >= first && item < end)
                                .map(item -> item - first)
                                .toArray());
                start = end;
            }
            return sum / samples.size();
        };
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
