package org.donotanswer.guard.policy;

/** The reason for the outcome of a text. Immutable, hence thread-safe. */
public enum Reason {
    /** The probability of harm is below the thresholds. */
    BELOW_THRESHOLD(false),
    /** The action of the response passes whatever the probability of harm. */
    PASSING_ACTION(false),
    /** The text is blank, or only announces the call of a tool: there is nothing to evaluate. */
    NOTHING_TO_JUDGE(false),
    /** The probability of harm is within the review band. */
    REVIEW_BAND(false),
    /** The probability of harm is at or above the threshold. */
    HARMFUL(false),
    /** The action of the response is forbidden for this harm. */
    FORBIDDEN_ACTION(false),
    /** The response takes none of the actions that this harm requires. */
    MISSING_REQUIRED_ACTION(false),
    /** The risk of the instruction is at or above the threshold. */
    RISKY_INSTRUCTION(false),
    /** The text is not in a language that the evaluator reads; the policy decides what becomes of it. */
    UNSUPPORTED_LANGUAGE(false),
    /** The text has no words to judge, for example emoji or numbers only; the policy decides what becomes of it. */
    NO_WORDS(false),
    /** The reviewer declined to review the text, and the policy decides what becomes of it. */
    REVIEW_REFUSED(false),
    /** The review of the text cannot be read, and the policy decides what becomes of it. */
    UNPARSED_REVIEW(false),
    /**
     * The evaluator could not score the text, and the policy does not say what becomes of it; the assessment of the
     * verdict says why.
     */
    NOT_JUDGED(true),
    /** The policy needs a score that the evaluator does not give; blocked even by a guard that fails open. */
    MISSING_SCORE(true),
    /** The evaluator threw an exception. */
    EVALUATOR_FAILED(true),
    /** The evaluator missed the deadline. */
    DEADLINE_EXCEEDED(true),
    /** Too many texts were being checked at the time. */
    OVERLOADED(true),
    /** The check was cancelled, or its thread interrupted. */
    CANCELLED(true),
    /** The guard or its evaluator was closed. */
    CLOSED(true),
    /** The guard or its evaluator is set up wrongly; blocked even by a guard that fails open. */
    MISCONFIGURED(true),
    /** The text is longer than the guard allows. */
    TOO_LONG(true),
    /** The source of a stream was silent for too long. */
    IDLE_TIMEOUT(true);

    private final boolean failure;

    Reason(boolean failure) {
        this.failure = failure;
    }

    /** Returns whether the text could not be checked, so that the guard's fail mode decided. */
    public boolean isFailure() {
        return failure;
    }

    /**
     * Returns whether the guard, its policy or its evaluator is set up wrongly, so that the failure would not go away
     * by itself.
     */
    public boolean isConfigurationError() {
        return this == MISCONFIGURED || this == MISSING_SCORE;
    }
}
