package org.donotanswer.classifier.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the fields of one message in the wire format of protocol buffers. Each length is checked against what is
 * left of the message before anything is read or allocated. Groups are refused, and nothing here recurses: a nested
 * message is only read by a caller that asks for it. Positions in errors count from the start of the file. Not
 * thread-safe.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>
 */
final class ProtobufMessage {
    /** The wire type of integers. */
    static final int VARINT = 0;
    /** The wire type of whatever has a length: text, bytes, messages and packed numbers. */
    static final int BYTES = 2;
    /** The wire type of numbers of 4 bytes. */
    static final int FIXED32 = 5;

    private static final int FIXED64 = 1;
    private static final int MAX_FIELD = (1 << 29) - 1;
    /** The bits of the tenth byte of a number of 64 bits. */
    private static final int LAST_BYTE_BITS = 1;

    private final String name;
    private final ByteBuffer bytes;
    private final FileErrors errors;
    private final int first;
    private int field;
    private int wireType;
    private int start;

    /**
     * Creates a cursor before the first field.
     *
     * @param name the name of the message, for errors
     * @param bytes the file, with the position and the limit of the message
     */
    ProtobufMessage(String name, ByteBuffer bytes, FileErrors errors) {
        this.name = name;
        this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        this.errors = errors;
        this.first = bytes.position();
    }

    /** Moves on to the next field, whose value must then be read or skipped; returns false if there is none. */
    boolean next() throws CheckpointException {
        if (!bytes.hasRemaining()) {
            return false;
        }
        start = bytes.position();
        long tag = number();
        wireType = (int) (tag & 7);
        long number = tag >>> 3;
        if (number < 1 || number > MAX_FIELD) {
            throw errors.invalid(
                    "field number at byte " + start, "must be 1 to " + MAX_FIELD, Long.toUnsignedString(number));
        }
        field = (int) number;
        if (wireType != VARINT && wireType != FIXED64 && wireType != BYTES && wireType != FIXED32) {
            throw errors.invalid(subject("wire type of field"), "must be 0, 1, 2 or 5", wireType);
        }
        return true;
    }

    /** Moves back before the first field. */
    void rewind() {
        bytes.position(first);
    }

    /** Returns the position in the file. */
    int position() {
        return bytes.position();
    }

    /** Returns the number of the current field. */
    int field() {
        return field;
    }

    /** Returns the wire type of the current field. */
    int wireType() {
        return wireType;
    }

    /** Returns the current field's value, an integer. */
    long integer() throws CheckpointException {
        require(VARINT);
        return number();
    }

    /** Returns the current field's value, text. */
    String text() throws CheckpointException {
        ByteBuffer utf8 = value();
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw errors.invalid(subject("field"), "must be UTF-8", "malformed", e);
        }
    }

    /** Returns the current field's value, another message. */
    ProtobufMessage message(String name) throws CheckpointException {
        return new ProtobufMessage(name, value(), errors);
    }

    /** Returns the current field's value, a sequence of integers, as a cursor for {@link #number}. */
    ProtobufMessage packed() throws CheckpointException {
        return new ProtobufMessage("field " + field + " of the " + name, value(), errors);
    }

    /** Returns whether a packed sequence has another number. */
    boolean hasNumber() {
        return bytes.hasRemaining();
    }

    /** Returns the next number of a packed sequence. */
    long number() throws CheckpointException {
        int from = bytes.position();
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw errors.invalid("number at byte " + from, "must end inside the " + name, "cut off");
            }
            byte next = bytes.get();
            if (shift == 63 && (next & 0xff) > LAST_BYTE_BITS) {
                throw errors.invalid("number at byte " + from, "must have at most 64 bits", "longer");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Returns the current field's value, a sequence of bytes, as the file with their position and limit. */
    ByteBuffer value() throws CheckpointException {
        require(BYTES);
        int from = bytes.position();
        long length = number();
        if (length < 0 || length > bytes.remaining()) {
            throw errors.invalid(
                    "length at byte " + from,
                    "must be at most " + bytes.remaining() + ", what is left of the " + name,
                    Long.toUnsignedString(length));
        }
        return take((int) length);
    }

    /** Returns the current field's value, a number of 4 bytes, as the file with their position and limit. */
    ByteBuffer fixed32() throws CheckpointException {
        require(FIXED32);
        return fixed(Integer.BYTES);
    }

    /** Skips the current field's value, with whatever is nested in it. */
    void skip() throws CheckpointException {
        switch (wireType) {
            case VARINT -> number();
            case FIXED64 -> fixed(Long.BYTES);
            case FIXED32 -> fixed(Integer.BYTES);
            default -> value();
        }
    }

    private ByteBuffer fixed(int length) throws CheckpointException {
        if (bytes.remaining() < length) {
            throw errors.invalid("number at byte " + bytes.position(), "must end inside the " + name, "cut off");
        }
        return take(length);
    }

    private ByteBuffer take(int length) {
        int from = bytes.position();
        bytes.position(from + length);
        return bytes.duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(from + length)
                .position(from);
    }

    private void require(int expected) throws CheckpointException {
        if (wireType != expected) {
            throw errors.invalid(subject("wire type of field"), "must be " + expected, wireType);
        }
    }

    private String subject(String what) {
        return what + " " + field + " of the " + name + " at byte " + start;
    }
}
