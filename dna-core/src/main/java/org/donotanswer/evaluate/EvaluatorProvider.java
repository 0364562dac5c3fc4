package org.donotanswer.evaluate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Creates evaluators of one kind. Implementations are found by {@link java.util.ServiceLoader}, have a public
 * constructor without arguments that does no work, and are thread-safe.
 */
public interface EvaluatorProvider {
    /**
     * Returns the name of this kind of evaluator, for example "embedded": {@link SafetyEvaluator#create(String)} finds it by this
     * name, and it appears in messages.
     */
    String name();

    /**
     * Returns the priority of this provider: among those that support a request, the highest one handles it. Zero by
     * default.
     */
    default int priority() {
        return 0;
    }

    /**
     * Returns the priority of this provider among those that may create the evaluator of a guard. A guard has everything
     * evaluated while people wait, so that another evaluator may suit it best. The {@linkplain #priority() priority} for all other
     * uses by default.
     */
    default int guardPriority() {
        return priority();
    }

    /**
     * Returns an evaluator that needs no model file, or empty if this kind always needs one. Empty by default.
     *
     * @throws IOException if the provider's own model cannot be read
     */
    default Optional<SafetyEvaluator> createDefault() throws IOException {
        return Optional.empty();
    }

    /**
     * Returns whether the file or directory looks like a model of this kind. The check is quick, by names and first
     * bytes; true does not promise that the model is valid.
     *
     * @throws IOException if the file or directory cannot be read
     */
    boolean supports(Path model) throws IOException;

    /**
     * Returns an evaluator with a model that {@link #supports} accepts.
     *
     * @throws ModelFormatException if the model is damaged or too new
     * @throws IOException if it cannot be read
     */
    SafetyEvaluator load(Path model) throws IOException;
}
