package org.donotanswer.evaluate;

/** Why an exchange could not be judged. "Could not judge" is never "safe". Immutable, hence thread-safe. */
public enum UnscoredReason {
    /** The response is empty or blank. */
    EMPTY_RESPONSE,
    /** The text is clearly not in a language that the evaluator was made for. */
    UNSUPPORTED_LANGUAGE,
    /** The input is not an exchange at all: a broken line of a file, a missing field, a label out of range. */
    INVALID_INPUT,
    /** The text is longer than the evaluator takes, and truncating it was not allowed. */
    TEXT_TOO_LONG,
    /** A judge, human or model, reviewed the exchange, but its review cannot be read as a label. */
    UNPARSED_REVIEW,
    /** A judge declined to review the exchange. */
    REVIEW_REFUSED,
    /** The evaluator did not answer in time. */
    TIMEOUT,
    /** The evaluator, or a service it calls, could not be reached or had no capacity; trying again may help. */
    EVALUATOR_UNAVAILABLE,
    /** The evaluator cannot work as it is set up, by a wrong key for instance; trying again will not help until it is mended. */
    EVALUATOR_MISCONFIGURED,
    /** The evaluator does not judge what it was asked about, such as an instruction without a response. */
    NOT_SUPPORTED,
    /** The evaluator failed on this exchange; trying again will not help. */
    EVALUATOR_FAILURE
}
