package org.donotanswer.classifier.transformer;

import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Reads the ends of long texts: the first tokens, and the last ones. What is between is not tokenized, so that the time does
 * not depend on the length of the text. Thread-safe if the tokenizer is.
 *
 * @param tokenizer returns the tokens of a text
 * @param splitsAtSpaces whether the tokens of a text up to a space do not depend on what follows, nor those from there on on
 *     what precedes
 */
record TextEnds(Function<String, long[]> tokenizer, boolean splitsAtSpaces) {
    /**
     * A long text is read in pieces, the first of which has this many characters per token needed; four or five are
     * usual.
     */
    private static final int FIRST_PIECE_CHARS_PER_TOKEN = 8;

    private static final int MIN_FIRST_PIECE_CHARS = 1_024;

    /**
     * The maximum number of characters per token needed that are read at all: any number of spaces may yield no token,
     * and any number of letters in a word a single one. Few vocabularies have tokens of more than 128 characters.
     */
    private static final int MAX_CHARS_PER_TOKEN = 256;

    /** The same if the end of the text is read as well, as what is between may then stay unread anyway. */
    private static final int MAX_CHARS_PER_TOKEN_OF_ENDS = 32;

    private static final int MIN_CHAR_LIMIT = 65_536;

    /** The tokens of a part of a text, and how many characters before and after it were left unread. */
    record Part(long[] ids, int before, int after) {
        static final Part NONE = new Part(new long[0], 0, 0);

        /** Returns whether the part is not the whole text. */
        boolean isCut() {
            return before > 0 || after > 0;
        }
    }

    /**
     * The tokens of both ends of a text.
     *
     * @param first the first ones; all of them if nothing is cut
     * @param last the last ones, which may be among the first ones; none if they are not needed
     * @param isCut whether a part of the text was left unread
     */
    record Both(long[] first, long[] last, boolean isCut) {}

    /** Returns more than so many tokens from the beginning of a text, and so many from its end, or all if there are fewer. */
    Both both(String text, long fromBeginning, long fromEnd) {
        if (fromEnd == 0) {
            Part only = first(text, fromBeginning + 1);
            return new Both(only.ids, only.ids, only.isCut());
        }
        Part first = first(text, fromBeginning + 1, MAX_CHARS_PER_TOKEN_OF_ENDS);
        if (!first.isCut()) {
            return new Both(first.ids, first.ids, false);
        }
        Part last = last(text.substring(text.length() - first.after), fromEnd);
        if (last.isCut()) {
            return new Both(first.ids, last.ids, true);
        }
        long[] all = LongStream.concat(LongStream.of(first.ids), LongStream.of(last.ids))
                .toArray();
        return new Both(all, all, false);
    }

    /**
     * Returns at least as many tokens of a text as needed, or all of them if there are fewer. The beginning of a long
     * text is tokenized up to a space, where a token ends whatever follows; if that yields too few tokens, twice as
     * much of the text is tokenized. A text that cannot be split at spaces is tokenized up to the maximum that is read.
     * Only its last tokens may then depend on the text that follows, and they lie far beyond the tokens needed.
     */
    Part first(String text, long needed) {
        return first(text, needed, MAX_CHARS_PER_TOKEN);
    }

    private Part first(String text, long needed, int maxCharsPerToken) {
        int length = text.length();
        long max = Math.max(MIN_CHAR_LIMIT, needed * maxCharsPerToken);
        for (long chars = firstPiece(needed); splitsAtSpaces && chars < Math.min(max, length); chars *= 2) {
            int cut = lastWordEnd(text, (int) chars);
            if (cut > 0) {
                long[] ids = tokenizer.apply(text.substring(0, cut));
                if (ids.length >= needed) {
                    return new Part(ids, 0, length - cut);
                }
            }
        }
        if (length <= max) {
            return new Part(tokenizer.apply(text), 0, 0);
        }
        int cut = lastWordEnd(text, (int) max);
        if (cut <= 0) {
            cut = Character.isHighSurrogate(text.charAt((int) max - 1)) ? (int) max - 1 : (int) max;
        }
        return new Part(tokenizer.apply(text.substring(0, cut)), 0, length - cut);
    }

    /** Returns at least as many tokens of the end of a text as needed, found as those of its beginning are. */
    private Part last(String text, long needed) {
        int length = text.length();
        long max = Math.max(MIN_CHAR_LIMIT, needed * MAX_CHARS_PER_TOKEN_OF_ENDS);
        for (long chars = firstPiece(needed); splitsAtSpaces && chars < Math.min(max, length); chars *= 2) {
            int cut = firstWordEnd(text, length - (int) chars);
            if (cut > 0) {
                long[] ids = tokenizer.apply(text.substring(cut));
                if (ids.length >= needed) {
                    return new Part(ids, cut, 0);
                }
            }
        }
        if (length <= max) {
            return new Part(tokenizer.apply(text), 0, 0);
        }
        int begin = length - (int) max;
        int cut = firstWordEnd(text, begin);
        if (cut <= 0) {
            cut = Character.isLowSurrogate(text.charAt(begin)) ? begin + 1 : begin;
        }
        return new Part(tokenizer.apply(text.substring(cut)), cut, 0);
    }

    private static long firstPiece(long needed) {
        return Math.max(MIN_FIRST_PIECE_CHARS, needed * FIRST_PIECE_CHARS_PER_TOKEN);
    }

    /**
     * Returns the last index of a space after a visible character in the second half of the text before {@code end}, or
     * -1.
     */
    private static int lastWordEnd(String text, int end) {
        for (int i = end; i > end / 2; i--) {
            if (isWordEnd(text, i)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the first index of a space after a visible character in the first half of the text after {@code begin}, or -1. */
    private static int firstWordEnd(String text, int begin) {
        for (int i = Math.max(1, begin); i < begin + (text.length() - begin) / 2; i++) {
            if (isWordEnd(text, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isWordEnd(String text, int i) {
        char before = text.charAt(i - 1);
        boolean visible = (before > ' ' && before < 0x7f) || Character.isLetterOrDigit(before);
        return visible && text.charAt(i) == ' ';
    }
}
