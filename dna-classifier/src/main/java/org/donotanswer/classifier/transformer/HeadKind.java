package org.donotanswer.classifier.transformer;

/** What a checkpoint's classification head predicts. */
enum HeadKind {
    /** Whether the response is harmful. */
    HARMFUL,
    /** The action of the response. */
    ACTION
}
