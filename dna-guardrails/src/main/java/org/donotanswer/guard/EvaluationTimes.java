package org.donotanswer.guard;

/**
 * How long checks have taken lately once they had a thread: tells whether one that has to wait for a thread can still end in time.
 * Mean and mean deviation are smoothed, as round-trip times are by RFC 6298. Thread-safe.
 */
final class EvaluationTimes {
    /** The weight of the newest time is 1 / SPAN, so that a few long texts do not change much. */
    private static final int SPAN = 32;

    private static final int DEVIATIONS = 2;

    // Guarded by this.
    private int count;
    private double mean;
    private double deviation;

    /** Adds the time of a check that ended by itself, in nanoseconds. */
    synchronized void add(long nanos) {
        // The first times are averaged, as the very first includes class loading.
        count = Math.min(SPAN, count + 1);
        double difference = nanos - mean;
        mean += difference / count;
        // Of the first time, nothing is known to differ.
        deviation += count == 1 ? 0 : (Math.abs(difference) - deviation) / count;
    }

    /** Adds the time of a check that was interrupted, in nanoseconds: it would have taken longer. */
    synchronized void addAtLeast(long nanos) {
        if (nanos > mean) {
            add(nanos);
        }
    }

    /** Returns the mean, in nanoseconds; 0 before any check ended. */
    synchronized double mean() {
        return mean;
    }

    /** Returns what most checks stay below, in nanoseconds; 0 before any check ended. */
    synchronized double most() {
        return mean + DEVIATIONS * deviation;
    }
}
