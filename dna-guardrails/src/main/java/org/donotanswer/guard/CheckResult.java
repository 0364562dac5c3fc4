package org.donotanswer.guard;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What reading a text came to: the part of a verdict that depends on the evaluator. Immutable, hence thread-safe.
 *
 * @param decision after the fail mode
 * @param assessment the one that decided; null if the evaluator said nothing
 * @param truncated whether part of the text was read by no evaluation
 * @param cached whether all that was read came from the cache
 * @param contextTurns how many earlier turns were read
 */
record CheckResult(
        Decision decision, @Nullable Assessment assessment, boolean truncated, boolean cached, int contextTurns) {
    /** Returns the judgement of a text that could not be judged. */
    static CheckResult failed(Reason reason, FailMode failMode) {
        return of(failMode.applyTo(Decision.of(Outcome.BLOCK, reason)));
    }

    /** Returns the judgement of a text that needed no evaluation. */
    static CheckResult of(Decision decision) {
        return new CheckResult(decision, null, false, false, 0);
    }

    /** Returns the judgement of a text that was evaluated once. */
    static CheckResult of(Decision decision, Assessment assessment, boolean cached) {
        return new CheckResult(decision, assessment, assessment instanceof Scored s && s.truncated(), cached, 0);
    }

    /** Returns whether reading more cannot change the decision: nothing is more severe, or the evaluator fails. */
    boolean isFinal() {
        return decision.outcome() == Outcome.BLOCK || decision.reason().isFailure();
    }

    /**
     * Returns the more severe of this judgement and one of more of the same text. Of two alike this one counts, unless the other
     * failed: a guard that fails open must not hide that.
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
