package org.donotanswer.classifier.weights;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes messages of protocol buffers field by field, and those of ONNX files. */
final class OnnxBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Adds an integer. */
    OnnxBytes integer(int field, long value) {
        return raw(varint((long) field << 3)).raw(varint(value));
    }

    /** Adds bytes, or a message. */
    OnnxBytes bytes(int field, byte[] value) {
        return raw(varint(((long) field << 3) | 2)).raw(varint(value.length)).raw(value);
    }

    OnnxBytes text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds bytes as they are. */
    OnnxBytes raw(byte... bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] done() {
        return out.toByteArray();
    }

    static byte[] varint(long value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
        return bytes.toByteArray();
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    /** Returns a TensorProto with raw data. */
    static byte[] tensor(String name, List<Long> shape, long type, byte[] raw) {
        OnnxBytes tensor = new OnnxBytes();
        shape.forEach(dimension -> tensor.integer(1, dimension));
        return tensor.integer(2, type).text(8, name).bytes(9, raw).done();
    }

    /** Returns a NodeProto. */
    static byte[] node(String name, String operator, List<String> inputs, List<String> outputs) {
        OnnxBytes node = new OnnxBytes();
        inputs.forEach(input -> node.text(1, input));
        outputs.forEach(output -> node.text(2, output));
        return node.text(3, name).text(4, operator).done();
    }

    /** Returns a ModelProto with a graph. */
    static byte[] model(OnnxBytes graph) {
        return new OnnxBytes()
                .integer(1, 6)
                .text(2, "pytorch")
                .bytes(7, graph.done())
                .bytes(8, new OnnxBytes().integer(2, 11).done())
                .done();
    }

    static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
