package org.donotanswer.guard;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The result of a check: the part of a verdict that depends on the evaluator. Immutable, hence thread-safe.
 *
 * @param decision the decision, after the fail mode was applied
 * @param assessment the assessment that decided; null if there is none
 * @param truncated whether no evaluation read part of the text
 * @param cached whether all assessments came from the cache
 * @param contextTurns how many earlier turns were read
 */
record CheckResult(
        Decision decision, @Nullable Assessment assessment, boolean truncated, boolean cached, int contextTurns) {
    /** Returns the result for a text that could not be checked. */
    static CheckResult failed(Reason reason, FailMode failMode) {
        return of(failMode.applyTo(Decision.of(Outcome.BLOCK, reason)));
    }

    /** Returns the result for a text that needed no evaluation. */
    static CheckResult of(Decision decision) {
        return new CheckResult(decision, null, false, false, 0);
    }

    /** Returns the result for a text that was evaluated once. */
    static CheckResult of(Decision decision, Assessment assessment, boolean cached) {
        return new CheckResult(decision, assessment, assessment instanceof Scored s && s.truncated(), cached, 0);
    }

    /**
     * Returns whether further evaluations cannot change the decision: nothing is more severe, or the evaluator fails.
     */
    boolean isFinal() {
        return decision.outcome() == Outcome.BLOCK || decision.reason().isFailure();
    }

    /**
     * Returns the more severe of this result and another one for more of the same text. If they are equally severe,
     * this one counts, unless the other one failed: a guard that fails open must not hide a failure.
     */
    CheckResult and(CheckResult more) {
        int severity = more.decision.outcome().compareTo(decision.outcome());
        boolean theirs =
                severity > 0 || (severity == 0 && more.decision.reason().isFailure());
        CheckResult counts = theirs ? more : this;
        return new CheckResult(
                counts.decision,
                counts.assessment,
                truncated || more.truncated,
                cached && more.cached,
                Math.max(contextTurns, more.contextTurns));
    }

    CheckResult withDecision(Decision value) {
        return new CheckResult(value, assessment, truncated, cached, contextTurns);
    }

    CheckResult withTruncated(boolean value) {
        return value == truncated ? this : new CheckResult(decision, assessment, value, cached, contextTurns);
    }

    CheckResult withContextTurns(int value) {
        return new CheckResult(decision, assessment, truncated, cached, value);
    }
}
