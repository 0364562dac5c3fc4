package org.donotanswer.harness.analysis;

import java.util.Collection;
import org.donotanswer.metrics.Interval;

/**
 * How many of some items are of a kind. Immutable, hence thread-safe.
 *
 * @param count how many are of the kind
 * @param of how many there are
 */
public record Part(long count, long of) {
    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if the count is not in 0..of
     */
    public Part {
        if (count < 0 || count > of) {
            throw new IllegalArgumentException("count must be in 0.." + of + ", but was " + count);
        }
    }

    /** Returns the sum of parts. */
    static Part sum(Collection<Part> parts) {
        return new Part(
                parts.stream().mapToLong(Part::count).sum(),
                parts.stream().mapToLong(Part::of).sum());
    }

    /** Returns the share, in [0, 1]; NaN of no items. */
    public double share() {
        return (double) count / of;
    }

    /** Returns the items that are not of the kind. */
    public Part complement() {
        return new Part(of - count, of);
    }

    /** Returns Wilson's interval of the share; NaN of no items. */
    public Interval interval(double confidence) {
        return of == 0 ? new Interval(Double.NaN, Double.NaN) : Interval.wilson(count, of, confidence);
    }
}
