package org.donotanswer.harness.analysis;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.donotanswer.metrics.ConfusionMatrix;

/** A confusion matrix in every resample of a bootstrap. Not thread-safe. */
final class ResampledMatrix {
    private final int size;
    private final int resamples;
    /** By cell, then resample, so that one exchange changes adjacent numbers. */
    private final long[][] cells;

    ResampledMatrix(int size, int resamples) {
        this.size = size;
        this.resamples = resamples;
        this.cells = new long[size * size][];
    }

    void add(int gold, int predicted, byte[] weights) {
        int cell = gold * size + predicted;
        if (cells[cell] == null) {
            cells[cell] = new long[resamples];
        }
        long[] counts = cells[cell];
        for (int i = 0; i < resamples; i++) {
            counts[i] += weights[i];
        }
    }

    /** Returns a score of the matrix of each resample. */
    <L> double[] scores(Collection<L> labels, ToDoubleFunction<ConfusionMatrix<L>> score) {
        double[] scores = new double[resamples];
        long[][] counts = new long[size][size];
        for (int resample = 0; resample < resamples; resample++) {
            for (int cell = 0; cell < cells.length; cell++) {
                counts[cell / size][cell % size] = cells[cell] == null ? 0 : cells[cell][resample];
            }
            scores[resample] = score.applyAsDouble(matrix(labels, counts));
        }
        return scores;
    }

    static <L> ConfusionMatrix<L> matrix(Collection<L> labels, long[][] counts) {
        List<List<Long>> rows = Arrays.stream(counts)
                .map(row -> Arrays.stream(row).boxed().toList())
                .toList();
        return ConfusionMatrix.ofCounts(labels, rows);
    }
}
