package org.donotanswer.classifier.transformer;

/** The precision of a checkpoint's computation. Immutable, hence thread-safe. */
public enum Precision {
    /** 32 bits, as in the reference: the default. */
    FLOAT32,
    /**
     * 16 bits, of which 11 are significant. Faster on processors that multiply them natively; an error on those that
     * cannot.
     */
    FLOAT16,
    /**
     * 16 bits, of which 8 are significant. Faster on processors that multiply them natively; an error on those that
     * cannot.
     */
    BFLOAT16,
    /**
     * The fastest precision that pays off on this processor according to a probe at start-up, provided that on the
     * probe's inputs decisions are unchanged and probabilities differ by at most .01; otherwise 32 bits.
     */
    AUTO;

    boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }
}
