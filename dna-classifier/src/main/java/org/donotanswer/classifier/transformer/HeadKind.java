package org.donotanswer.classifier.transformer;

/** What a checkpoint's classification head judges. */
enum HeadKind {
    /** Whether the response is harmful. */
    HARMFUL,
    /** Which action the response is. */
    ACTION
}
