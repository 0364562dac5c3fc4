package org.donotanswer.classifier.judge;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * The requests of a judge since it was created, and their cost. Immutable, hence thread-safe.
 *
 * @param requests how many requests were sent to the chat model, including those that failed; if an exchange was asked
 *     about in both formats, both requests count
 * @param cacheHits how many exchanges were answered from the cache
 * @param tokens the tokens of all requests that were answered, as the endpoint counts them
 * @param cost their cost, in the currency of the prices; empty if no prices are set
 * @param unscored how many exchanges were left unscored, by reason; reasons that did not occur are absent
 * @param cacheWriteFailures how many replies could not be written to the cache
 */
public record JudgeUsage(
        long requests,
        long cacheHits,
        TokenUsage tokens,
        OptionalDouble cost,
        Map<UnscoredReason, Long> unscored,
        long cacheWriteFailures) {
    /**
     * Checks the counts and copies the map.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public JudgeUsage {
        requireCount("requests", requests);
        requireCount("cacheHits", cacheHits);
        requireCount("cacheWriteFailures", cacheWriteFailures);
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(cost, "cost");
        EnumMap<UnscoredReason, Long> copy = new EnumMap<>(UnscoredReason.class);
        unscored.forEach((reason, count) -> copy.put(reason, requireCount("unscored " + reason, count)));
        unscored = Collections.unmodifiableMap(copy);
    }

    private static long requireCount(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
        return count;
    }
}
