package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.metrics.Reliability;

/** The bins of a reliability diagram, all of the same width, filled one exchange at a time. Not thread-safe. */
final class ReliabilityBins {
    static final int BINS = 15;

    private final long[] counts = new long[BINS];
    private final long[] outcomes = new long[BINS];
    private final double[] sums = new double[BINS];
    private double squares;
    private boolean graded;

    void add(double probability, boolean outcome) {
        int bin = bin(probability);
        counts[bin]++;
        outcomes[bin] += outcome ? 1 : 0;
        sums[bin] += probability;
        double error = probability - (outcome ? 1 : 0);
        squares += error * error;
        graded |= probability > 0 && probability < 1;
    }

    /** Returns the index of the bin. Bins include their upper end; the first includes 0 as well. */
    private static int bin(double probability) {
        int bin = Math.max(0, Math.min(BINS - 1, (int) Math.ceil(probability * BINS) - 1));
        // Rounding may have moved the product across an edge.
        if (bin > 0 && probability <= (double) bin / BINS) {
            return bin - 1;
        }
        return bin < BINS - 1 && probability > (double) (bin + 1) / BINS ? bin + 1 : bin;
    }

    /** Returns whether any probability was other than 0 and 1. */
    boolean isGraded() {
        return graded;
    }

    EvaluatorCalibration toCalibration() {
        List<Reliability.Bin> bins = new ArrayList<>();
        long total = 0;
        for (int i = 0; i < BINS; i++) {
            total += counts[i];
            if (counts[i] > 0) {
                bins.add(new Reliability.Bin(
                        (double) i / BINS,
                        (double) (i + 1) / BINS,
                        counts[i],
                        Math.min(1, sums[i] / counts[i]),
                        (double) outcomes[i] / counts[i]));
            }
        }
        return new EvaluatorCalibration(new Reliability(bins), squares / total);
    }
}
