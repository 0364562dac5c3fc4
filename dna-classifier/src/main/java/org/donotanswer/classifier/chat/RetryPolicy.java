package org.donotanswer.classifier.chat;

import java.time.Duration;
import java.util.Objects;

/**
 * How often failed requests are repeated, and after which delays. Immutable, hence thread-safe.
 *
 * @param maxAttempts the maximum number of attempts, at least 1
 * @param firstDelay the delay before the second attempt; it doubles with each further attempt
 * @param maxDelay the maximum of such a delay
 * @param maxRetryAfter the maximum wait that an endpoint may ask for; if it asks for more, the request has failed
 */
public record RetryPolicy(int maxAttempts, Duration firstDelay, Duration maxDelay, Duration maxRetryAfter) {
    /** Five attempts, 1 s, 2 s, 4 s and 8 s apart, or up to five minutes if the endpoint asks for it. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(30), Duration.ofMinutes(5));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the number of attempts is less than 1, or a duration is negative
     */
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, but was " + maxAttempts);
        }
        requireNotNegative("firstDelay", firstDelay);
        requireNotNegative("maxDelay", maxDelay);
        requireNotNegative("maxRetryAfter", maxRetryAfter);
    }

    private static void requireNotNegative(String name, Duration value) {
        if (Objects.requireNonNull(value, name).isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but was " + value);
        }
    }

    /** Returns the delay after a number of attempts, at least 1, without its random part. */
    Duration delay(int attempts) {
        Duration delay = firstDelay;
        for (int i = 1; i < attempts && delay.compareTo(maxDelay) < 0; i++) {
            delay = delay.multipliedBy(2);
        }
        return delay.compareTo(maxDelay) < 0 ? delay : maxDelay;
    }
}
