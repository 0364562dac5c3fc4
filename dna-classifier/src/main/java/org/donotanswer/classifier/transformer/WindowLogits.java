package org.donotanswer.classifier.transformer;

/**
 * The logits of one window of a text; a text that is read as a whole has one window. The array is not copied and must
 * not be modified.
 *
 * @param logits one per output of the head
 * @param tokens the number of tokens of the window, at least 1
 */
record WindowLogits(float[] logits, int tokens) {
    WindowLogits {
        BatchLimits.requireAtLeast("tokens", 1, tokens);
    }
}
