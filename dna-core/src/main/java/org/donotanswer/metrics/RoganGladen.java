package org.donotanswer.metrics;

import java.util.Objects;

/**
 * The Rogan-Gladen estimate of a prevalence: the proportion of items that an imperfect test flags, corrected for the
 * test's misses and false alarms. A test of sensitivity se and specificity sp flags the proportion a = se p + (1 - sp)
 * (1 - p) of items, where p is the prevalence; hence p = (a + sp - 1) / (se + sp - 1). Immutable, hence thread-safe.
 *
 * <p>W. J. Rogan, B. Gladen, "Estimating Prevalence from the Results of a Screening Test", American Journal of
 * Epidemiology 107 (1978).
 *
 * @param flagged how many items the test flagged
 * @param items how many items were tested
 * @param accuracy what is known about the test
 */
public record RoganGladen(long flagged, long items, Accuracy accuracy) {
    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if {@code flagged} is not in 0..items
     */
    public RoganGladen {
        requireCount("flagged", flagged, items);
        Objects.requireNonNull(accuracy, "accuracy");
    }

    /**
     * Returns the correction of a count of flagged items.
     *
     * @throws IllegalArgumentException if {@code flagged} is not in 0..items
     */
    public static RoganGladen of(long flagged, long items, Accuracy accuracy) {
        return new RoganGladen(flagged, items, accuracy);
    }

    /**
     * How accurate a test is, measured on items of known state: a gold standard. These items should be similar to the
     * items to be corrected, but independent of them. Immutable, hence thread-safe.
     *
     * @param truePositives how many of the positives the test flagged
     * @param positives how many positives were tested
     * @param trueNegatives how many of the negatives the test did not flag
     * @param negatives how many negatives were tested
     */
    public record Accuracy(long truePositives, long positives, long trueNegatives, long negatives) {
        /**
         * Checks the counts.
         *
         * @throws IllegalArgumentException if the true positives are not in 0..positives, or the true negatives not in
         *     0..negatives
         */
        public Accuracy {
            requireCount("truePositives", truePositives, positives);
            requireCount("trueNegatives", trueNegatives, negatives);
        }

        /**
         * Returns the accuracy shown by a confusion matrix whose predicted labels are the test's.
         *
         * @param positive the label that the test looks for; every other label is negative
         * @throws IllegalArgumentException if it is not a label of the matrix
         */
        public static <L> Accuracy of(ConfusionMatrix<L> matrix, L positive) {
            long positives = matrix.support(positive);
            long negatives = matrix.total() - positives;
            return new Accuracy(
                    matrix.truePositives(positive), positives, negatives - matrix.falsePositives(positive), negatives);
        }

        /** Returns the proportion of positives that the test flags, in [0, 1]; NaN if there were none. */
        public double sensitivity() {
            return (double) truePositives / positives;
        }

        /** Returns the proportion of negatives that the test does not flag, in [0, 1]; NaN if there were none. */
        public double specificity() {
            return (double) trueNegatives / negatives;
        }
    }

    private static void requireCount(String name, long count, long total) {
        if (count < 0 || count > total) {
            throw new IllegalArgumentException(name + " must be in 0.." + total + ", but was " + count);
        }
    }

    /**
     * Returns the prevalence at which a test of known accuracy flags the given proportion. The result is not clipped:
     * it may lie outside [0, 1] by chance, or if the sensitivity or specificity is not the assumed one. NaN if the test
     * is no better than chance: if sensitivity and specificity together are at most 1.
     *
     * @param apparent the proportion of flagged items, in [0, 1]
     * @param sensitivity the proportion of positives that the test flags, in [0, 1]
     * @param specificity the proportion of negatives that the test does not flag, in [0, 1]
     * @throws IllegalArgumentException if one is neither in [0, 1] nor NaN
     */
    public static double correct(double apparent, double sensitivity, double specificity) {
        requireProportion("apparent", apparent);
        requireProportion("sensitivity", sensitivity);
        requireProportion("specificity", specificity);
        return sensitivity + specificity > 1
                ? (apparent + specificity - 1) / (sensitivity + specificity - 1)
                : Double.NaN;
    }

    private static void requireProportion(String name, double proportion) {
        if (proportion < 0 || proportion > 1) {
            throw new IllegalArgumentException(name + " must be in [0, 1] or NaN, but was " + proportion);
        }
    }

    /** Returns the proportion of flagged items, in [0, 1]; NaN if there are no items. */
    public double apparent() {
        return (double) flagged / items;
    }

    /** Returns the corrected prevalence as the formula gives it, possibly outside [0, 1]; NaN if it is undefined. */
    public double unclipped() {
        return correct(apparent(), accuracy.sensitivity(), accuracy.specificity());
    }

    /**
     * Returns the corrected prevalence, clipped to [0, 1]. NaN if it is undefined: without items, positives or
     * negatives, or if sensitivity and specificity together are at most 1.
     */
    public double prevalence() {
        return clip(unclipped());
    }

    /** Returns whether the formula gave a prevalence outside [0, 1]. */
    public boolean isClipped() {
        return unclipped() < 0 || unclipped() > 1;
    }

    /**
     * Returns 1 minus the {@linkplain #prevalence() prevalence}: the proportion of safe responses if the test looks for
     * harm.
     */
    public double complement() {
        return 1 - prevalence();
    }

    /**
     * Returns the interval of the {@linkplain #prevalence() prevalence}, clipped to [0, 1]. It takes into account that
     * sensitivity and specificity are estimates themselves. NaN if the prevalence is undefined. It is [0, 1] if so
     * little is known about the test that it might be no better than chance: if sensitivity and specificity, with one
     * success and one failure added to each, are together at most 1. Its centre is not the prevalence, and with a
     * handful of positives or negatives it may not contain the prevalence. Items are assumed to be independent; for
     * grouped items it is too narrow.
     *
     * <p>Zs. Lang, J. Reiczigel, "Confidence Limits for Prevalence of Disease Adjusted for Estimated Sensitivity and
     * Specificity", Preventive Veterinary Medicine 113 (2014), equations 6, 7, 16 and 17.
     *
     * @param confidence the confidence, in (0, 1), for example 0.95
     * @throws IllegalArgumentException if the confidence is not in (0, 1)
     */
    public Interval interval(double confidence) {
        Interval.requireConfidence(confidence);
        if (Double.isNaN(unclipped())) {
            return new Interval(Double.NaN, Double.NaN);
        }
        double z = Normal.upperQuantile((1 - confidence) / 2);
        double sensitivity = (accuracy.truePositives() + 1.0) / (accuracy.positives() + 2.0);
        double specificity = (accuracy.trueNegatives() + 1.0) / (accuracy.negatives() + 2.0);
        double apparent = (flagged + z * z / 2) / (items + z * z);
        if (!(sensitivity + specificity > 1)) {
            return new Interval(0, 1);
        }
        double prevalence = correct(apparent, sensitivity, specificity);
        double apparentVariance = apparent * (1 - apparent) / (items + z * z);
        double sensitivityVariance = sensitivity * (1 - sensitivity) / (accuracy.positives() + 2.0);
        double specificityVariance = specificity * (1 - specificity) / (accuracy.negatives() + 2.0);
        double shift = 2 * z * z * (prevalence * sensitivityVariance - (1 - prevalence) * specificityVariance);
        double half = z
                / (sensitivity + specificity - 1)
                * Math.sqrt(apparentVariance
                        + prevalence * prevalence * sensitivityVariance
                        + (1 - prevalence) * (1 - prevalence) * specificityVariance);
        return new Interval(clip(prevalence + shift - half), clip(prevalence + shift + half));
    }

    /**
     * Returns the interval of the {@linkplain #complement() complement}: 1 minus each end of {@link #interval}.
     *
     * @param confidence the confidence, in (0, 1), for example 0.95
     * @throws IllegalArgumentException if the confidence is not in (0, 1)
     */
    public Interval complementInterval(double confidence) {
        Interval interval = interval(confidence);
        return new Interval(1 - interval.upper(), 1 - interval.lower());
    }

    private static double clip(double prevalence) {
        return Math.max(0, Math.min(1, prevalence));
    }
}
