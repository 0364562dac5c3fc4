package org.donotanswer.encoder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes one message in the wire format of protocol buffers. Not thread-safe.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/">the wire format</a>
 */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Writes an integer field; a negative number takes ten bytes. */
    ProtobufWriter integer(int field, long value) {
        tag(field, VARINT);
        varint(value);
        return this;
    }

    /** Writes a field of 32 bits, a float. */
    ProtobufWriter float32(int field, float value) {
        tag(field, FIXED32);
        int bits = Float.floatToRawIntBits(value);
        for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
            out.write(bits >>> shift);
        }
        return this;
    }

    /** Writes a text field, as UTF-8. */
    ProtobufWriter text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a field of bytes. */
    ProtobufWriter bytes(int field, byte[] value) {
        tag(field, BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** Writes a field that holds a message. */
    ProtobufWriter message(int field, ProtobufWriter message) {
        tag(field, BYTES);
        varint(message.out.size());
        // Straight into the other stream: the message may hold megabytes.
        try {
            message.out.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return this;
    }

    private void tag(int field, int wireType) {
        varint(((long) field << 3) | wireType);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Returns what was written. */
    byte[] toBytes() {
        return out.toByteArray();
    }
}
