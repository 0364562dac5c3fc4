package org.donotanswer.metrics;

/**
 * The value of zero divided by zero: the precision of a class that was never predicted, or the recall of a class that
 * never occurs. Immutable, hence thread-safe.
 */
public enum ZeroDivision {
    /** Zero, which averages include: scikit-learn's default ({@code zero_division="warn"} or {@code 0}). */
    ZERO,
    /**
     * {@link Double#NaN}, which averages leave out: scikit-learn's {@code zero_division=np.nan}, since its version 1.3.
     */
    NAN;

    double ratio(double numerator, double denominator) {
        if (denominator != 0) {
            return numerator / denominator;
        }
        return this == ZERO ? 0 : Double.NaN;
    }
}
