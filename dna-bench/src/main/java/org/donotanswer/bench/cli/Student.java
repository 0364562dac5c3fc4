package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;

/** What is trained by a distillation. Used once; implementations are not thread-safe. */
interface Student extends AutoCloseable {
    /**
     * Trains on examples, writes the model, and returns its evaluator.
     *
     * @param data the SHA-256 of what the examples come from, by its name
     * @throws IOException if the examples lack labels, or the model cannot be written
     */
    SafetyEvaluator learn(List<TrainingExample> examples, Map<String, String> data)
            throws IOException, InterruptedException;

    /** Discards what is not complete. */
    @Override
    void close() throws IOException;
}
