package org.donotanswer.guard;

import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;

/** How a guard treats texts that it could not check. Immutable, hence thread-safe. */
public enum FailMode {
    /** They are blocked. The default. */
    CLOSED,
    /**
     * They are shown, and the verdict says that they were not checked. If the guard or its evaluator is set up
     * wrongly, they are blocked all the same: such a failure does not go away by itself.
     */
    OPEN;

    /**
     * Returns the decision after this mode was applied: only a decision on a text that could not be checked changes.
     */
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
