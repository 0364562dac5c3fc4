package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * The tokens of an exchange.
 *
 * @param windows one sequence; several overlapping ones, in order, if windows are enabled and the response is long; none
 *     if there is no text to read
 * @param truncated whether any part of the instruction or response is in no window
 */
record EncodedText(List<TokenSequence> windows, boolean truncated) {
    /** The tokens of an exchange without the text that is read. */
    static final EncodedText NONE = new EncodedText(List.of(), false);

    EncodedText {
        windows = List.copyOf(windows);
    }
}
