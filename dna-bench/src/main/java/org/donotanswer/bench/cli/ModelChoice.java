package org.donotanswer.bench.cli;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.donotanswer.classifier.transformer.TransformerEvaluator;

/**
 * Which model is to judge, and how.
 *
 * @param model empty for the one on the class path
 * @param action the checkpoint that judges the action, where the model judges harmfulness alone
 * @param checkLanguage whether text that is clearly not in the model's language is left unscored, for models that have the
 *     choice
 * @param options what to set for checkpoints; empty if nothing was asked for, so that the model may be of any kind
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

    /** Returns whether only a checkpoint will do. */
    boolean isCheckpoint() {
        return action.isPresent()
                || options.isPresent()
                || model.filter(ModelLocation.Hosted.class::isInstance).isPresent();
    }
}
