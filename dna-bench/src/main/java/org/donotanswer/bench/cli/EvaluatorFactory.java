package org.donotanswer.bench.cli;

import java.io.IOException;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Opens the evaluators of models. Implementations need not be thread-safe. */
@FunctionalInterface
interface EvaluatorFactory {
    /**
     * Returns the evaluator of a model.
     *
     * @throws IllegalArgumentException if an option does not fit the model
     * @throws IOException if the model cannot be fetched or read
     * @throws InterruptedException if the thread is interrupted while the model is fetched
     */
    SafetyEvaluator open(ModelChoice choice) throws IOException, InterruptedException;
}
