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
 * What came of collecting. Immutable, hence thread-safe.
 *
 * @param instructions how many there are
 * @param before how many were answered before
 * @param now how many were answered now
 * @param byFinish how the answers ended, those from before included
 * @param empty how many of the answers show nothing, those from before included
 * @param usage how many tokens the answers took, those from before included
 * @param models who answered, by the names that the endpoint gives, those from before included; sorted
 * @param failures how many were not answered, by reason
 */
public record CollectionResult(
        int instructions,
        int before,
        int now,
        Map<Finish, Integer> byFinish,
        int empty,
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

    /** Returns how many have no answer. */
    public int missing() {
        return instructions - before - now;
    }

    /** Returns how many answers ended so. */
    public int count(Finish finish) {
        return byFinish.getOrDefault(finish, 0);
    }
}
