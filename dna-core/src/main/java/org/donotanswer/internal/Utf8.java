package org.donotanswer.internal;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Strict UTF-8: malformed input is reported, never replaced silently. Stateless, hence thread-safe. */
public final class Utf8 {
    private static final char REPLACEMENT = '\uFFFD';
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
    private static final int NONE = -1;

    private Utf8() {}

    /**
     * Returns the text of the bytes. A byte order mark is kept as a character.
     *
     * @throws MalformedUtf8Exception if they are not UTF-8
     */
    public static String decode(byte[] bytes) throws MalformedUtf8Exception {
        return decode(bytes, bytes.length);
    }

    /**
     * Returns the text of the first {@code length} bytes. A byte order mark is kept as a character.
     *
     * @throws MalformedUtf8Exception if they are not UTF-8
     */
    public static String decode(byte[] bytes, int length) throws MalformedUtf8Exception {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        int malformed = malformedAt(text, bytes, length);
        if (malformed != NONE) {
            throw new MalformedUtf8Exception(malformed);
        }
        return text;
    }

    /** Returns the text of the first {@code length} bytes, or null if they are not UTF-8. */
    public static @Nullable String decodeOrNull(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return malformedAt(text, bytes, length) == NONE ? text : null;
    }

    /**
     * The constructor of String is fast but replaces what it cannot decode; only a replacement calls for a second look.
     */
    private static int malformedAt(String text, byte[] bytes, int length) {
        if (text.indexOf(REPLACEMENT) < 0) {
            return NONE;
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, length);
        // UTF-8 never decodes to more characters than it has bytes.
        return decoder.decode(in, CharBuffer.allocate(length), true).isError() ? in.position() : NONE;
    }

    /** Returns whether the text can be encoded, which means that every surrogate is part of a pair. */
    public static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Returns the text with every unpaired surrogate replaced by U+FFFD. */
    public static String wellFormed(String text) {
        return text.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Returns how many of the first {@code length} bytes are a byte order mark: 3 or 0. */
    public static int byteOrderMark(byte[] bytes, int length) {
        int mark = BYTE_ORDER_MARK.length;
        return length >= mark && Arrays.equals(bytes, 0, mark, BYTE_ORDER_MARK, 0, mark) ? mark : 0;
    }
}
