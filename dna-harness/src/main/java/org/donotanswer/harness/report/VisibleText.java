package org.donotanswer.harness.report;

import java.util.Locale;

/**
 * Makes foreign text safe to look at: nothing in it stays hidden or changes how the surrounding text reads. Pure functions,
 * hence thread-safe.
 */
public final class VisibleText {
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7F;
    private static final int DELETE_PICTURE = 0x2421;
    private static final String REPLACEMENT = "\uFFFD";

    private VisibleText() {}

    /**
     * Returns the text with line feeds as line ends, and with visible signs for control characters, characters that change the
     * writing direction, and halves of surrogate pairs.
     */
    static String of(String text) {
        if (text.chars().allMatch(c -> (c >= ' ' && c < DELETE) || c == '\n')) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.replace("\r\n", "\n").codePoints().forEach(point -> append(shown, point));
        return shown.toString();
    }

    /** Returns the visible text on one line. */
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

    // Embeddings, overrides and isolates can make text read differently; direction marks are harmless.
    private static boolean isDirection(int point) {
        return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    }
}
