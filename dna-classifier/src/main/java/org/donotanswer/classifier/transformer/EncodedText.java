package org.donotanswer.classifier.transformer;

import java.util.List;

/**
 * The tokens of an exchange. Immutable, hence thread-safe.
 *
 * @param windows one sequence; several overlapping ones, in order, if windows are enabled and the response is long; none
 *     if there is no text to read
 * @param instructionCut whether a part of an instruction beside a response is in no window
 * @param textCut whether a part of the response, or of the only text, is in no window
 */
public record EncodedText(List<TokenSequence> windows, boolean instructionCut, boolean textCut) {
    /** The tokens of an exchange without the text that is read. */
    static final EncodedText NONE = new EncodedText(List.of(), false, false);

    /** Copies the windows. */
    public EncodedText {
        windows = List.copyOf(windows);
    }

    /** Returns whether any part of the instruction or response is in no window. */
    public boolean truncated() {
        return instructionCut || textCut;
    }
}
