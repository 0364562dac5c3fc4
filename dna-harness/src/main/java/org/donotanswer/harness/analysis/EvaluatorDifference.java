package org.donotanswer.harness.analysis;

import java.util.Objects;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.McNemar;

/**
 * How two evaluators differ. McNemar's test counts the responses that both labelled. The differences compare the score of each
 * on what it labelled, over all LLMs, with the same resampled questions for both. If the sets of responses that they labelled
 * differ by more than 1 %, the differences are not paired, and have neither an interval nor a p-value (NaN). Immutable, hence
 * thread-safe.
 *
 * @param first one evaluator
 * @param second the other
 * @param bothAction how many responses have a label of the action by both and the reference
 * @param bothHarmful how many responses have a label of harm by both and the reference
 * @param action whether both are right on the action equally often
 * @param harmful whether both are right on harm equally often
 * @param actionMacroF1 the difference between their macro F1 of actions
 * @param harmfulMacroF1 the difference between their macro F1 of harmful or not
 * @param harmfulF1 the difference between their F1 of the class of harmful responses
 */
public record EvaluatorDifference(
        String first,
        String second,
        long bothAction,
        long bothHarmful,
        McNemar action,
        McNemar harmful,
        Comparison actionMacroF1,
        Comparison harmfulMacroF1,
        Comparison harmfulF1) {
    /** Checks that nothing is null. */
    public EvaluatorDifference {
        Objects.requireNonNull(first, "first");
        Objects.requireNonNull(second, "second");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(actionMacroF1, "actionMacroF1");
        Objects.requireNonNull(harmfulMacroF1, "harmfulMacroF1");
        Objects.requireNonNull(harmfulF1, "harmfulF1");
    }
}
