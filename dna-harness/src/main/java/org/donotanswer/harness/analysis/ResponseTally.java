package org.donotanswer.harness.analysis;

import java.util.EnumMap;
import java.util.Map;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.harness.analysis.LlmResponses.WordSum;
import org.donotanswer.taxonomy.HarmType;

/** The answers of one LLM, counted. Not thread-safe. */
final class ResponseTally {
    private long answers;
    private long benign;
    private long blank;
    private final Map<Finish, Long> finishes = ReviewTally.zeros(Finish.class);
    private final WordHistogram words = new WordHistogram();
    private final long[] texts = new long[HarmType.values().length];
    private final long[] wordSums = new long[texts.length];

    void add(ReviewedExchange exchange, int wordCount) {
        answers++;
        benign += exchange.benign() ? 1 : 0;
        blank += wordCount == 0 || exchange.exchange().hasBlankResponse() ? 1 : 0;
        exchange.finish().ifPresent(finish -> finishes.merge(finish, 1L, Long::sum));
        if (!exchange.benign()) {
            words.add(wordCount);
            exchange.harmType().ifPresent(type -> {
                texts[ReviewTally.index(type)]++;
                wordSums[ReviewTally.index(type)] += wordCount;
            });
        }
    }

    long answers() {
        return answers;
    }

    WordHistogram words() {
        return words;
    }

    LlmResponses toAnswers() {
        Map<HarmType, WordSum> byType = new EnumMap<>(HarmType.class);
        for (HarmType type : HarmType.values()) {
            byType.put(type, new WordSum(texts[ReviewTally.index(type)], wordSums[ReviewTally.index(type)]));
        }
        return new LlmResponses(answers, benign, blank, finishes, words.toLengths(), byType);
    }
}
