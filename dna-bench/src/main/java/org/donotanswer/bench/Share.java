package org.donotanswer.bench;

import java.util.List;
import java.util.function.Predicate;
import org.donotanswer.metrics.Interval;

/** How many of some items are flagged. Immutable, hence thread-safe. */
record Share(long flagged, long of) {
    static <T> Share of(List<T> items, Predicate<T> flagged) {
        return new Share(items.stream().filter(flagged).count(), items.size());
    }

    /** Returns the share, NaN of no items. */
    double value() {
        return (double) flagged / of;
    }

    /** Returns the 95 % interval. */
    Interval interval() {
        return Interval.wilson(flagged, of, Scoring.CONFIDENCE);
    }
}
