package org.donotanswer.guard;

/** Cuts texts to size. */
final class Texts {
    private static final String GAP = "\n";

    private Texts() {}

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
