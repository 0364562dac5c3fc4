package org.donotanswer.harness.analysis;

import java.util.Objects;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How an evaluator agrees with the reference. Intervals of precision, recall and F1 of the harmful class extend as far as the
 * bootstrap's or Wilson's, whichever is farther. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param action agreement on the six actions
 * @param harmful agreement on harmful or not
 * @param precision the precision of the class of harmful responses over all LLMs, with its interval
 * @param recall likewise
 * @param f1 likewise
 */
public record EvaluatorAgreement(
        String evaluator,
        LabelAgreement<ResponseAction> action,
        LabelAgreement<Boolean> harmful,
        Estimate precision,
        Estimate recall,
        Estimate f1) {
    /** Checks that nothing is null. */
    public EvaluatorAgreement {
        Objects.requireNonNull(evaluator, "evaluator");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(harmful, "harmful");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(recall, "recall");
        Objects.requireNonNull(f1, "f1");
    }
}
