package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * An exchange as a checkpoint reads it.
 *
 * @param windows one sequence, or where windows are asked for and the response is long, several that overlap, in order
 * @param truncated whether anything of the instruction or of the response is in no window
 */
record EncodedText(List<TokenSequence> windows, boolean truncated) {
    EncodedText {
        windows = List.copyOf(windows);
    }
}
