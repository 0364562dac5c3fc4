package org.donotanswer.guard;

import org.donotanswer.evaluate.Exchange;

/** Helpers for texts. Stateless, hence thread-safe. */
final class Texts {
    private static final String GAP = "\n";

    private Texts() {}

    /** Returns whether a text shows nothing. */
    static boolean isBlank(String text) {
        return Exchange.responseOnly(text).hasBlankResponse();
    }

    /** Returns a text of at most a number of chars: if it is longer, its beginning and end, half each. */
    static String abridged(String text, int chars) {
        if (text.length() <= chars) {
            return text;
        }
        int head = (chars - GAP.length() + 1) / 2;
        int tail = chars - GAP.length() - head;
        return chars <= GAP.length() ? "" : text.substring(0, head) + GAP + text.substring(text.length() - tail);
    }
}
