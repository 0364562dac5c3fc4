package org.donotanswer.bench.speed;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Builds an ONNX graph. Each method that adds a value returns its name. Not thread-safe. */
final class OnnxGraph {
    /** The last version whose operators take axes as attributes, the form that the runtime's optimizer recognizes best. */
    private static final int OPSET = 12;

    private static final int IR_VERSION = 7;

    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("encoder");
    private int values;

    /** Adds an integer input, {@code [B, L]}. */
    String input(String name) {
        graph.addInput(value(name, TensorProto.DataType.INT64, "batch", "length"));
        return name;
    }

    /** Declares a value an output, {@code [B, labels]}. */
    void output(String name, String value) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Identity")
                .setName(name)
                .addInput(value)
                .addOutput(name));
        graph.addOutput(value(name, TensorProto.DataType.FLOAT, "batch", "labels"));
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, String... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (String dimension : dimensions) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimParam(dimension));
        }
        TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder()
                .setElemType(type.getNumber())
                .setShape(shape)
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    /** Adds a tensor whose values the runtime reads from another file. */
    String external(String name, String file, RandomCheckpointHeader.TensorLocation location) {
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(TensorProto.DataType.FLOAT.getNumber())
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(entry("location", file))
                .addExternalData(entry("offset", Long.toString(location.offset())))
                .addExternalData(entry("length", Long.toString(location.bytes())));
        location.shape().forEach(tensor::addDims);
        graph.addInitializer(tensor);
        return name;
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }

    /** Adds signed integers of 8 bits, in the model itself. */
    String int8(byte[] elements, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setRawData(ByteString.copyFrom(elements));
        for (long dimension : shape) {
            tensor.addDims(dimension);
        }
        return constant("int8", TensorProto.DataType.INT8, tensor);
    }

    /** Adds a vector of floats, in the model itself. */
    String floats(float[] elements) {
        TensorProto.Builder tensor = TensorProto.newBuilder().addDims(elements.length);
        for (float element : elements) {
            tensor.addFloatData(element);
        }
        return constant("floats", TensorProto.DataType.FLOAT, tensor);
    }

    /** Adds a floating-point constant. */
    String scalar(float value) {
        return constant(
                "scalar", TensorProto.DataType.FLOAT, TensorProto.newBuilder().addFloatData(value));
    }

    /** Adds a vector of integers, for example a shape. */
    String longs(long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().addDims(values.length);
        for (long value : values) {
            tensor.addInt64Data(value);
        }
        return constant("longs", TensorProto.DataType.INT64, tensor);
    }

    /** Adds an integer constant. */
    String scalar(long value) {
        return constant(
                "scalar", TensorProto.DataType.INT64, TensorProto.newBuilder().addInt64Data(value));
    }

    private String constant(String kind, TensorProto.DataType type, TensorProto.Builder tensor) {
        String name = nextName(kind);
        graph.addInitializer(tensor.setName(name).setDataType(type.getNumber()));
        return name;
    }

    /** Adds an operator without attributes. */
    String op(String type, String... inputs) {
        return op(type, Map.of(), inputs);
    }

    /** Adds an operator with several outputs, and returns their names. */
    List<String> ops(String type, int outputs, String... inputs) {
        String name = nextName(type);
        List<String> names = IntStream.range(0, outputs)
                .mapToObj(index -> name + "_" + index)
                .toList();
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setName(name)
                .addAllInput(List.of(inputs))
                .addAllOutput(names));
        return names;
    }

    /** Adds an operator; an attribute is a {@code Long} or a list of them. */
    String op(String type, Map<String, Object> attributes, String... inputs) {
        String name = nextName(type);
        NodeProto.Builder node = NodeProto.newBuilder()
                .setOpType(type)
                .setName(name)
                .addAllInput(List.of(inputs))
                .addOutput(name);
        attributes.forEach((key, value) -> node.addAttribute(attribute(key, value)));
        graph.addNode(node);
        return name;
    }

    private static AttributeProto attribute(String name, Object value) {
        AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
        if (value instanceof Long number) {
            return attribute
                    .setType(AttributeProto.AttributeType.INT)
                    .setI(number)
                    .build();
        }
        attribute.setType(AttributeProto.AttributeType.INTS);
        ((List<?>) value).forEach(number -> attribute.addInts((Long) number));
        return attribute.build();
    }

    private String nextName(String type) {
        return type + "_" + values++;
    }

    /** Returns the model as the bytes of an ONNX file. */
    byte[] toBytes() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("dna")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .setGraph(graph)
                .build()
                .toByteArray();
    }
}
