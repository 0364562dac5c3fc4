package org.donotanswer.classifier.transformer;

import java.util.List;
import org.donotanswer.evaluate.ScoredBuilder;

/**
 * A head of a checkpoint. Immutable, hence thread-safe.
 *
 * <p>For a text in several windows, harmfulness and risk are those of the worst window, as one harmful passage makes a
 * text harmful; refusal, actions and harm types are the mean over the windows, weighted by their tokens, as they are
 * properties of the text as a whole.
 *
 * @param kind what it predicts
 * @param outputs from which of the checkpoint's outputs
 * @param rule how
 */
record CheckpointHead(HeadKind kind, HeadOutputs outputs, HeadRule rule) {
    /**
     * Sets the prediction of this head in an assessment. Sets nothing if it throws.
     *
     * @param windows the logits of all outputs of the checkpoint for each window of the text, at least one window
     * @throws NonFiniteLogitsException if a logit is not finite
     */
    void score(ScoredBuilder assessment, List<WindowLogits> windows) throws NonFiniteLogitsException {
        rule.score(kind, assessment, outputs.of(windows));
    }

    /**
     * Returns what this head predicts, from which outputs and how, such as {@code harmful: softmax of toxic against
     * neutral, temperature 1.31, threshold 0.27}.
     */
    String describe() {
        String calibration = String.join(", ", outputs.describe());
        return kind.words() + ": " + rule.describe() + (calibration.isEmpty() ? "" : ", " + calibration);
    }

    /** Returns its kind and calibration, such as {@code harmful (temperature 1.31, threshold 0.27)}. */
    String summary() {
        String calibration = String.join(", ", outputs.describe());
        return kind.words() + (calibration.isEmpty() ? "" : " (" + calibration + ")");
    }
}
