package org.donotanswer.evaluate;

/**
 * Tells a tag that delimits thinking from one that a sentence, a quotation or code is about. Where it cannot be told, a
 * tag is taken for a mention, so that no text is lost. Stateless, hence thread-safe.
 */
final class TagMention {
    private static final String QUOTES = "\"'`“”„‘’«»(){}";
    private static final String SENTENCE_ENDS = ".!?…。！？)\"”»*`";

    private TagMention() {}

    /** Returns whether a text that begins with a tag may be about it: a word in lower case or punctuation follows. */
    static boolean mayBegin(String text, int end) {
        int next = skipBlanks(text, end);
        if (next == text.length() || isLineEnd(text, next)) {
            return false;
        }
        char c = text.charAt(next);
        return (next > end && Character.isLowerCase(c)) || ",;:)".indexOf(c) >= 0;
    }

    /** Returns whether a tag ends thinking, rather than being a word of a sentence, quoted, or part of code. */
    static boolean standsAlone(String text, CodeSpans code, int start, int end) {
        if (isQuoted(text, start, end) || code.contain(0, start)) {
            return false;
        }
        int before = start;
        while (before > 0 && isBlank(text.charAt(before - 1))) {
            before--;
        }
        int after = skipBlanks(text, end);
        boolean lineStart = before == 0 || isLineEnd(text, before - 1);
        boolean lineEnd = after == text.length() || isLineEnd(text, after);
        boolean gluedBefore = before == start && !lineStart;
        boolean endsSentence = lineStart || SENTENCE_ENDS.indexOf(text.charAt(before - 1)) >= 0;
        if (lineEnd) {
            return gluedBefore || endsSentence;
        }
        char next = text.charAt(after);
        if (after == end) {
            // Prose puts a space or punctuation after a tag.
            return Character.isLetterOrDigit(next) || "<*#[\"“".indexOf(next) >= 0;
        }
        boolean beginsSentence = !Character.isLowerCase(next) && ".,;:!?)".indexOf(next) < 0;
        return (gluedBefore || endsSentence) && (beginsSentence || gluedBefore);
    }

    /** Returns whether a tag begins a line, or follows the end of a sentence. */
    static boolean beginsSentence(String text, int start) {
        int before = start;
        while (before > 0 && isBlank(text.charAt(before - 1))) {
            before--;
        }
        return before == 0 || isLineEnd(text, before - 1) || ".!?…。！？".indexOf(text.charAt(before - 1)) >= 0;
    }

    /** Returns whether there is a quotation mark or a bracket on both sides. */
    static boolean isQuoted(String text, int start, int end) {
        return start > 0
                && end < text.length()
                && QUOTES.indexOf(text.charAt(start - 1)) >= 0
                && QUOTES.indexOf(text.charAt(end)) >= 0;
    }

    private static int skipBlanks(String text, int from) {
        int i = from;
        while (i < text.length() && isBlank(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isBlank(char c) {
        return c != '\n' && c != '\r' && (Character.isWhitespace(c) || Character.isSpaceChar(c));
    }

    private static boolean isLineEnd(String text, int index) {
        return text.charAt(index) == '\n' || text.charAt(index) == '\r';
    }
}
