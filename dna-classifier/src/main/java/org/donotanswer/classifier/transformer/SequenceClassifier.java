package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * A transformer with a classification head. Up to rounding, the logits of a row do not depend on the other rows in its
 * batch. Thread-safe.
 */
interface SequenceClassifier extends AutoCloseable {
    /** Returns the logits of each sequence, in the order of the batch, in new arrays. */
    float[][] logits(List<TokenSequence> batch);

    /** Returns the number of logits per sequence. */
    int labels();

    @Override
    void close();
}
