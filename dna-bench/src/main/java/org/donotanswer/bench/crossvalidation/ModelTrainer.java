package org.donotanswer.bench.crossvalidation;

import java.util.List;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Trains models for cross-validation. Implementations are thread-safe. */
@FunctionalInterface
public interface ModelTrainer {
    /** Returns an evaluator trained on nothing but the examples; the same for the same examples and seed. */
    SafetyEvaluator train(List<TrainingExample> examples, long seed);
}
