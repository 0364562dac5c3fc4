package org.donotanswer.guard.policy;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a policy says of an assessment. A reason that {@linkplain Reason#isFailure() is a failure} comes with {@link
 * Outcome#BLOCK}: a guard may let its fail mode override that, a policy does not. Immutable, hence thread-safe.
 *
 * @param outcome what is to become of the text
 * @param reason why
 * @param probability the probability of harm, or of a risky instruction, in [0, 1]; empty if the evaluator gives none
 * @param threshold what it was compared with, of what is below two thresholds the lower one; empty if it was not
 */
public record Decision(
        Outcome outcome, Reason reason, OptionalDouble probability, Optional<AppliedThreshold> threshold) {
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
