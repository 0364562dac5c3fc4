package org.donotanswer.classifier.transformer;

/** What a checkpoint is computed in. Immutable, hence thread-safe. */
public enum Precision {
    /** 32 bits, as the reference computes: the default. */
    FLOAT32,
    /** 16 bits, 11 of them significant. A gain where the processor multiplies them natively, an error where it cannot. */
    FLOAT16,
    /** 16 bits, 8 of them significant. A gain where the processor multiplies them natively, an error where it cannot. */
    BFLOAT16,
    /**
     * The fastest that a probe at start-up finds to be worth it on this processor, with decisions unchanged and
     * probabilities within .01 on the probe's inputs; else 32 bits.
     */
    AUTO;

    boolean isHalf() {
        return this == FLOAT16 || this == BFLOAT16;
    }
}
