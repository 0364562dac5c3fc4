package org.donotanswer.encoder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a model in the format of ONNX. It is written here rather than with a library, since every library for it brings
 * the classes of protocol buffers, ten times the size of this module's code. Each method that adds a value returns its
 * name. Not thread-safe.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto3">the messages and the numbers of their fields</a>
 */
final class OnnxGraphWriter {
    /** The domain of the operators that ONNX Runtime adds to the standard. */
    static final String MICROSOFT = "com.microsoft";

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    private static final int FLOAT = 1;
    private static final int INT8 = 3;
    private static final int INT64 = 7;

    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INTEGER = 2;
    private static final int ATTRIBUTE_INTEGERS = 7;

    private final ProtobufWriter graph = new ProtobufWriter().text(2, "encoder");
    private int values;

    /** Declares an input of floats; a dimension of 0 is any. */
    String input(String name, long... shape) {
        graph.message(11, value(name, shape));
        return name;
    }

    /** Declares a value the output, under a name of its own. */
    void output(String name, String value, long... shape) {
        graph.message(1, node("Identity", "", Map.of(), new String[] {value}, name));
        graph.message(12, value(name, shape));
    }

    private static ProtobufWriter value(String name, long... dimensions) {
        ProtobufWriter shape = new ProtobufWriter();
        for (long dimension : dimensions) {
            shape.message(
                    1, dimension == 0 ? new ProtobufWriter().text(2, "L") : new ProtobufWriter().integer(1, dimension));
        }
        ProtobufWriter tensor = new ProtobufWriter().integer(1, FLOAT).message(2, shape);
        return new ProtobufWriter().text(1, name).message(2, new ProtobufWriter().message(1, tensor));
    }

    /** Adds a tensor of floats; without dimensions, a single one. */
    String floats(float[] elements, long... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(elements.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(elements);
        return tensor("floats", FLOAT, bytes.array(), shape);
    }

    /** Adds a tensor of signed integers of 8 bits. */
    String int8(byte[] elements, long... shape) {
        return tensor("int8", INT8, elements, shape);
    }

    /** Adds a vector of integers, for example a shape. */
    String longs(long... elements) {
        ByteBuffer bytes = ByteBuffer.allocate(elements.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(elements);
        return tensor("longs", INT64, bytes.array(), elements.length);
    }

    private String tensor(String kind, int type, byte[] bytes, long... shape) {
        String name = nextName(kind);
        ProtobufWriter tensor = new ProtobufWriter();
        for (long dimension : shape) {
            tensor.integer(1, dimension);
        }
        graph.message(5, tensor.integer(2, type).text(8, name).bytes(9, bytes));
        return name;
    }

    /** Adds a node with one output; an input without a name is left out. An attribute is a {@code Float}, a {@code Long} or a {@code long[]}. */
    String op(String domain, String operator, Map<String, Object> attributes, String... inputs) {
        String name = nextName(operator);
        graph.message(1, node(operator, domain, attributes, inputs, name));
        return name;
    }

    /** Adds a node with several outputs, and returns their names. */
    String[] ops(String domain, String operator, Map<String, Object> attributes, int outputs, String... inputs) {
        String name = nextName(operator);
        String[] names = new String[outputs];
        Arrays.setAll(names, index -> name + "_" + index);
        graph.message(1, node(operator, domain, attributes, inputs, names));
        return names;
    }

    private static ProtobufWriter node(
            String operator, String domain, Map<String, Object> attributes, String[] inputs, String... outputs) {
        ProtobufWriter node = new ProtobufWriter();
        for (String input : inputs) {
            node.text(1, input);
        }
        for (String output : outputs) {
            node.text(2, output);
        }
        node.text(3, outputs[0]).text(4, operator);
        new TreeMap<>(attributes).forEach((key, value) -> node.message(5, attribute(key, value)));
        return domain.isEmpty() ? node : node.text(7, domain);
    }

    private static ProtobufWriter attribute(String name, Object value) {
        ProtobufWriter attribute = new ProtobufWriter().text(1, name);
        if (value instanceof Float number) {
            return attribute.float32(2, number).integer(20, ATTRIBUTE_FLOAT);
        }
        if (value instanceof Long number) {
            return attribute.integer(3, number).integer(20, ATTRIBUTE_INTEGER);
        }
        for (long number : (long[]) value) {
            attribute.integer(8, number);
        }
        return attribute.integer(20, ATTRIBUTE_INTEGERS);
    }

    private String nextName(String kind) {
        return kind + "_" + values++;
    }

    /** Returns the model. */
    byte[] toBytes() {
        return new ProtobufWriter()
                .integer(1, IR_VERSION)
                .text(2, "donotanswer")
                .message(8, new ProtobufWriter().text(1, "").integer(2, OPSET))
                .message(8, new ProtobufWriter().text(1, MICROSOFT).integer(2, 1))
                .message(7, graph)
                .toBytes();
    }
}
