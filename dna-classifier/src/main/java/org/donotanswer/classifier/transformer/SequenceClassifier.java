package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * A transformer with a classification head. A row's logits do not depend, up to rounding, on the rows it is batched with.
 * Thread-safe.
 */
interface SequenceClassifier extends AutoCloseable {
    /** Returns the logits of each sequence, in the order of the batch, as arrays of the caller's own. */
    float[][] logits(List<TokenSequence> batch);

    /** Returns the number of logits of a sequence. */
    int labels();

    @Override
    void close();
}
