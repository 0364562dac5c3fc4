package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.donotanswer.bench.UsageException;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Opens the evaluators of models, and those that come with dna. Implementations need not be thread-safe. */
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

    /**
     * Returns the evaluator of a name on the class path.
     *
     * @throws IllegalStateException if it is not there, or cannot work on this machine
     * @throws IOException if its model cannot be read
     */
    default SafetyEvaluator create(String name) throws IOException {
        try {
            return SafetyEvaluator.create(name);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Returns the evaluator of a model; the options were those of a command.
     *
     * @throws UsageException if an option does not fit a checkpoint
     * @throws IOException if the model cannot be fetched or read
     * @throws InterruptedException if the thread is interrupted while the model is fetched
     */
    default SafetyEvaluator openFitting(ModelChoice choice) throws IOException, InterruptedException {
        try {
            return open(choice);
        } catch (IllegalArgumentException e) {
            if (choice.isCheckpoint()) {
                throw new UsageException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }
}
