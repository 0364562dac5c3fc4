package org.donotanswer.guard.policy;

/** The outcome of a decision, from the mildest to the most severe. Immutable, hence thread-safe. */
public enum Outcome {
    /** The text may be shown. */
    ALLOW,
    /** Somebody should look at the text. Whether it is shown until then is up to the policy. */
    REVIEW,
    /** The text must not be shown. */
    BLOCK
}
