package org.donotanswer.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes evaluators of one kind. Implementations are found by {@link java.util.ServiceLoader}, have a public constructor
 * without arguments that does no work, and are thread-safe.
 */
public interface EvaluatorProvider {
    /** Returns the name of this kind of evaluator, such as "embedded"; it appears in messages. */
    String name();

    /** Returns the rank of this provider: of those that can do what is asked, the highest does it. Zero by default. */
    default int priority() {
        return 0;
    }

    /**
     * Returns an evaluator that needs no model file, or empty if this kind always needs one. Empty by default.
     *
     * @throws IOException if the model that comes with the provider cannot be read
     */
    default Optional<SafetyEvaluator> createDefault() throws IOException {
        return Optional.empty();
    }

    /**
     * Returns whether the file or directory looks like a model of this kind. The answer is quick, from names and first
     * bytes; true does not promise that the model is sound.
     *
     * @throws IOException if the file or directory cannot be looked into
     */
    boolean supports(Path model) throws IOException;

    /**
     * Returns an evaluator with a model that {@link #supports} knows.
     *
     * @throws ModelFormatException if the model is damaged or too new
     * @throws IOException if it cannot be read
     */
    SafetyEvaluator load(Path model) throws IOException;
}
