package org.donotanswer.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.donotanswer.evaluate.ModelFormatException;
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
     * @throws UnavailableEvaluatorException if there is no such model here, it is damaged, or the evaluator cannot work here, as
     *     its artifact or its native library is missing
     * @throws UncheckedIOException if the model cannot be read, which may be better the next time
     */
    static SafetyEvaluator open(String evaluator, String located) {
        try {
            return NAMES.contains(located) ? SafetyEvaluator.create(located) : load(evaluator, Path.of(located));
        } catch (UnavailableEvaluatorException e) {
            throw e;
        } catch (IllegalArgumentException | IllegalStateException | LinkageError | ServiceConfigurationError e) {
            throw new UnavailableEvaluatorException(unable("work", located, e), e);
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof ModelFormatException) {
                throw new UnavailableEvaluatorException(unable("work", located, e), e);
            }
            throw e;
        }
    }

    private static SafetyEvaluator load(String evaluator, Path path) {
        if (!Files.exists(path)) {
            throw new UnavailableEvaluatorException(
                    "model must be on every executor, but " + path + " was missing on " + process()
                            + " (ship it with --files or --archives, or put it at an absolute path on every node)"
                            + NameSuggestion.suggestion(evaluator, NAMES));
        }
        try {
            return SafetyEvaluator.load(path);
        } catch (ModelFormatException e) {
            throw new UnavailableEvaluatorException(unable("load", path.toString(), e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(unable("load", path.toString(), e), e);
        }
    }

    private static String unable(String requirement, String located, Throwable failure) {
        String message = Objects.requireNonNullElse(failure.getMessage(), "")
                .lines()
                .findFirst()
                .orElse("");
        return "evaluator must " + requirement + " on every executor, but " + located + " did not on " + process()
                + ": "
                + (message.isBlank() ? failure.getClass().getSimpleName() : message);
    }

    /** Returns which process of the cluster this is, by the names that Spark has for it. */
    private static String process() {
        SparkEnv environment = SparkEnv.get();
        return "host " + environment.blockManager().blockManagerId().host() + ", executor " + environment.executorId();
    }
}
