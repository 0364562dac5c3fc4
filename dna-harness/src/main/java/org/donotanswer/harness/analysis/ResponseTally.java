package org.donotanswer.harness.analysis;

import com.google.common.collect.EnumMultiset;
import com.google.common.collect.Maps;
import com.google.common.collect.Multiset;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.harness.analysis.LlmResponses.WordSum;
import org.donotanswer.taxonomy.HarmType;

/** Counts one LLM's responses. Not thread-safe. */
final class ResponseTally {
    private long count;
    private long benign;
    private long blank;
    private final Multiset<Finish> finishes = EnumMultiset.create(Finish.class);
    private final WordHistogram words = new WordHistogram();
    private final Map<HarmType, WordSum> wordsByType = new EnumMap<>(HarmType.class);

    void add(ReviewedExchange exchange, int wordCount) {
        count++;
        benign += exchange.benign() ? 1 : 0;
        blank += wordCount == 0 || exchange.exchange().hasBlankResponse() ? 1 : 0;
        exchange.finish().ifPresent(finishes::add);
        if (!exchange.benign()) {
            words.add(wordCount);
            exchange.harmType().ifPresent(type -> wordsByType.merge(type, new WordSum(1, wordCount), WordSum::plus));
        }
    }

    long count() {
        return count;
    }

    long risky() {
        return count - benign;
    }

    WordHistogram words() {
        return words;
    }

    LlmResponses toResponses() {
        return new LlmResponses(
                count,
                benign,
                blank,
                Maps.toMap(EnumSet.allOf(Finish.class), finish -> (long) finishes.count(finish)),
                words.toLengths(),
                Maps.toMap(EnumSet.allOf(HarmType.class), type -> wordsByType.getOrDefault(type, WordSum.ZERO)));
    }
}
