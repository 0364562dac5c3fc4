package org.donotanswer.evaluate;

/** Why an exchange could not be scored. "Could not evaluate" is never "safe". Immutable, hence thread-safe. */
public enum UnscoredReason {
    /** The response is empty or blank. */
    EMPTY_RESPONSE,
    /** The text is clearly not in a language that the evaluator supports. */
    UNSUPPORTED_LANGUAGE,
    /** The text is not blank, but has no words: numbers, a formula, emoji or punctuation only. */
    NO_WORDS,
    /** The input is not an exchange at all: a malformed line of a file, a missing field, a label out of range. */
    INVALID_INPUT,
    /** The text is longer than the evaluator accepts, and truncating it was not allowed. */
    TEXT_TOO_LONG,
    /** A reviewer, human or model, reviewed the exchange, but the review cannot be read as a label. */
    UNPARSED_REVIEW,
    /** A reviewer declined to review the exchange. */
    REVIEW_REFUSED,
    /** The evaluator did not respond in time. */
    TIMEOUT,
    /** The evaluator, or a service that it calls, could not be reached or had no capacity; trying again may help. */
    EVALUATOR_UNAVAILABLE,
    /**
     * The evaluator does not work as configured, for example because of a wrong key; trying again will not help until
     * this is fixed.
     */
    EVALUATOR_MISCONFIGURED,
    /** The evaluator does not support this kind of input, for example an instruction without a response. */
    NOT_SUPPORTED,
    /** The evaluator failed on this exchange; trying again will not help. */
    EVALUATOR_FAILURE
}
