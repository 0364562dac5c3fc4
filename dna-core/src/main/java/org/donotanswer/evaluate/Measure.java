package org.donotanswer.evaluate;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Locale;
import java.util.Objects;
import org.donotanswer.metrics.Interval;

/**
 * A measured figure with its interval. Immutable, hence thread-safe.
 *
 * @param value the figure; NaN if it is undefined
 * @param interval its confidence interval; both ends are NaN if it is undefined
 */
public record Measure(double value, Interval interval) {
    static final Measure UNDEFINED = new Measure(Double.NaN, new Interval(Double.NaN, Double.NaN));

    /** Checks that there is an interval. */
    public Measure {
        Objects.requireNonNull(interval, "interval");
    }

    /** Returns whether the figure has a value. */
    @JsonIgnore
    public boolean isDefined() {
        return !Double.isNaN(value);
    }

    /** Returns the figure for people to read: {@code 0.812 (0.745 to 0.861)}, or {@code undefined}. */
    public String describe() {
        if (!isDefined()) {
            return "undefined";
        }
        return Double.isNaN(interval.lower())
                ? format(value)
                : format(value) + " (" + format(interval.lower()) + " to " + format(interval.upper()) + ")";
    }

    static String format(double value) {
        return Double.isNaN(value) ? "undefined" : String.format(Locale.ROOT, "%.3f", value);
    }
}
