package org.donotanswer.classifier.transformer;

/**
 * How an exchange is fed to a checkpoint. It must match the form that the checkpoint was trained on. Immutable, hence
 * thread-safe.
 */
public enum InputFormat {
    /** The response alone. */
    RESPONSE_ONLY,

    /**
     * The instruction alone, as detectors of prompt injection and jailbreaks are trained. What such a checkpoint finds
     * harmful is the instruction, so it gives the risk of the instruction, and not the harmfulness of the response.
     */
    INSTRUCTION_ONLY,

    /** One text, {@code instruction [SEP] response}, tokenized like any other text. */
    SEPARATED_STRING,

    /** Two texts, joined as the tokenizer joins a pair. */
    PAIR;

    /** Returns whether the checkpoint reads one of the two texts only. */
    boolean isSingleText() {
        return this == RESPONSE_ONLY || this == INSTRUCTION_ONLY;
    }
}
