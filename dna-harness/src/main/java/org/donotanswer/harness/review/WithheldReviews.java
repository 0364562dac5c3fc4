package org.donotanswer.harness.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.harness.run.CollectedResponse;

/**
 * The reviews of a batch that are not believed yet: a stage failed on them that had nothing to say of any other response of
 * the batch, so that the fault may be its own. Not thread-safe.
 */
final class WithheldReviews {
    private final List<CollectedResponse> part;
    private final ReviewedBatch batch;

    /** The stages in doubt, by exchange. */
    private final TreeMap<Integer, Set<Integer>> doubts = new TreeMap<>();

    WithheldReviews(List<CollectedResponse> part, ReviewedBatch batch) {
        this.part = part;
        this.batch = batch;
        for (int exchange = 0; exchange < part.size(); exchange++) {
            Set<Integer> stages = batch.doubts(exchange);
            if (batch.isFinal(exchange) && !stages.isEmpty()) {
                doubts.put(exchange, stages);
            }
        }
    }

    List<CollectedResponse> part() {
        return part;
    }

    ReviewedBatch batch() {
        return batch;
    }

    boolean holds(int exchange) {
        return doubts.containsKey(exchange);
    }

    /** Returns how many reviews are held back. */
    int size() {
        return doubts.size();
    }

    /** Returns the exchanges of which no stage is in doubt any more now that some work, and lets them go. */
    Set<Integer> release(IntPredicate works) {
        doubts.values().forEach(stages -> stages.removeIf(works::test));
        List<Integer> free = new ArrayList<>(doubts.keySet());
        free.removeIf(exchange -> !doubts.getOrDefault(exchange, Set.of()).isEmpty());
        free.forEach(doubts::remove);
        return Set.copyOf(free);
    }

    /** Returns how a stage in doubt failed, if one is. */
    Optional<Unscored> failure() {
        return doubts.entrySet().stream()
                .flatMap(doubt ->
                        doubt.getValue().stream().flatMap(stage -> batch.failure(stage, doubt.getKey()).stream()))
                .findFirst();
    }
}
