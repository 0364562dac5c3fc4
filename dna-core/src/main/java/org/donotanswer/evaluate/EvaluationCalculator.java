package org.donotanswer.evaluate;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Evaluation.EvaluatedExchange;
import org.donotanswer.evaluate.EvaluationFigures.ClassFigures;
import org.donotanswer.evaluate.EvaluationFigures.FlaggingFigures;
import org.donotanswer.evaluate.EvaluationFigures.HarmfulFigures;
import org.donotanswer.evaluate.EvaluationFigures.LabelCoverage;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.ClassificationReport;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.metrics.SampleStatistic;
import org.donotanswer.metrics.Scores;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;

/** Computes the figures of an evaluation. */
final class EvaluationCalculator {
    private static final int BINS = 10;

    private final double threshold;
    private final Bootstrap bootstrap;

    EvaluationCalculator(EvaluationOptions options) {
        threshold = options.threshold();
        bootstrap = options.bootstrap();
    }

    EvaluationFigures figures(List<EvaluatedExchange> items) {
        Map<UnscoredReason, Long> unscored = new EnumMap<>(UnscoredReason.class);
        for (EvaluatedExchange item : items) {
            if (item.assessment() instanceof Unscored failed) {
                unscored.merge(failed.reason(), 1L, Long::sum);
            }
        }
        return new EvaluationFigures(
                items.size(),
                unscored,
                flags(new Comparison<>(items, LabelledExchange::harmful, EvaluationCalculator::harmful)),
                flags(new Comparison<>(items, LabelledExchange::refusal, EvaluationCalculator::refusal)),
                classes(
                        new Comparison<>(items, LabelledExchange::action, Assessment::action),
                        List.of(ResponseAction.values())),
                classes(
                        new Comparison<>(items, LabelledExchange::harmType, Assessment::harmType),
                        List.of(HarmType.values())));
    }

    private static Optional<Double> harmful(Assessment assessment) {
        return assessment instanceof Scored scored ? boxed(scored.harmful()) : Optional.empty();
    }

    private static Optional<Double> refusal(Assessment assessment) {
        return assessment instanceof Scored scored ? boxed(scored.refusalProbability()) : Optional.empty();
    }

    private static Optional<Double> boxed(OptionalDouble probability) {
        return probability.isPresent() ? Optional.of(probability.getAsDouble()) : Optional.empty();
    }

    /**
     * The labels of the labelled items next to what the evaluator says.
     *
     * @param <L> the labels
     * @param <P> what the evaluator predicts
     */
    private static final class Comparison<L, P> {
        /** Labels and groups of the scored items, then of the unscored ones. */
        final List<L> labels = new ArrayList<>();

        final List<Object> groups = new ArrayList<>();
        /** The predictions of the scored items. */
        final List<P> predictions = new ArrayList<>();

        final LabelCoverage coverage;
        final boolean isGrouped;

        Comparison(
                List<EvaluatedExchange> items,
                Function<LabelledExchange, Optional<L>> label,
                Function<Assessment, Optional<P>> prediction) {
            List<L> unscoredLabels = new ArrayList<>();
            List<Object> unscoredGroups = new ArrayList<>();
            Map<UnscoredReason, Long> unscored = new EnumMap<>(UnscoredReason.class);
            Map<String, Integer> groupSizes = new HashMap<>();
            for (EvaluatedExchange item : items) {
                Optional<L> given = label.apply(item.labelled());
                if (given.isEmpty()) {
                    continue;
                }
                item.labelled().group().ifPresent(group -> groupSizes.merge(group, 1, Integer::sum));
                // An exchange without a group is its own: the object is equal to no other.
                Object group = item.labelled().group().map(Object.class::cast).orElseGet(Object::new);
                Optional<P> predicted = prediction.apply(item.assessment());
                if (predicted.isPresent()) {
                    labels.add(given.get());
                    groups.add(group);
                    predictions.add(predicted.get());
                } else {
                    unscoredLabels.add(given.get());
                    unscoredGroups.add(group);
                    unscored.merge(reason(item.assessment()), 1L, Long::sum);
                }
            }
            labels.addAll(unscoredLabels);
            groups.addAll(unscoredGroups);
            coverage = new LabelCoverage(
                    items.size() - labels.size(), new Proportion(predictions.size(), labels.size()), unscored);
            isGrouped = groupSizes.values().stream().anyMatch(size -> size > 1);
        }

        private static UnscoredReason reason(Assessment assessment) {
            return assessment instanceof Unscored failed ? failed.reason() : UnscoredReason.NOT_SUPPORTED;
        }

        int scored() {
            return predictions.size();
        }

        int labelled() {
            return labels.size();
        }
    }

    /** Returns the figures of a label of two classes. */
    private HarmfulFigures flags(Comparison<Boolean, Double> comparison) {
        int scored = comparison.scored();
        double[] probabilities =
                comparison.predictions.stream().mapToDouble(Double::doubleValue).toArray();
        boolean[] harmful = new boolean[scored];
        double[] logLosses = new double[scored];
        double[] squares = new double[scored];
        for (int i = 0; i < scored; i++) {
            harmful[i] = comparison.labels.get(i);
            double[] probability = {probabilities[i]};
            boolean[] outcome = {harmful[i]};
            logLosses[i] = Scores.logLoss(probability, outcome);
            squares[i] = Scores.brier(probability, outcome);
        }
        Reliability reliability = Reliability.of(probabilities, harmful, BINS, Reliability.Binning.EQUAL_WIDTH);
        return new HarmfulFigures(
                comparison.coverage,
                flagging(comparison, scored, false),
                flagging(comparison, comparison.labelled(), true),
                flagging(comparison, comparison.labelled(), false),
                bootstrapped(comparison, scored, SampleStatistic.ofRocAuc(probabilities, harmful)),
                reliability,
                reliability.expectedCalibrationError(),
                bootstrapped(comparison, scored, SampleStatistic.ofMean(logLosses)),
                bootstrapped(comparison, scored, SampleStatistic.ofMean(squares)));
    }

    /**
     * Returns the figures of the first {@code size} items. Those without a score count as flagged or not, as given.
     */
    private FlaggingFigures flagging(Comparison<Boolean, Double> comparison, int size, boolean flagUnscored) {
        boolean[] harmful = new boolean[size];
        boolean[] flagged = new boolean[size];
        long[][] counts = new long[2][2];
        for (int i = 0; i < size; i++) {
            harmful[i] = comparison.labels.get(i);
            flagged[i] = i < comparison.scored() ? comparison.predictions.get(i) >= threshold : flagUnscored;
            counts[harmful[i] ? 1 : 0][flagged[i] ? 1 : 0]++;
        }
        ConfusionMatrix<Boolean> matrix = ConfusionMatrix.ofCounts(
                List.of(false, true),
                List.of(List.of(counts[0][0], counts[0][1]), List.of(counts[1][0], counts[1][1])));
        return new FlaggingFigures(
                matrix,
                proportion(comparison, size, i -> flagged[i], i -> harmful[i]),
                proportion(comparison, size, i -> harmful[i], i -> flagged[i]),
                bootstrapped(comparison, size, items -> f1(items, harmful, flagged)),
                proportion(comparison, size, i -> !harmful[i], i -> flagged[i]));
    }

    private static double f1(int[] items, boolean[] harmful, boolean[] flagged) {
        long both = 0;
        long either = 0;
        for (int item : items) {
            both += harmful[item] && flagged[item] ? 1 : 0;
            either += (harmful[item] ? 1 : 0) + (flagged[item] ? 1 : 0);
        }
        return 2.0 * both / either;
    }

    private <L extends Enum<L>> ClassFigures<L> classes(Comparison<L, L> comparison, List<L> all) {
        int scored = comparison.scored();
        List<L> gold = comparison.labels.subList(0, scored);
        List<L> predicted = comparison.predictions;
        ConfusionMatrix<L> matrix = ConfusionMatrix.of(all, gold, predicted);
        SampleStatistic macroF1 = SampleStatistic.ofMatrix(
                all, gold, predicted, sample -> report(sample).macro().f1());
        return new ClassFigures<>(
                comparison.coverage,
                matrix,
                report(matrix),
                proportion(comparison, scored, i -> true, i -> gold.get(i) == predicted.get(i)),
                proportion(
                        comparison,
                        comparison.labelled(),
                        i -> true,
                        i -> i < scored && gold.get(i) == predicted.get(i)),
                bootstrapped(comparison, scored, macroF1));
    }

    private static <L> ClassificationReport<L> report(ConfusionMatrix<L> matrix) {
        return ClassificationReport.of(matrix.withoutAbsentLabels());
    }

    /** A condition on the item with an index. */
    private interface Condition {
        boolean test(int item);
    }

    /** Returns how many of the first {@code size} items that are in the base have the property. */
    private Measure proportion(Comparison<?, ?> comparison, int size, Condition base, Condition property) {
        long count = 0;
        long total = 0;
        for (int i = 0; i < size; i++) {
            total += base.test(i) ? 1 : 0;
            count += base.test(i) && property.test(i) ? 1 : 0;
        }
        Proportion proportion = new Proportion(count, total);
        Interval interval = proportion.interval(bootstrap.confidence());
        if (comparison.isGrouped && total > 0) {
            interval = widened(
                    interval,
                    bootstrapped(comparison, size, items -> quotient(items, base, property))
                            .interval());
        }
        return new Measure(proportion.value(), interval);
    }

    private static double quotient(int[] items, Condition base, Condition property) {
        long count = 0;
        long total = 0;
        for (int item : items) {
            if (base.test(item)) {
                total++;
                count += property.test(item) ? 1 : 0;
            }
        }
        return (double) count / total;
    }

    private static Interval widened(Interval interval, Interval other) {
        return Double.isNaN(other.lower())
                ? interval
                : new Interval(Math.min(interval.lower(), other.lower()), Math.max(interval.upper(), other.upper()));
    }

    /** Returns a figure of the first {@code size} items. */
    private Measure bootstrapped(Comparison<?, ?> comparison, int size, SampleStatistic figure) {
        if (size == 0) {
            return Measure.UNDEFINED;
        }
        Bootstrap.Estimate estimate = bootstrap.estimate(comparison.groups.subList(0, size), figure);
        return Double.isNaN(estimate.value()) ? Measure.UNDEFINED : new Measure(estimate.value(), estimate.interval());
    }
}
