package org.donotanswer.bench.cli;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.donotanswer.classifier.transformer.TransformerEvaluator;

/**
 * Which model evaluates, and how. Immutable, hence thread-safe.
 *
 * @param model the location of the model; empty for the embedded one
 * @param action the checkpoint that determines the action if the model only determines harmfulness
 * @param checkLanguage whether text that is clearly not in the model's language is left unscored, for models with this
 *     option
 * @param options sets the options of a checkpoint; empty if none was given, so that the model may be of any kind
 */
record ModelChoice(
        Optional<ModelLocation> model,
        Optional<ModelLocation> action,
        boolean checkLanguage,
        Optional<Consumer<TransformerEvaluator.Builder>> options) {
    ModelChoice {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(options, "options");
        if (model.isEmpty() && (action.isPresent() || options.isPresent())) {
            throw new IllegalArgumentException("options of checkpoints must go with a model, but were without");
        }
    }

    /** Returns whether the model must be a checkpoint. */
    boolean isCheckpoint() {
        return action.isPresent()
                || options.isPresent()
                || model.filter(ModelLocation.Hosted.class::isInstance).isPresent();
    }
}
