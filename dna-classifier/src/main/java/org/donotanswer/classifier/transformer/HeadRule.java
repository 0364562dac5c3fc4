package org.donotanswer.classifier.transformer;

import java.util.List;
import org.donotanswer.evaluate.ScoredBuilder;

/** How the logits of a head become a prediction. Implementations are immutable, hence thread-safe. */
sealed interface HeadRule permits EventHead, ActionHead, HarmTypeHead {
    /**
     * Sets the prediction in an assessment.
     *
     * @param kind what the head predicts
     * @param windows the finite logits of the head's outputs for each window of the text, at least one window
     */
    void score(HeadKind kind, ScoredBuilder assessment, List<WindowLogits> windows);

    /** Returns the rule in words, such as {@code softmax of toxic against neutral}. */
    String describe();
}
