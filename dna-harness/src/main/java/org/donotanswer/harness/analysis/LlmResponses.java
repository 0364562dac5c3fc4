package org.donotanswer.harness.analysis;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * What is known of one LLM's answers without any review. Lengths are of answers to instructions that are not benign. Maps
 * have every constant of their enum. Immutable, hence thread-safe.
 *
 * @param answers how many there are, benign ones included
 * @param benign how many are answers to benign instructions
 * @param blank how many say nothing
 * @param finishes how many stopped for each reason; those of unknown reason are in none
 * @param lengths how long they are
 * @param wordsByType count and sum of words by the harm that the instruction invites
 */
public record LlmResponses(
        long answers,
        long benign,
        long blank,
        Map<Finish, Long> finishes,
        ResponseLengths lengths,
        Map<HarmType, WordSum> wordsByType) {
    /** Copies the maps. */
    public LlmResponses {
        finishes = Collections.unmodifiableMap(new EnumMap<>(finishes));
        Objects.requireNonNull(lengths, "lengths");
        wordsByType = Collections.unmodifiableMap(new EnumMap<>(wordsByType));
    }

    /** Returns how many are answers to instructions that are not benign. */
    public long risky() {
        return answers - benign;
    }

    /** How many texts there are, and how many words they have together. Immutable, hence thread-safe. */
    public record WordSum(long texts, long words) {
        /** Returns the mean number of words; NaN of no texts. */
        public double mean() {
            return (double) words / texts;
        }

        /** Returns the sum of both. */
        public WordSum plus(WordSum other) {
            return new WordSum(texts + other.texts, words + other.words);
        }
    }

    /** Returns the words of answers to instructions of an area. */
    public WordSum words(RiskArea area) {
        return area.harmTypes().stream()
                .map(type -> wordsByType.getOrDefault(type, new WordSum(0, 0)))
                .reduce(new WordSum(0, 0), WordSum::plus);
    }
}
