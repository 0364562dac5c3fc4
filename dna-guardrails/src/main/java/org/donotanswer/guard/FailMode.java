package org.donotanswer.guard;

import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;

/** What a guard does with a text that it could not have judged. Immutable, hence thread-safe. */
public enum FailMode {
    /** It is blocked. The default. */
    CLOSED,
    /**
     * It is shown, and the verdict says that it was not judged. Where the guard or its evaluator is set up wrongly, it is blocked
     * all the same: such a failure would not pass by itself.
     */
    OPEN;

    /** Returns what this mode makes of a policy's decision: only of one that says that the text was not judged, another. */
    Decision applyTo(Decision decision) {
        Reason reason = decision.reason();
        if (this == CLOSED
                || !reason.isFailure()
                || reason.isConfigurationError()
                || decision.outcome() == Outcome.ALLOW) {
            return decision;
        }
        return new Decision(Outcome.ALLOW, reason, decision.probability(), decision.threshold());
    }
}
