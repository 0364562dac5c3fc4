package org.donotanswer.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The calibration of probabilities: of the items given probability p, a proportion of p should have the outcome.
 * Immutable, hence thread-safe.
 *
 * <p>C. Guo, G. Pleiss, Y. Sun, K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017, arXiv
 * 1706.04599, section 2; here for the probability of one outcome rather than the confidence in the most likely class.
 *
 * @param bins the bins that contain items, by ascending probability
 */
public record Reliability(List<Bin> bins) {
    /** Copies the bins. */
    public Reliability {
        bins = List.copyOf(bins);
    }

    /**
     * Items of similar probability. Immutable, hence thread-safe.
     *
     * @param lower the lower end: of the bin if bins have equal width, otherwise the smallest probability in it
     * @param upper the upper end: of the bin if bins have equal width, otherwise the greatest probability in it
     * @param count the number of items, at least 1
     * @param meanProbability the mean of their probabilities, in [0, 1]
     * @param observedProportion the proportion of them that had the outcome, in [0, 1]
     */
    public record Bin(double lower, double upper, long count, double meanProbability, double observedProportion) {
        /** Returns the distance between mean probability and observed proportion, in [0, 1]. */
        public double gap() {
            return Math.abs(meanProbability - observedProportion);
        }
    }

    /** How items are assigned to bins. */
    public enum Binning {
        /** Bins of equal width, open below and closed above, except that 0 belongs to the first: as in Guo et al. */
        EQUAL_WIDTH,
        /** Bins of about equally many items; items of the same probability share a bin, whatever their order. */
        EQUAL_MASS
    }

    /**
     * Returns the bins of the given probabilities. Bins without items are left out.
     *
     * @param probabilities the probability of each item, in [0, 1]
     * @param outcomes whether each item had the outcome
     * @param bins the number of bins, at least 1; 10 or 15 is usual
     * @throws IllegalArgumentException if the arrays differ in length, a probability is not in [0, 1], or {@code bins}
     *     is less than 1
     */
    public static Reliability of(double[] probabilities, boolean[] outcomes, int bins, Binning binning) {
        Scores.requireProbabilities(probabilities, outcomes);
        if (bins < 1) {
            throw new IllegalArgumentException("bins must be at least 1, but was " + bins);
        }
        int[] binOf =
                switch (binning) {
                    case EQUAL_WIDTH -> byWidth(probabilities, bins);
                    case EQUAL_MASS -> byMass(probabilities, bins);
                };
        Accumulator[] accumulators = new Accumulator[bins];
        for (int i = 0; i < binOf.length; i++) {
            if (accumulators[binOf[i]] == null) {
                accumulators[binOf[i]] = new Accumulator();
            }
            accumulators[binOf[i]].add(probabilities[i], outcomes[i]);
        }
        List<Bin> result = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            Accumulator items = accumulators[bin];
            if (items != null) {
                result.add(
                        binning == Binning.EQUAL_WIDTH
                                ? items.toBin((double) bin / bins, (double) (bin + 1) / bins)
                                : items.toBin(items.least, items.greatest));
            }
        }
        return new Reliability(result);
    }

    /** The items of one bin, summed. */
    private static final class Accumulator {
        private long count;
        private long positives;
        private double sum;
        private double least = Double.POSITIVE_INFINITY;
        private double greatest = Double.NEGATIVE_INFINITY;

        void add(double probability, boolean outcome) {
            count++;
            positives += outcome ? 1 : 0;
            sum += probability;
            least = Math.min(least, probability);
            greatest = Math.max(greatest, probability);
        }

        Bin toBin(double lower, double upper) {
            return new Bin(lower, upper, count, sum / count, (double) positives / count);
        }
    }

    private static int[] byWidth(double[] probabilities, int bins) {
        return Arrays.stream(probabilities)
                .mapToInt(p -> {
                    int bin = Math.max(0, (int) Math.ceil(p * bins) - 1);
                    // The product may be rounded across an edge.
                    if (bin > 0 && p <= (double) bin / bins) {
                        return bin - 1;
                    }
                    return p > (double) (bin + 1) / bins ? bin + 1 : bin;
                })
                .toArray();
    }

    private static int[] byMass(double[] probabilities, int bins) {
        int[] order = Scores.ascending(probabilities);
        int[] binOf = new int[order.length];
        int firstOfSame = 0;
        for (int rank = 0; rank < order.length; rank++) {
            if (probabilities[order[rank]] != probabilities[order[firstOfSame]]) {
                firstOfSame = rank;
            }
            binOf[order[rank]] = (int) ((long) firstOfSame * bins / order.length);
        }
        return binOf;
    }

    /** Returns the number of items. */
    public long count() {
        return bins.stream().mapToLong(Bin::count).sum();
    }

    /**
     * Returns the expected calibration error: the mean over items of the gap of their bin, in [0, 1]; NaN if there are
     * no items. Equation 3 of Guo et al.
     */
    public double expectedCalibrationError() {
        double sum = 0;
        for (Bin bin : bins) {
            sum += bin.count() * bin.gap();
        }
        return sum / count();
    }

    /** Returns the greatest gap of any bin, in [0, 1]; NaN if there are no items. Equation 5 of Guo et al. */
    public double maximumCalibrationError() {
        return bins.stream().mapToDouble(Bin::gap).max().orElse(Double.NaN);
    }
}
