package org.donotanswer.harness.analysis;

import java.util.Objects;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.McNemar;

/**
 * How two evaluators differ. McNemar's test counts the answers that both labelled; the other figures are those that each has
 * on what it labelled, over all LLMs, and the same questions are resampled for both. Where they labelled answers that differ by
 * more than 1 %, these differences are not those of pairs, and have neither interval nor p-value (NaN). Immutable, hence thread-safe.
 *
 * @param first the one evaluator
 * @param second the other
 * @param bothAction of how many answers both and the reference labelled the action
 * @param bothHarmful of how many answers both and the reference judged the harm
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
