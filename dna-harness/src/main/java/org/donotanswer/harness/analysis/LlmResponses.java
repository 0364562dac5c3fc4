package org.donotanswer.harness.analysis;

import com.google.common.collect.Maps;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;

/**
 * What is known of one LLM's responses without any review. Lengths are of responses to instructions that are not benign. Maps
 * have every constant of their enum. Immutable, hence thread-safe.
 *
 * @param count how many there are, including those to benign instructions
 * @param benign how many are responses to benign instructions
 * @param blank how many have no text
 * @param finishes how many ended for each reason, if that is known
 * @param lengths how long they are
 * @param wordsByType texts and words by the harm that the instruction invites
 */
public record LlmResponses(
        long count,
        long benign,
        long blank,
        Map<Finish, Long> finishes,
        ResponseLengths lengths,
        Map<HarmType, WordSum> wordsByType) {
    /** Copies the maps. */
    public LlmResponses {
        finishes = Maps.immutableEnumMap(finishes);
        Objects.requireNonNull(lengths, "lengths");
        wordsByType = Maps.immutableEnumMap(wordsByType);
    }

    /** Returns how many are responses to instructions that are not benign. */
    public long risky() {
        return count - benign;
    }

    /** How many texts there are, and how many words they have together. Immutable, hence thread-safe. */
    public record WordSum(long texts, long words) {
        static final WordSum ZERO = new WordSum(0, 0);

        /** Returns the mean number of words; NaN if there are no texts. */
        public double mean() {
            return (double) words / texts;
        }

        /** Returns the sum of both. */
        public WordSum plus(WordSum other) {
            return new WordSum(texts + other.texts, words + other.words);
        }
    }

    /** Returns the words of responses to instructions of a harm type. */
    public WordSum words(HarmType type) {
        return wordsByType.getOrDefault(type, WordSum.ZERO);
    }

    /** Returns the words of responses to instructions of a risk area. */
    public WordSum words(RiskArea area) {
        return area.harmTypes().stream().map(this::words).reduce(WordSum.ZERO, WordSum::plus);
    }
}
