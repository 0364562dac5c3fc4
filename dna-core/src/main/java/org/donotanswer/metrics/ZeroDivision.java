package org.donotanswer.metrics;

/**
 * What stands for a ratio of nothing to nothing: the precision of a class that was never predicted, the recall of a class
 * that never occurs. Immutable, hence thread-safe.
 */
public enum ZeroDivision {
    /** Zero, and averages count it: scikit-learn's default ({@code zero_division="warn"} or {@code 0}). */
    ZERO,
    /** {@link Double#NaN}, and averages leave it out: scikit-learn's {@code zero_division=np.nan}, from its version 1.3 on. */
    NAN;

    double ratio(double numerator, double denominator) {
        if (denominator != 0) {
            return numerator / denominator;
        }
        return this == ZERO ? 0 : Double.NaN;
    }
}
