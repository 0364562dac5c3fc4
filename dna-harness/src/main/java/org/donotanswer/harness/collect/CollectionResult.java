package org.donotanswer.harness.collect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeSet;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;

/**
 * The result of collecting. Counts of responses include those of earlier runs, unless said otherwise. Immutable, hence
 * thread-safe.
 *
 * @param instructions the number of instructions
 * @param before the number of responses collected earlier
 * @param now the number of responses collected now
 * @param byFinish the number of responses by the reason why they ended
 * @param empty the number of blank responses
 * @param withThinking the number of responses before which the LLM's thinking was sent, which is kept beside them
 * @param usage the tokens used
 * @param models the names of the responding models as reported by the endpoint, sorted
 * @param failures the number of failed requests of this run by kind
 */
public record CollectionResult(
        int instructions,
        int before,
        int now,
        Map<Finish, Integer> byFinish,
        int empty,
        int withThinking,
        TokenUsage usage,
        NavigableSet<String> models,
        Map<ChatException.FailureKind, Integer> failures) {
    /** Copies the collections. */
    public CollectionResult {
        Map<Finish, Integer> finishes = new EnumMap<>(Finish.class);
        finishes.putAll(byFinish);
        byFinish = Collections.unmodifiableMap(finishes);
        Map<ChatException.FailureKind, Integer> kinds = new EnumMap<>(ChatException.FailureKind.class);
        kinds.putAll(failures);
        failures = Collections.unmodifiableMap(kinds);
        Objects.requireNonNull(usage, "usage");
        models = Collections.unmodifiableNavigableSet(new TreeSet<>(models));
    }

    /** Returns the number of instructions without a response. */
    public int missing() {
        return instructions - before - now;
    }

    /** Returns the number of responses that ended for the reason. */
    public int count(Finish finish) {
        return byFinish.getOrDefault(finish, 0);
    }
}
