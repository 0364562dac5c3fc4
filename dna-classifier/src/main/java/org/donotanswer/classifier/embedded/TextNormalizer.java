package org.donotanswer.classifier.embedded;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * Normalizes a text, so that changes without effect on its meaning do not change its features: letter case, Unicode form
 * and accents, curly quotes, dashes, white space, invisible characters, emoji, Markdown, {@link SymbolLetters} and
 * {@link Disguises}. Of a text longer than {@link #MAX_CHARS}, only the head and the tail are read.
 *
 * <p>The result is in {@link #chars}, from 0 to {@link #length}: words and punctuation separated by single spaces, without
 * spaces at either end. Not thread-safe; reusable.
 */
final class TextNormalizer {
    /** The number of chars that are read at the start of a long text. */
    static final int HEAD_CHARS = 12_000;

    /** The number of chars that are read at the end of a long text. */
    static final int TAIL_CHARS = 4_000;

    static final int MAX_CHARS = HEAD_CHARS + TAIL_CHARS;

    /** The maximum run of combining marks: the limit of the stream-safe text format of UAX #15. */
    static final int MAX_MARKS = 30;

    /** The normal form of each ASCII character: its lower case, or one of the codes below. */
    private static final char[] ASCII = new char[128];

    private static final char DROPPED = 0;
    private static final char SPACE = ' ';

    static {
        Arrays.fill(ASCII, SPACE);
        for (char c = '!'; c < 127; c++) {
            ASCII[c] = Character.toLowerCase(c);
        }
        for (char markup : new char[] {'*', '#', '`', '_', '~', '\\'}) {
            ASCII[markup] = DROPPED;
        }
        ASCII['|'] = SPACE;
        ASCII[0] = DROPPED;
    }

    char[] chars = new char[4_096];
    int length;
    boolean truncated;

    /** The start of the run of non-spaces at the end of {@link #chars}. */
    private int chunkStart;

    /** Whether that run consists of Markdown bullets, block quotes and rules only. */
    private boolean chunkIsMarks;

    void normalize(String original) {
        String text = Disguises.joinSpacedLetters(SymbolLetters.read(original));
        length = 0;
        startChunk();
        truncated = text.length() > MAX_CHARS;
        if (truncated) {
            append(text, 0, HEAD_CHARS);
            endChunk();
            append(text, text.length() - TAIL_CHARS, text.length());
        } else {
            append(text, 0, text.length());
        }
        endChunk();
        if (length > 0 && chars[length - 1] == SPACE) {
            length--;
        }
        Disguises.undo(chars, length);
    }

    private void append(String text, int from, int to) {
        int firstOther = from;
        while (firstOther < to && text.charAt(firstOther) < 128) {
            firstOther++;
        }
        if (firstOther == to) {
            ensureCapacity(to - from);
            for (int i = from; i < to; i++) {
                appendAscii(text.charAt(i));
            }
            return;
        }
        String decomposed =
                Normalizer.normalize(withoutLongRunsOfMarks(text.substring(from, to)), Normalizer.Form.NFKD);
        ensureCapacity(decomposed.length());
        for (int i = 0; i < decomposed.length(); i++) {
            char c = decomposed.charAt(i);
            if (c < 128) {
                appendAscii(c);
            } else {
                appendOther(c);
            }
        }
    }

    /**
     * Returns a text with every run of combining marks cut to {@link #MAX_MARKS}, as the JDK's normalizer sorts a run in
     * quadratic time. Marks beyond the limit carry no meaning.
     */
    static String withoutLongRunsOfMarks(String text) {
        StringBuilder shorter = null;
        int run = 0;
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            run = isMark(c) ? run + 1 : 0;
            if (run > MAX_MARKS) {
                shorter = shorter == null ? new StringBuilder(text.length()).append(text, 0, i) : shorter;
            } else if (shorter != null) {
                shorter.appendCodePoint(c);
            }
        }
        return shorter == null ? text : shorter.toString();
    }

    /** Treats half-width sound marks as combining marks: they are letters, but decompose into marks. */
    private static boolean isMark(int c) {
        if (c == '\uFF9E' || c == '\uFF9F') {
            return true;
        }
        int type = c < 0x300 ? Character.OTHER_LETTER : Character.getType(c);
        return type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /** Makes room for more chars and a space at the end. */
    private void ensureCapacity(int more) {
        if (length + more + 2 > chars.length) {
            chars = Arrays.copyOf(chars, Math.max(chars.length * 2, length + more + 2));
        }
    }

    private void appendAscii(char c) {
        char mapped = ASCII[c];
        if (mapped == SPACE) {
            endChunk();
        } else if (mapped != DROPPED) {
            chunkIsMarks &= mapped == '-' || mapped == '>' || mapped == '+' || mapped == '=';
            chars[length++] = mapped;
        }
    }

    private void appendOther(char c) {
        switch (c) {
            case '\u2018', '\u2019', '\u201A', '\u201B', '\u2032' -> appendAscii('\'');
            case '\u201C', '\u201D', '\u201E', '\u201F', '\u00AB', '\u00BB' -> appendAscii('"');
            case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> appendAscii('-');
            default -> appendByType(c);
        }
    }

    private void appendByType(char c) {
        switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> {
                // accents and invisible characters
            }
            case Character.UPPERCASE_LETTER,
                    Character.LOWERCASE_LETTER,
                    Character.TITLECASE_LETTER,
                    Character.MODIFIER_LETTER,
                    Character.OTHER_LETTER,
                    Character.COMBINING_SPACING_MARK,
                    Character.DECIMAL_DIGIT_NUMBER -> {
                chunkIsMarks = false;
                chars[length++] = Character.toLowerCase(c);
            }
            default -> endChunk(); // emoji, lone surrogates, other symbols and spaces
        }
    }

    /** Ends a run of non-spaces: drops it if it is Markdown markup, else adds a space after it. */
    private void endChunk() {
        if (length > chunkStart) {
            if (chunkIsMarks) {
                length = chunkStart;
            } else {
                ensureCapacity(1);
                chars[length++] = SPACE;
            }
            startChunk();
        }
    }

    private void startChunk() {
        chunkStart = length;
        chunkIsMarks = true;
    }
}
