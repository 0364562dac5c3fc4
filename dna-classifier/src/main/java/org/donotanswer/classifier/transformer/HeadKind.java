package org.donotanswer.classifier.transformer;

/** What a checkpoint's classification head predicts. */
enum HeadKind {
    /** Whether the response is harmful. */
    HARMFUL,
    /** Whether the instruction is risky, for example an injection, whatever the response. */
    INSTRUCTION_RISK,
    /** Whether the response is a refusal. */
    REFUSAL,
    /** The action of the response. */
    ACTION
}
