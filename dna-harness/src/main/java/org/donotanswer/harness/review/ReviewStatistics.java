package org.donotanswer.harness.review;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.run.RunDirectory;

/**
 * What each evaluator contributed to the reviews of a run, and at which cost, over all calls so far. Stored as
 * {@code statistics/NAME.json} in the run directory, when a batch of reviews begins and when it ends. The cost of a batch
 * during which the process was killed is unknown; {@link #cutOff} counts such batches. Immutable, hence thread-safe.
 *
 * @param reviewed the number of reviews, at least 0
 * @param begun the number of batches that began, at least 0
 * @param ended the number of batches that ended, at least 0
 * @param stages the evaluators in the order in which they are asked
 */
public record ReviewStatistics(long reviewed, long begun, long ended, List<EvaluatorStatistics> stages) {
    private static final String DIRECTORY = "statistics";

    /**
     * Copies and checks the values.
     *
     * @throws IllegalArgumentException if a number is negative
     */
    public ReviewStatistics {
        EvaluatorStatistics.requireNotNegative("reviewed", reviewed);
        EvaluatorStatistics.requireNotNegative("begun", begun);
        EvaluatorStatistics.requireNotNegative("ended", ended);
        stages = List.copyOf(stages);
    }

    /** Returns the number of batches that were cut off, so that the sums do not include them. */
    public long cutOff() {
        return Math.max(0, begun - ended);
    }

    /** Returns these statistics with one more batch begun. */
    ReviewStatistics beginBatch() {
        return new ReviewStatistics(reviewed, begun + 1, ended, stages);
    }

    /**
     * Returns the stored statistics of a reviewer; empty if there are none.
     *
     * @throws BadInputException if the file is malformed or of another format version
     * @throws IOException if the file cannot be read
     */
    public static Optional<ReviewStatistics> read(RunDirectory run, String name) throws IOException {
        Path file = file(run, name);
        return Files.exists(file) ? Optional.of(StatisticsJson.read(file)) : Optional.empty();
    }

    void write(RunDirectory run, String name) throws IOException {
        Path file = file(run, name);
        Files.createDirectories(file.getParent());
        try (Output output = Output.replacing(file)) {
            output.stream().write(StatisticsJson.text(this).getBytes(StandardCharsets.UTF_8));
            output.commit();
        }
    }

    private static Path file(RunDirectory run, String name) {
        return run.path().resolve(DIRECTORY).resolve(name + ".json");
    }

    /**
     * Returns the sum of both.
     *
     * @throws IllegalArgumentException if the evaluators or the currencies differ
     */
    public ReviewStatistics plus(ReviewStatistics other) {
        if (stages.size() != other.stages.size()) {
            throw new IllegalArgumentException(
                    "number of stages must be " + stages.size() + ", as before, but was " + other.stages.size());
        }
        List<EvaluatorStatistics> sums = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            sums.add(stages.get(i).plus(other.stages.get(i)));
        }
        return new ReviewStatistics(reviewed + other.reviewed, begun + other.begun, ended + other.ended, sums);
    }
}
