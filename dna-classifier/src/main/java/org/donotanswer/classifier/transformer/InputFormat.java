package org.donotanswer.classifier.transformer;

/** How an instruction and a response are put before a checkpoint; it has to be the form that the checkpoint was trained on. */
public enum InputFormat {
    /** The response alone. */
    RESPONSE_ONLY,

    /** One text, {@code instruction [SEP] response}, of which the tokenizer makes what it makes of such a text. */
    SEPARATED_STRING,

    /** Two texts, joined as the tokenizer joins a pair. */
    PAIR
}
