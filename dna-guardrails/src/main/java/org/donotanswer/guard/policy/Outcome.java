package org.donotanswer.guard.policy;

/** What is to become of a text. From the mildest to the severest. Immutable, hence thread-safe. */
public enum Outcome {
    /** It may be shown. */
    ALLOW,
    /** Somebody should look at it; whether it is shown until then is up to the policy. */
    REVIEW,
    /** It must not be shown. */
    BLOCK
}
