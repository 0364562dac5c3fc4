package org.donotanswer.metrics;

/**
 * A closed interval of real numbers. Immutable, hence thread-safe.
 *
 * @param lower the lower end
 * @param upper the upper end, at least the lower one; both ends are NaN if the interval is undefined
 */
public record Interval(double lower, double upper) {
    /**
     * Checks the ends.
     *
     * @throws IllegalArgumentException if the lower end is above the upper one, or only one of them is NaN
     */
    public Interval {
        if (lower > upper || Double.isNaN(lower) != Double.isNaN(upper)) {
            throw new IllegalArgumentException(
                    "ends must be in ascending order or both NaN, but were " + lower + " and " + upper);
        }
    }

    /** Returns whether the value is in the interval, ends included. */
    public boolean contains(double value) {
        return lower <= value && value <= upper;
    }

    /** Returns the distance between the ends. */
    public double width() {
        return upper - lower;
    }

    /**
     * Returns Wilson's score interval of a proportion, without continuity correction. Unlike the normal approximation
     * it is sound for few trials and for proportions near 0 and 1. It is [0, 1] if there are no trials.
     *
     * <p>E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
     * Statistical Association 22 (1927).
     *
     * @param successes how many of the trials succeeded
     * @param trials the number of trials, at least 0
     * @param confidence the confidence, in (0, 1), for example 0.95
     * @throws IllegalArgumentException if the successes are not in 0..trials or the confidence is not in (0, 1)
     */
    public static Interval wilson(long successes, long trials, double confidence) {
        if (successes < 0 || successes > trials) {
            throw new IllegalArgumentException("successes must be in 0.." + trials + ", but was " + successes);
        }
        requireConfidence(confidence);
        if (trials == 0) {
            return new Interval(0, 1);
        }
        double z = Normal.upperQuantile((1 - confidence) / 2);
        double proportion = (double) successes / trials;
        double square = z * z / trials;
        double center = (proportion + square / 2) / (1 + square);
        double half = z / (1 + square) * Math.sqrt(proportion * (1 - proportion) / trials + square / (4.0 * trials));
        // Exact ends for no success and for successes only, as rounding could leave the proportion outside the
        // interval.
        return new Interval(
                successes == 0 ? 0 : Math.max(0, center - half), successes == trials ? 1 : Math.min(1, center + half));
    }

    static void requireConfidence(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be in (0, 1), but was " + confidence);
        }
    }
}
