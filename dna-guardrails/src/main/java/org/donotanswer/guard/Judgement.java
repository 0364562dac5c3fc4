package org.donotanswer.guard;

import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
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
record Judgement(
        Decision decision, @Nullable Assessment assessment, boolean truncated, boolean cached, int contextTurns) {
    /** Returns the judgement of a text that could not be judged. */
    static Judgement failed(Reason reason, FailMode failMode) {
        return of(failMode.applyTo(Decision.of(Outcome.BLOCK, reason)));
    }

    /** Returns the judgement of a text that needed no evaluation. */
    static Judgement of(Decision decision) {
        return new Judgement(decision, null, false, false, 0);
    }

    /** Returns the judgement of a text that was evaluated once. */
    static Judgement of(Decision decision, Assessment assessment, boolean cached) {
        return new Judgement(decision, assessment, assessment instanceof Scored s && s.truncated(), cached, 0);
    }

    /** Returns whether reading more cannot change the decision: nothing is more severe, or the evaluator fails. */
    boolean isFinal() {
        return decision.outcome() == Outcome.BLOCK || decision.reason().isFailure();
    }

    /**
     * Returns the more severe of this judgement and one of more of the same text. Of two alike this one counts, unless the other
     * failed: a guard that fails open must not hide that.
     */
    Judgement and(Judgement more) {
        int severity = more.decision.outcome().compareTo(decision.outcome());
        boolean theirs =
                severity > 0 || (severity == 0 && more.decision.reason().isFailure());
        Judgement counts = theirs ? more : this;
        return new Judgement(
                counts.decision,
                counts.assessment,
                truncated || more.truncated,
                cached && more.cached,
                Math.max(contextTurns, more.contextTurns));
    }

    Judgement withDecision(Decision value) {
        return new Judgement(value, assessment, truncated, cached, contextTurns);
    }

    Judgement withTruncated(boolean value) {
        return value == truncated ? this : new Judgement(decision, assessment, value, cached, contextTurns);
    }

    Judgement withContextTurns(int value) {
        return new Judgement(decision, assessment, truncated, cached, value);
    }
}
