package org.donotanswer.bench.soak;

import java.time.Duration;
import java.util.Objects;

/**
 * When a soak ends: after a time or a number of operations, whichever is first. Immutable, hence thread-safe.
 *
 * @param duration the time of the load, without oracle and warm-up
 * @param operations the number of operations of the load
 * @param warmUpOperations the number of operations before the load, after which handles and threads are counted
 * @param pause how long to wait after the warm-up for threads that end by themselves when they are idle
 * @param patience how long to wait for such threads at the end, if there are more than before
 */
public record SoakBudget(Duration duration, long operations, long warmUpOperations, Duration pause, Duration patience) {
    private static final long WARM_UP_OPERATIONS = 1_000;
    /** Longer than any thread of this library stays idle. */
    private static final Duration PAUSE = Duration.ofSeconds(15);

    /** Longer than any thread of the JVM stays idle. */
    private static final Duration PATIENCE = Duration.ofSeconds(75);

    /** Checks the values. */
    public SoakBudget {
        Objects.requireNonNull(duration, "duration");
        Objects.requireNonNull(pause, "pause");
        Objects.requireNonNull(patience, "patience");
        if (operations < 1 || warmUpOperations < 1) {
            throw new IllegalArgumentException(
                    "operations must be at least 1, but were " + operations + " and " + warmUpOperations);
        }
    }

    /** Returns a budget of time. */
    public static SoakBudget of(Duration duration) {
        return new SoakBudget(duration, Long.MAX_VALUE, WARM_UP_OPERATIONS, PAUSE, PATIENCE);
    }
}
