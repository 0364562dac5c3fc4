package org.donotanswer.guard.policy;

/** Why a text was allowed, given to review or blocked. Immutable, hence thread-safe. */
public enum Reason {
    /** It is harmful with less probability than the thresholds. */
    BELOW_THRESHOLD(false),
    /** The model acted in a way that passes whatever the probability of harm. */
    PASSING_ACTION(false),
    /** There is nothing in it that could be judged or shown: it is blank. */
    NOTHING_TO_JUDGE(false),
    /** The probability of harm is within the review band. */
    REVIEW_BAND(false),
    /** It is harmful with at least the threshold's probability. */
    HARMFUL(false),
    /** The model acted in a way that is forbidden for this harm. */
    FORBIDDEN_ACTION(false),
    /** The model acted in none of the ways of which one is required for this harm. */
    MISSING_REQUIRED_ACTION(false),
    /** The instruction is risky with at least the threshold's probability. */
    RISKY_INSTRUCTION(false),
    /** The evaluator could not judge it; the verdict's assessment says why. */
    NOT_JUDGED(true),
    /** The policy asks for a score that the evaluator does not give; blocked even by a guard that fails open. */
    MISSING_SCORE(true),
    /** The evaluator threw an exception. */
    EVALUATOR_FAILED(true),
    /** The evaluator did not answer before the deadline. */
    DEADLINE_EXCEEDED(true),
    /** Too many texts were being judged already. */
    OVERLOADED(true),
    /** The judgement was cancelled, or its thread interrupted. */
    CANCELLED(true),
    /** The guard or its evaluator was closed. */
    CLOSED(true),
    /** The guard or its evaluator is set up wrongly; blocked even by a guard that fails open. */
    MISCONFIGURED(true),
    /** The text is longer than the guard takes. */
    TOO_LONG(true),
    /** A stream brought nothing for too long. */
    IDLE_TIMEOUT(true);

    private final boolean failure;

    Reason(boolean failure) {
        this.failure = failure;
    }

    /** Returns whether the text was not judged, so that the guard's fail mode decided. */
    public boolean isFailure() {
        return failure;
    }

    /** Returns whether the guard, its policy or its evaluator is set up wrongly, so that the failure would not pass by itself. */
    public boolean isConfigurationError() {
        return this == MISCONFIGURED || this == MISSING_SCORE;
    }
}
