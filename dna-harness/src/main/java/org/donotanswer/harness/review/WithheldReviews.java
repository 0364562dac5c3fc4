package org.donotanswer.harness.review;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.harness.run.CollectedResponse;

/**
 * The reviews of a batch that are not written yet, as a stage failed on them that did not work on any other response of the
 * batch: it may be the stage that is broken. Not thread-safe.
 */
final class WithheldReviews {
    private final List<CollectedResponse> responses;
    private final ReviewedBatch batch;
    private final TreeMap<Integer, Set<Integer>> suspectsByExchange = new TreeMap<>();

    WithheldReviews(List<CollectedResponse> responses, ReviewedBatch batch) {
        this.responses = responses;
        this.batch = batch;
        for (int exchange = 0; exchange < responses.size(); exchange++) {
            Set<Integer> suspects = batch.suspects(exchange);
            if (batch.isFinal(exchange) && !suspects.isEmpty()) {
                suspectsByExchange.put(exchange, suspects);
            }
        }
    }

    List<CollectedResponse> responses() {
        return responses;
    }

    ReviewedBatch batch() {
        return batch;
    }

    boolean contains(int exchange) {
        return suspectsByExchange.containsKey(exchange);
    }

    int size() {
        return suspectsByExchange.size();
    }

    /** Removes and returns the exchanges whose suspect stages are all known to work now. */
    Set<Integer> release(IntPredicate works) {
        suspectsByExchange.values().forEach(stages -> stages.removeIf(works::test));
        Set<Integer> released = suspectsByExchange.entrySet().stream()
                .filter(entry -> entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        suspectsByExchange.keySet().removeAll(released);
        return released;
    }

    /** Returns the first failure of a suspect stage. */
    Optional<Unscored> failure() {
        return suspectsByExchange.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().stream().flatMap(stage -> batch.failure(stage, entry.getKey()).stream()))
                .findFirst();
    }
}
