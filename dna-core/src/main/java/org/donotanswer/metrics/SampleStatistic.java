package org.donotanswer.metrics;

import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A figure of a sample of items, which are given by their indexes; an item may occur more than once. NaN if it is
 * undefined, for example the AUC of a sample without positives. Implementations are pure functions, hence thread-safe;
 * they neither change nor keep the array.
 */
@FunctionalInterface
public interface SampleStatistic {
    /** Returns the figure of the items with these indexes. */
    double of(int[] items);

    /**
     * Returns a figure of the confusion matrix of the sampled items. The matrix has all the given labels, whether or
     * not they occur in the sample; call {@link ConfusionMatrix#withoutAbsentLabels()} in the figure to average over
     * the labels that do.
     *
     * @throws IllegalArgumentException if the lists differ in size, or contain a label that is not among those given
     */
    static <L> SampleStatistic ofMatrix(
            Collection<? extends L> labels,
            List<? extends L> gold,
            List<? extends L> predicted,
            ToDoubleFunction<ConfusionMatrix<L>> figure) {
        ConfusionMatrix.requireSameSize(gold.size(), predicted.size());
        ConfusionMatrix.LabelIndex<L> index = new ConfusionMatrix.LabelIndex<>(labels);
        int[] goldIndexes = index.of("gold", gold);
        int[] predictedIndexes = index.of("predicted", predicted);
        return items -> figure.applyAsDouble(index.matrix(goldIndexes, predictedIndexes, items));
    }

    /** Returns the mean of the values of the sampled items; NaN if there are none, or a value is NaN. */
    static SampleStatistic ofMean(double[] values) {
        double[] copy = values.clone();
        return items -> {
            double sum = 0;
            for (int item : items) {
                sum += copy[item];
            }
            return sum / items.length;
        };
    }

    /**
     * Returns the area under the receiver operating characteristic of the sampled items, as {@link Scores#rocAuc}
     * defines it. Items are sorted once rather than for each sample.
     *
     * @param scores of any scale; only their order counts
     * @param outcomes whether each is a positive
     * @throws IllegalArgumentException if the arrays differ in length or a score is NaN
     */
    static SampleStatistic ofRocAuc(double[] scores, boolean[] outcomes) {
        return new SampledRocAuc(scores, outcomes);
    }
}
