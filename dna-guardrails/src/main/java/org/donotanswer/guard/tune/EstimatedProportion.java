package org.donotanswer.guard.tune;

import java.util.Objects;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;

/**
 * A proportion of labelled responses, with the interval in which the proportion of others like them is expected. Immutable,
 * hence thread-safe.
 *
 * @param proportion the proportion
 * @param interval Wilson's interval; where responses share a group, widened to that of a bootstrap over groups; NaN for 0 of 0
 */
public record EstimatedProportion(Proportion proportion, Interval interval) {
    /** Checks that nothing is null. */
    public EstimatedProportion {
        Objects.requireNonNull(proportion, "proportion");
        Objects.requireNonNull(interval, "interval");
    }

    /** Returns how many responses count. */
    public long count() {
        return proportion.count();
    }

    /** Returns how many responses there are. */
    public long total() {
        return proportion.total();
    }

    /** Returns the quotient, in [0, 1]; NaN for 0 of 0. */
    public double value() {
        return proportion.value();
    }
}
