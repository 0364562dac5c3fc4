package org.donotanswer.classifier.judge;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.UnscoredReason;

/** Counts the requests and replies of a judge. Thread-safe. */
final class UsageCounter {
    private final Optional<TokenPrices> prices;
    private final Map<UnscoredReason, Long> unscored = new EnumMap<>(UnscoredReason.class);
    private long requests;
    private long cacheHits;
    private long cacheWriteFailures;
    private TokenUsage tokens = TokenUsage.NONE;

    UsageCounter(Optional<TokenPrices> prices) {
        this.prices = prices;
    }

    synchronized void request() {
        requests++;
    }

    synchronized void reply(TokenUsage usage) {
        tokens = tokens.plus(usage);
    }

    synchronized void cacheHit() {
        cacheHits++;
    }

    synchronized void cacheWriteFailure() {
        cacheWriteFailures++;
    }

    synchronized void unscored(UnscoredReason reason) {
        unscored.merge(reason, 1L, Long::sum);
    }

    synchronized JudgeUsage snapshot() {
        OptionalDouble cost =
                prices.isPresent() ? OptionalDouble.of(prices.get().cost(tokens)) : OptionalDouble.empty();
        return new JudgeUsage(requests, cacheHits, tokens, cost, unscored, cacheWriteFailures);
    }
}
