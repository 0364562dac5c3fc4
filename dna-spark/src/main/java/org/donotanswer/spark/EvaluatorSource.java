package org.donotanswer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.NameSuggestion;

/** Where executors get an evaluator from: the class path, by its name, or a file or directory. Stateless, hence thread-safe. */
final class EvaluatorSource {
    static final String EMBEDDED = "embedded";

    private static final List<String> NAMES = List.of(EMBEDDED, "encoder", "cascade");

    private EvaluatorSource() {}

    /**
     * Checks, without looking for it, what names an evaluator.
     *
     * @throws IllegalArgumentException if it is neither a name nor a path
     */
    static void check(String evaluator) {
        String required = "evaluator must be " + String.join(", ", NAMES) + " or a path, but was '" + evaluator + "'";
        if (evaluator.isBlank()) {
            throw new IllegalArgumentException(required);
        }
        if (evaluator.startsWith("hf:") || evaluator.contains("://")) {
            throw new IllegalArgumentException(
                    required + " (ship it with --files or --archives, or put it at the same path on every node)");
        }
        try {
            Path unused = Path.of(evaluator);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(required, e);
        }
    }

    /** Returns the name of an evaluator of the class path, or the absolute path of its model in this process. */
    static String locate(String evaluator) {
        if (NAMES.contains(evaluator) || Path.of(evaluator).isAbsolute()) {
            return evaluator;
        }
        return SparkFiles.get(evaluator);
    }

    /**
     * Returns an evaluator.
     *
     * @param evaluator what the user wrote
     * @param located what {@link #locate} made of it
     * @throws IllegalStateException if there is no such model here, or no such evaluator on the class path
     * @throws UncheckedIOException if the model cannot be read or is damaged
     */
    static SafetyEvaluator open(String evaluator, String located) {
        if (NAMES.contains(located)) {
            return SafetyEvaluator.create(located);
        }
        Path path = Path.of(located);
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    "model must be on every executor, but " + path + " was missing on " + process()
                            + " (ship it with --files or --archives, or put it at an absolute path on every node)"
                            + NameSuggestion.suggestion(evaluator, NAMES));
        }
        try {
            return SafetyEvaluator.load(path);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "model must be readable on every executor, but " + path + " was not on " + process() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Returns which process of the cluster this is, by the names that Spark has for it. */
    private static String process() {
        SparkEnv environment = SparkEnv.get();
        return "host " + environment.blockManager().blockManagerId().host() + ", executor " + environment.executorId();
    }
}
