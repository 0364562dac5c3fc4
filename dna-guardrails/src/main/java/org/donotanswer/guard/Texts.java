package org.donotanswer.guard;

import org.donotanswer.evaluate.Exchange;

/** Cuts texts to size, and looks at them. */
final class Texts {
    private static final String GAP = "\n";

    private Texts() {}

    /** Returns whether a text shows nothing. */
    static boolean isBlank(String text) {
        return Exchange.responseOnly(text).hasBlankResponse();
    }

    /** Returns a text of at most so many chars; of a longer one the beginning and the end, a half each. */
    static String abridged(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int head = (chars - GAP.length() + 1) / 2;
        int tail = chars - GAP.length() - head;
        return chars <= GAP.length() ? "" : text.substring(0, head) + GAP + text.substring(text.length() - tail);
    }
}
