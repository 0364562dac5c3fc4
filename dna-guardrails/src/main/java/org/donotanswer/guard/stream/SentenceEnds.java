package org.donotanswer.guard.stream;

/**
 * Finds the places where a text may be cut between sentences. Knows no language: a cut in a place that is no sentence's end does
 * no harm but to the reading. What it says of a place hangs on the chars before it and at most one after it, so that it says the
 * same however the text arrives.
 */
final class SentenceEnds {
    /** How many closing quotes and brackets may stand between a sentence's last mark and the space after it. */
    private static final int CLOSERS = 8;

    private SentenceEnds() {}

    /** Returns whether a sentence ends before the white space at an index, as with "Yes. " or "(Yes.) ". */
    static boolean isBefore(CharSequence text, int whiteSpace) {
        int last = whiteSpace - 1;
        for (int i = 0; i < CLOSERS && last >= 0 && isCloser(text.charAt(last)); i++) {
            last--;
        }
        if (last < 0) {
            return false;
        }
        char mark = text.charAt(last);
        return mark == '!' || mark == '?' || mark == '…' || (mark == '.' && !isAbbreviation(text, last));
    }

    /** Returns whether a sentence ends after a char, whatever follows: a line break, or a full stop of full width. */
    static boolean isAfter(char c) {
        return switch (c) {
            case '\n', '\u0085', '\u2028', '\u2029', '。', '！', '？', '．', '｡' -> true;
            default -> false;
        };
    }

    /** Returns whether words may be parted before or after this char. */
    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Whether a full stop ends an initial, as in "e.g." or "J. Smith", or the number of a list's item. */
    private static boolean isAbbreviation(CharSequence text, int stop) {
        int start = stop;
        boolean digits = true;
        while (start > 0 && stop - start < 3 && Character.isLetterOrDigit(text.charAt(start - 1))) {
            start--;
            digits &= Character.isDigit(text.charAt(start));
        }
        int length = stop - start;
        return length == 1 || (length == 2 && digits);
    }

    private static boolean isCloser(char c) {
        return switch (c) {
            case '"', '\'', '”', '’', '»', '“', ')', ']', '}', '*', '_', '`' -> true;
            default -> false;
        };
    }
}
