package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Provides evaluators with a transformer checkpoint in a directory, with the default options. Thread-safe. */
public final class TransformerEvaluatorProvider implements EvaluatorProvider {
    /** Makes the provider; for {@link java.util.ServiceLoader}. */
    public TransformerEvaluatorProvider() {}

    @Override
    public String name() {
        return "transformer";
    }

    /** Returns whether it is a directory with a {@code config.json}, weights, or a TorchScript file. */
    @Override
    public boolean supports(Path model) throws IOException {
        return Checkpoint.isCheckpoint(model);
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        return TransformerEvaluator.load(model);
    }
}
