package org.donotanswer.guard.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The decision of a policy on an assessment. With a reason that {@linkplain Reason#isFailure() is a failure}, the
 * outcome is {@link Outcome#BLOCK}; only the fail mode of a guard may override that. Immutable, hence thread-safe.
 *
 * @param outcome the outcome
 * @param reason the reason for the outcome
 * @param probability the probability of harm, or of a risky instruction, in [0, 1]; empty if the evaluator gives none
 * @param threshold the threshold it was compared with, the lower one if it is below both; empty if there is none
 */
public record Decision(
        Outcome outcome, Reason reason, OptionalDouble probability, Optional<ReportedThreshold> threshold) {
    /** Checks that nothing is null. */
    public Decision {
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(probability, "probability");
        Objects.requireNonNull(threshold, "threshold");
    }

    /** Returns a decision without a probability. */
    public static Decision of(Outcome outcome, Reason reason) {
        return new Decision(outcome, reason, OptionalDouble.empty(), Optional.empty());
    }
}
