package org.donotanswer.classifier.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes pickles, including some that Python would never write. */
final class PickleBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Starts a pickle of protocol 2. */
    static PickleBytes pickle() {
        return new PickleBytes().op(0x80, 2);
    }

    /** Returns a pickle that maps {@code x} to a one-dimensional tensor at the start of storage 0. */
    static byte[] vector(long storageElements, long elements) {
        return tensor(storageElements, 0, new long[] {elements}, new long[] {1});
    }

    static byte[] tensor(long storageElements, long offset, long[] shape, long[] strides) {
        return pickle().op('}')
                .text("x")
                .tensor("FloatStorage", "0", storageElements, offset, shape, strides)
                .op('s')
                .stop();
    }

    PickleBytes op(int... opcodes) {
        for (int opcode : opcodes) {
            bytes.write(opcode);
        }
        return this;
    }

    PickleBytes raw(byte[] raw) {
        bytes.writeBytes(raw);
        return this;
    }

    PickleBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return op('X').raw(little(utf8.length, 4)).raw(utf8);
    }

    PickleBytes integer(long value) {
        return op(0x8a, 8).raw(little(value, 8));
    }

    PickleBytes name(String module, String name) {
        return op('c').raw((module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
    }

    PickleBytes storage(String storageClass, String key, long elements) {
        return op('(').text("storage")
                .name("torch", storageClass)
                .text(key)
                .text("cpu")
                .integer(elements)
                .op('t', 'Q');
    }

    PickleBytes tensor(String storageClass, String key, long elements, long offset, long[] shape, long[] strides) {
        return name("torch._utils", "_rebuild_tensor_v2")
                .op('(')
                .storage(storageClass, key, elements)
                .integer(offset)
                .tuple(shape)
                .tuple(strides)
                .op(0x89)
                .name("collections", "OrderedDict")
                .op(')', 'R', 't', 'R');
    }

    PickleBytes tuple(long... values) {
        op('(');
        for (long value : values) {
            integer(value);
        }
        return op('t');
    }

    byte[] stop() {
        return op('.').toByteArray();
    }

    byte[] toByteArray() {
        return bytes.toByteArray();
    }

    static byte[] little(long value, int length) {
        byte[] all = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        return Arrays.copyOf(all, length);
    }
}
