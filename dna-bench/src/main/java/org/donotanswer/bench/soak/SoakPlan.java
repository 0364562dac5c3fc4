package org.donotanswer.bench.soak;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.evaluate.Exchange;

/**
 * What a soak does. Immutable, hence thread-safe.
 *
 * @param evaluators the evaluators under load, at least one
 * @param exchanges what they evaluate, at least one
 * @param seed what every thread draws from, together with its number
 * @param threads the number of threads
 * @param budget when it ends
 * @param directory where files are written; they are deleted again
 * @param smallDisk a directory on a disk of a few megabytes, which is filled and emptied; empty if there is none
 */
public record SoakPlan(
        List<SoakedEvaluator> evaluators,
        List<Exchange> exchanges,
        long seed,
        int threads,
        SoakBudget budget,
        Path directory,
        Optional<Path> smallDisk) {
    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException if there is no evaluator, no exchange or no thread
     */
    public SoakPlan {
        evaluators = List.copyOf(evaluators);
        exchanges = List.copyOf(exchanges);
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(smallDisk, "smallDisk");
        if (evaluators.isEmpty() || exchanges.isEmpty() || threads < 1) {
            throw new IllegalArgumentException("evaluators, exchanges and threads must be at least 1, but were "
                    + evaluators.size() + ", " + exchanges.size() + " and " + threads);
        }
    }
}
