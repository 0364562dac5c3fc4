package org.donotanswer.guard.stream;

/**
 * Finds sentence boundaries at which a text may be cut. It knows no language: a cut inside a sentence does no harm
 * except to the reading. The result depends only on the chars before a place and at most one after it, and so not on
 * how the text arrives. Stateless, hence thread-safe.
 */
final class SentenceEnds {
    /** Maximum number of closing quotes and brackets between a sentence's last mark and the space after it. */
    private static final int MAX_CLOSERS = 8;

    private SentenceEnds() {}

    /** Returns whether a sentence ends before the white space at an index, for example in "Yes. " or "(Yes.) ". */
    static boolean isBefore(CharSequence text, int whiteSpace) {
        int last = whiteSpace - 1;
        for (int i = 0; i < MAX_CLOSERS && last >= 0 && isCloser(text.charAt(last)); i++) {
            last--;
        }
        if (last < 0) {
            return false;
        }
        char mark = text.charAt(last);
        return mark == '!' || mark == '?' || mark == '…' || (mark == '.' && !isAbbreviation(text, last));
    }

    /** Returns whether a sentence ends after a char, whatever follows: a line break or a full-width full stop. */
    static boolean isAfter(char c) {
        return switch (c) {
            case '\n', '\u0085', '\u2028', '\u2029', '。', '！', '？', '．', '｡' -> true;
            default -> false;
        };
    }

    /** Returns whether a char separates words. */
    static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /**
     * Returns whether a full stop ends an initial, for example in "e.g." or "J. Smith", or the number of a list item.
     */
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
