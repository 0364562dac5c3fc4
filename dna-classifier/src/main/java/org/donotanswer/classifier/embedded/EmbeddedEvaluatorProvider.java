package org.donotanswer.classifier.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.evaluate.EvaluatorProvider;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Provides evaluators of the embedded model: the one shipped with the library, or one from a file. Thread-safe. */
public final class EmbeddedEvaluatorProvider implements EvaluatorProvider {
    /** Creates the provider; for {@link java.util.ServiceLoader}. */
    public EmbeddedEvaluatorProvider() {}

    @Override
    public String name() {
        return "embedded";
    }

    @Override
    public Optional<SafetyEvaluator> createDefault() throws IOException {
        return Optional.of(EmbeddedEvaluator.of(EmbeddedModel.shipped()));
    }

    @Override
    public boolean supports(Path model) throws IOException {
        return ModelFile.isModel(model);
    }

    @Override
    public SafetyEvaluator load(Path model) throws IOException {
        return EmbeddedEvaluator.of(EmbeddedModel.load(model));
    }
}
