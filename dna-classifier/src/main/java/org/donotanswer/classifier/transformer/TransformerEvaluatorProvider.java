package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * Provides evaluators that use the transformer checkpoint in a directory, with default options. Stateless, hence
 * thread-safe.
 */
public final class TransformerEvaluatorProvider implements EvaluatorProvider {
    /** Creates the provider; called by {@link java.util.ServiceLoader}. */
    public TransformerEvaluatorProvider() {}

    @Override
    public String name() {
        return "transformer";
    }

    /** Returns whether the path is a directory with a {@code config.json}, weights, or a TorchScript file. */
    @Override
    public boolean supports(Path model) throws IOException {
        return CheckpointDirectory.isCheckpoint(model);
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        return TransformerEvaluator.load(model);
    }
}
