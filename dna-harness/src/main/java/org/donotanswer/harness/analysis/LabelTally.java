package org.donotanswer.harness.analysis;

import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Maps;
import com.google.common.primitives.Longs;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.donotanswer.dataset.Llm;
import org.donotanswer.metrics.ConfusionMatrix;

/** Counts an evaluator's labels against the reference's, for each LLM and for each bootstrap resample. Not thread-safe. */
final class LabelTally<L> {
    private final List<L> labels;
    private final int resamples;
    private final SortedMap<Llm, long[][]> byLlm = new TreeMap<>();
    /** By cell of the matrix, then by resample, so that one exchange changes adjacent numbers. */
    private final long[][][] resampled;

    LabelTally(List<L> labels, int resamples) {
        this.labels = labels;
        this.resamples = resamples;
        this.resampled = new long[labels.size()][labels.size()][0];
    }

    /** Adds a label of the reference and one of the evaluator, as indexes, with the exchange's weight in each resample. */
    void add(Llm llm, int gold, int given, byte[] weights) {
        byLlm.computeIfAbsent(llm, key -> new long[labels.size()][labels.size()])[gold][given]++;
        if (resampled[gold][given].length == 0) {
            resampled[gold][given] = new long[resamples];
        }
        long[] counts = resampled[gold][given];
        for (int i = 0; i < resamples; i++) {
            counts[i] += weights[i];
        }
    }

    boolean isEmpty() {
        return byLlm.isEmpty();
    }

    SortedMap<Llm, ConfusionMatrix<L>> byLlm() {
        return ImmutableSortedMap.copyOf(Maps.transformValues(byLlm, this::matrix));
    }

    ConfusionMatrix<L> pooled() {
        return byLlm().values().stream().reduce(matrix(new long[labels.size()][labels.size()]), ConfusionMatrix::plus);
    }

    /** Returns a score of the matrix of each resample. */
    double[] resampled(ToDoubleFunction<ConfusionMatrix<L>> score) {
        double[] scores = new double[resamples];
        long[][] counts = new long[labels.size()][labels.size()];
        for (int i = 0; i < resamples; i++) {
            for (int gold = 0; gold < counts.length; gold++) {
                for (int given = 0; given < counts.length; given++) {
                    counts[gold][given] = resampled[gold][given].length == 0 ? 0 : resampled[gold][given][i];
                }
            }
            scores[i] = score.applyAsDouble(matrix(counts));
        }
        return scores;
    }

    private ConfusionMatrix<L> matrix(long[][] counts) {
        return ConfusionMatrix.ofCounts(
                labels, Arrays.stream(counts).map(Longs::asList).toList());
    }
}
