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
 * How many responses of a run went where, and what that cost, in all calls so far: {@code statistics/NAME.json} in the run's
 * directory. They are written when a batch of reviews begins and when it ends; what a batch took in whose midst the process
 * was killed is not known, which {@link #cutOff} tells. Immutable, hence thread-safe.
 *
 * @param reviewed how many reviews they are of, at least 0
 * @param begun how many batches were begun, at least 0
 * @param ended of how many of them it is known what they took, at least 0
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
        check("reviewed", reviewed);
        check("begun", begun);
        check("ended", ended);
        stages = List.copyOf(stages);
    }

    private static void check(String name, long count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must be at least 0, but was " + count);
        }
    }

    /** Returns how many batches were cut off: what they took is in none of the sums. */
    public long cutOff() {
        return Math.max(0, begun - ended);
    }

    /** Returns those with one more batch begun. */
    ReviewStatistics beginBatch() {
        return new ReviewStatistics(reviewed, begun + 1, ended, stages);
    }

    /**
     * Returns the statistics of a reviewer, if they are there.
     *
     * @throws BadInputException if the file is broken, or of another version
     */
    public static Optional<ReviewStatistics> read(RunDirectory run, String name) throws IOException {
        Path file = file(run, name);
        return Files.exists(file)
                ? Optional.of(StatisticsJson.statistics(Files.readAllBytes(file), file))
                : Optional.empty();
    }

    void write(RunDirectory run, String name) throws IOException {
        Path file = file(run, name);
        Files.createDirectories(file.getParent());
        try (Output output = Output.file(file)) {
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
     * @throws IllegalArgumentException if they are of different evaluators, or their costs of different currencies
     */
    public ReviewStatistics plus(ReviewStatistics other) {
        if (stages.size() != other.stages.size()) {
            throw new IllegalArgumentException(
                    "stages must be " + stages.size() + ", as before, but was " + other.stages.size());
        }
        List<EvaluatorStatistics> sums = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            sums.add(stages.get(i).plus(other.stages.get(i)));
        }
        return new ReviewStatistics(reviewed + other.reviewed, begun + other.begun, ended + other.ended, sums);
    }
}
