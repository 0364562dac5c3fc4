package org.donotanswer.harness.analysis;

import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.Interval;

/**
 * Intervals of shares that hold where the bootstrap's do not: if all of a few items are of a kind, every resample says the same,
 * and the bootstrap's interval is a point. So the wider of both ends is taken, the bootstrap's, which knows that answers to one
 * question hang together, or Wilson's, which knows how few they are.
 */
final class WilsonEnvelope {
    private WilsonEnvelope() {}

    /** Returns the estimate of a share with the envelope of its own interval and Wilson's. */
    static Estimate ofShare(Estimate estimate, long count, long of, double confidence) {
        return of == 0 ? estimate : with(estimate, Interval.wilson(count, of, confidence));
    }

    /**
     * Returns the estimate of an F1 with the envelope of its own interval and of Wilson's interval of the share of hits (j) among
     * hits, misses and false alarms, as F1 = 2 j / (1 + j).
     */
    static Estimate ofF1(Estimate estimate, long hits, long missesAndFalseAlarms, double confidence) {
        long all = hits + missesAndFalseAlarms;
        if (all == 0) {
            return estimate;
        }
        Interval share = Interval.wilson(hits, all, confidence);
        return with(
                estimate,
                new Interval(2 * share.lower() / (1 + share.lower()), 2 * share.upper() / (1 + share.upper())));
    }

    /** Returns the estimate without interval where that is a point: no resample has shown another value. */
    static Estimate withoutPoint(Estimate estimate) {
        return estimate.interval().width() == 0
                ? new Estimate(
                        estimate.value(),
                        new Interval(Double.NaN, Double.NaN),
                        estimate.standardError(),
                        estimate.undefined())
                : estimate;
    }

    private static Estimate with(Estimate estimate, Interval other) {
        if (Double.isNaN(estimate.value())) {
            return estimate;
        }
        Interval own = estimate.interval();
        // Neither NaN nor rounding may leave the value itself outside.
        double lower = Math.min(estimate.value(), Double.isNaN(own.lower()) ? 1 : own.lower());
        double upper = Math.max(estimate.value(), Double.isNaN(own.upper()) ? 0 : own.upper());
        return new Estimate(
                estimate.value(),
                new Interval(Math.min(lower, other.lower()), Math.max(upper, other.upper())),
                estimate.standardError(),
                estimate.undefined());
    }
}
