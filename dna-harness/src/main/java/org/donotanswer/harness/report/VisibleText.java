package org.donotanswer.harness.report;

import java.util.Locale;

/** Text of others, made safe to look at: nothing in it is hidden, or changes how what stands around it is read. */
public final class VisibleText {
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7F;
    private static final int DELETE_PICTURE = 0x2421;
    private static final String REPLACEMENT = "\uFFFD";

    private VisibleText() {}

    /**
     * Returns the text with line ends as line feeds; with signs in place of control characters, of those that override or
     * embed a direction of writing, and of halves of characters.
     */
    static String of(String text) {
        if (text.chars().allMatch(c -> (c >= ' ' && c < DELETE) || c == '\n')) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.replace("\r\n", "\n").codePoints().forEach(point -> append(shown, point));
        return shown.toString();
    }

    /** Returns the text as {@link #of} does, on one line. */
    public static String onOneLine(String text) {
        return of(text).replace('\n', ' ').replace('\t', ' ');
    }

    private static void append(StringBuilder shown, int point) {
        if (point == '\n' || point == '\t') {
            shown.append((char) point);
        } else if (point < ' ') {
            shown.append((char) (CONTROL_PICTURES + point));
        } else if (point == DELETE) {
            shown.append((char) DELETE_PICTURE);
        } else if (point == 0x2028 || point == 0x2029) {
            shown.append('\n');
        } else if (isDirection(point) || (point > DELETE && point < 0xA0)) {
            shown.append(String.format(Locale.ROOT, "[U+%04X]", point));
        } else if (Character.getType(point) == Character.SURROGATE || (point & 0xFFFE) == 0xFFFE) {
            shown.append(REPLACEMENT);
        } else {
            shown.appendCodePoint(point);
        }
    }

    // Embeddings, overrides and isolates, with which text can be made to read other than it is; marks do no such harm.
    private static boolean isDirection(int point) {
        return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    }
}
