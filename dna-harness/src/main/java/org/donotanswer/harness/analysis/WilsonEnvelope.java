package org.donotanswer.harness.analysis;

import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.Interval;

/**
 * Widens bootstrap intervals of proportions. If a few items are all alike, so are all resamples, and the bootstrap's interval is
 * a point. Each end of the envelope is therefore the bootstrap's, which allows for the dependence of responses to one question,
 * or Wilson's, which allows for the small number, whichever is farther out. Pure functions, hence thread-safe.
 */
final class WilsonEnvelope {
    private WilsonEnvelope() {}

    /** Returns the estimate of a proportion with the envelope of its own interval and Wilson's. */
    static Estimate ofProportion(Estimate estimate, long count, long total, double confidence) {
        return total == 0 ? estimate : with(estimate, Interval.wilson(count, total, confidence));
    }

    /**
     * Returns the estimate of an F1 with the envelope of its own interval and one derived from Wilson's interval of the proportion
     * j of hits among hits, misses and false alarms: F1 = 2 j / (1 + j).
     */
    static Estimate ofF1(Estimate estimate, long hits, long missesAndFalseAlarms, double confidence) {
        long all = hits + missesAndFalseAlarms;
        if (all == 0) {
            return estimate;
        }
        Interval wilson = Interval.wilson(hits, all, confidence);
        return with(
                estimate,
                new Interval(2 * wilson.lower() / (1 + wilson.lower()), 2 * wilson.upper() / (1 + wilson.upper())));
    }

    /** Returns the estimate without its interval if that is a point: no resample showed another value. */
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
        // The value itself stays inside in spite of NaN and rounding.
        double lower = Math.min(estimate.value(), Double.isNaN(own.lower()) ? 1 : own.lower());
        double upper = Math.max(estimate.value(), Double.isNaN(own.upper()) ? 0 : own.upper());
        return new Estimate(
                estimate.value(),
                new Interval(Math.min(lower, other.lower()), Math.max(upper, other.upper())),
                estimate.standardError(),
                estimate.undefined());
    }
}
