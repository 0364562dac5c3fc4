package org.donotanswer.classifier.transformer;

/**
 * How an exchange is fed to a checkpoint. It must match the form that the checkpoint was trained on. Immutable, hence
 * thread-safe.
 */
public enum InputFormat {
    /** The response alone. */
    RESPONSE_ONLY,

    /** One text, {@code instruction [SEP] response}, tokenized like any other text. */
    SEPARATED_STRING,

    /** Two texts, joined as the tokenizer joins a pair. */
    PAIR
}
