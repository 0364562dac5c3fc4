package org.donotanswer.internal;

import java.nio.charset.CharacterCodingException;

/** Thrown for bytes that are not UTF-8. Immutable, hence thread-safe. */
public final class MalformedUtf8Exception extends CharacterCodingException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    MalformedUtf8Exception(int offset) {
        this.offset = offset;
    }

    /** Returns the offset of the first byte that is not part of valid UTF-8; all bytes before it are valid. */
    public int offset() {
        return offset;
    }

    /** Returns a message with the offset, and without any of the text. */
    @Override
    public String getMessage() {
        return "text must be UTF-8, but was malformed at byte " + offset;
    }
}
