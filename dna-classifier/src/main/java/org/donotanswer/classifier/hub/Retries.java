package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Repeats what may succeed later, a limited number of times. Immutable, hence thread-safe. */
final class Retries {
    private static final Duration INITIAL_DELAY = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 5;
    /** The hub limits the number of requests in windows of five minutes. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final int limit;
    private final Sleeper sleeper;

    Retries(int limit, Sleeper sleeper) {
        this.limit = limit;
        this.sleeper = sleeper;
    }

    /** Waits for a given time. */
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** An attempt, which may fail for now. */
    interface Attempt<T> {
        T run() throws IOException, InterruptedException, TransientHubException;
    }

    <T> T run(Attempt<T> attempt) throws IOException, InterruptedException {
        for (int failures = 0; ; failures++) {
            try {
                return attempt.run();
            } catch (TransientHubException e) {
                Duration wait = wait(e.retryAfter(), failures);
                if (failures == limit || wait.compareTo(MAX_WAIT) > 0) {
                    throw e.failure();
                }
                sleeper.sleep(wait);
            }
        }
    }

    private static Duration wait(@Nullable Duration requested, int failures) {
        return requested != null ? requested : INITIAL_DELAY.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    }
}
