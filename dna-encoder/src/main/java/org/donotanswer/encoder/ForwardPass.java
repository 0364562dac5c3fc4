package org.donotanswer.encoder;

import org.donotanswer.classifier.transformer.TokenSequence;

/** Computes the logits of windows. Thread-safe. */
interface ForwardPass extends AutoCloseable {
    /**
     * Returns the logits of all outputs of the heads, in their order. The computation runs on the calling thread.
     *
     * @param window at most as many tokens as the encoder has positions
     * @throws IllegalArgumentException if the window is longer, or has an id or a type that the encoder does not know
     * @throws IllegalStateException if this is closed
     */
    float[] logits(TokenSequence window);

    /** Releases the native memory, after waiting for the calls in progress. Further calls have no effect. */
    @Override
    void close();
}
