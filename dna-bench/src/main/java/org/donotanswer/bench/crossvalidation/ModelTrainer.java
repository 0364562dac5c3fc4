package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Trains models for cross-validation. Implementations are thread-safe. */
@FunctionalInterface
public interface ModelTrainer {
    /** Returns an evaluator trained on nothing but the examples; the same for the same examples and seed. */
    SafetyEvaluator train(List<TrainingExample> examples, long seed);

    /**
     * Does the same for a fold with a name, which has no influence on the model.
     *
     * @param fold the protocol and the name of the fold in it, separated by a slash
     */
    default SafetyEvaluator train(String fold, List<TrainingExample> examples, long seed) {
        return train(examples, seed);
    }
}
