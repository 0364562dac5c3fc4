package org.donotanswer.classifier.judge;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.UnscoredReason;

/**
 * What a judge did since it was made, and what that took. Immutable, hence thread-safe.
 *
 * @param requests requests to the chatbot, failed ones included; a second request in another form counts, too
 * @param cacheHits exchanges whose reply was there from before
 * @param tokens the tokens of all replies that came, as the endpoint counts them
 * @param cost what they cost, in the currency of the prices; empty without prices
 * @param unscored how many exchanges were left unscored, by reason; without those of none
 * @param cacheWriteFailures replies that could not be written to the cache
 */
public record JudgeUsage(
        long requests,
        long cacheHits,
        TokenUsage tokens,
        OptionalDouble cost,
        Map<UnscoredReason, Long> unscored,
        long cacheWriteFailures) {
    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public JudgeUsage {
        check("requests", requests);
        check("cacheHits", cacheHits);
        check("cacheWriteFailures", cacheWriteFailures);
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(cost, "cost");
        EnumMap<UnscoredReason, Long> copy = new EnumMap<>(UnscoredReason.class);
        unscored.forEach((reason, count) -> copy.put(reason, check("unscored " + reason, count)));
        unscored = Collections.unmodifiableMap(copy);
    }

    private static long check(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
        return count;
    }
}
