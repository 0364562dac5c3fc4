package org.donotanswer.bench.load;

import java.time.Duration;

/**
 * How load is measured. Immutable, hence thread-safe.
 *
 * @param millis how long each rate lasts, in milliseconds; at least 10
 * @param repetitions how often all is measured; at least 1
 * @param threads how many texts a guard evaluates at a time on threads of its own; 0 for the guard's default
 * @param seed the seed of the arrivals
 */
public record LoadSettings(long millis, int repetitions, int threads, long seed) {
    private static final int SLOTS = 10;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is too small
     */
    public LoadSettings {
        if (millis < SLOTS || repetitions < 1 || threads < 0) {
            throw new IllegalArgumentException("milliseconds must be at least " + SLOTS
                    + ", repetitions at least 1 and threads at least 0, but were " + millis + ", " + repetitions
                    + " and " + threads);
        }
    }

    Duration duration() {
        return slotLength().multipliedBy(SLOTS);
    }

    /** Returns in what steps the time after an overload is measured. */
    Duration slotLength() {
        return Duration.ofMillis(millis).dividedBy(SLOTS);
    }
}
