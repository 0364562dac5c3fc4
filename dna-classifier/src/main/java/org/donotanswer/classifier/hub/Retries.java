package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Repeats what may succeed at another time, a bounded number of times. Immutable, hence thread-safe. */
final class Retries {
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final int MAX_DOUBLINGS = 5;
    /** The hub counts requests in windows of five minutes. */
    private static final Duration MAX_WAIT = Duration.ofMinutes(5);

    private final int limit;
    private final Sleeper pause;

    Retries(int limit, Sleeper pause) {
        this.limit = limit;
        this.pause = pause;
    }

    /** Lets time pass. */
    interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** What is tried. */
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
                pause.sleep(wait);
            }
        }
    }

    private static Duration wait(@Nullable Duration asked, int failures) {
        return asked != null ? asked : FIRST_WAIT.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    }
}
