package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * The tokens of an exchange.
 *
 * @param windows one sequence; several overlapping ones, in order, if windows are enabled and the response is long
 * @param truncated whether any part of the instruction or response is in no window
 */
record EncodedText(List<TokenSequence> windows, boolean truncated) {
    EncodedText {
        windows = List.copyOf(windows);
    }
}
