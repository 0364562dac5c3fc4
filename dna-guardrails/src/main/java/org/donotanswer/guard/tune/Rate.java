package org.donotanswer.guard.tune;

import java.util.Objects;
import org.donotanswer.metrics.Interval;

/**
 * A share of answers, with its interval. Immutable, hence thread-safe.
 *
 * @param count how many there are
 * @param of of how many
 * @param interval Wilson's interval, widened to that of a bootstrap over groups where answers share one; NaN of none
 */
public record Rate(int count, int of, Interval interval) {
    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if the count is not in 0..of
     */
    public Rate {
        if (count < 0 || count > of) {
            throw new IllegalArgumentException("count must be in 0.." + of + ", but was " + count);
        }
        Objects.requireNonNull(interval, "interval");
    }

    /** Returns the share, in [0, 1]; NaN of none. */
    public double value() {
        return of == 0 ? Double.NaN : (double) count / of;
    }
}
