package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the nodes and the initializers of an ONNX file. Only 32-bit floats inside the file are read: of other
 * initializers, just the type. Whatever else the format has, such as attributes with graphs of their own, is skipped.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto">the messages and their fields</a>
 */
final class OnnxReader {
    static final int MAX_NODES = 1 << 18;
    /** The maximum number of inputs, and of outputs, of a node. */
    static final int MAX_NAMES = 1 << 12;
    /** The number of 32-bit floats among the types of elements. */
    static final int FLOAT = 1;

    private static final int MODEL_GRAPH = 7;
    private static final int GRAPH_NODE = 1;
    private static final int GRAPH_INITIALIZER = 5;
    private static final int NODE_INPUT = 1;
    private static final int NODE_OUTPUT = 2;
    private static final int NODE_NAME = 3;
    private static final int NODE_OPERATOR = 4;
    private static final int TENSOR_DIMS = 1;
    private static final int TENSOR_TYPE = 2;
    private static final int TENSOR_SEGMENT = 3;
    private static final int TENSOR_FLOATS = 4;
    private static final int TENSOR_NAME = 8;
    private static final int TENSOR_RAW = 9;
    private static final int TENSOR_EXTERNAL = 13;
    private static final int TENSOR_LOCATION = 14;

    private final Path path;
    private final FileErrors errors;
    private final List<OnnxNode> nodes = new ArrayList<>();
    private final SortedMap<String, WeightTensor> tensors = new TreeMap<>();
    private final SortedMap<String, Long> otherTypes = new TreeMap<>();

    private OnnxReader(Path path) {
        this.path = path;
        this.errors = FileErrors.of(path);
    }

    /** Maps a file, and reads it. */
    static OnnxFile read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw FileErrors.of(path)
                        .invalid("file", "must be at most " + Integer.MAX_VALUE + " bytes long", channel.size());
            }
            return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), path);
        }
    }

    /**
     * Reads a file's content.
     *
     * @param model a direct buffer from the first to the last byte, which the tensors keep and must not change
     */
    static OnnxFile read(ByteBuffer model, Path path) throws CheckpointException {
        return new OnnxReader(path).read(model);
    }

    private OnnxFile read(ByteBuffer bytes) throws CheckpointException {
        ProtobufMessage model = new ProtobufMessage("model", bytes, errors);
        boolean found = false;
        while (model.next()) {
            if (model.field() != MODEL_GRAPH) {
                model.skip();
                continue;
            }
            if (found) {
                throw errors.invalid("graph", "must occur once in the model", "repeated");
            }
            found = true;
            readGraph(model.message("graph"));
        }
        if (!found) {
            throw errors.invalid("graph", "must occur once in the model", "missing");
        }
        return new OnnxFile(path, List.copyOf(nodes), tensors, otherTypes);
    }

    private void readGraph(ProtobufMessage graph) throws CheckpointException {
        while (graph.next()) {
            switch (graph.field()) {
                case GRAPH_NODE -> {
                    if (nodes.size() == MAX_NODES) {
                        throw errors.invalid("graph", "must have at most " + MAX_NODES + " nodes", "longer");
                    }
                    nodes.add(node(graph.message("node")));
                }
                case GRAPH_INITIALIZER -> {
                    int count = tensors.size() + otherTypes.size();
                    if (count == SafetensorsReader.MAX_TENSORS) {
                        throw errors.invalid("graph", "must have at most " + count + " initializers", "longer");
                    }
                    addInitializer(graph.message("initializer"));
                }
                default -> graph.skip();
            }
        }
    }

    private OnnxNode node(ProtobufMessage node) throws CheckpointException {
        List<String> inputs = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        String name = "";
        String operator = "";
        while (node.next()) {
            switch (node.field()) {
                case NODE_INPUT -> addName(node.text(), inputs);
                case NODE_OUTPUT -> addName(node.text(), outputs);
                case NODE_NAME -> name = node.text();
                case NODE_OPERATOR -> operator = node.text();
                default -> node.skip();
            }
        }
        return new OnnxNode(name, operator, inputs, outputs);
    }

    private void addName(String name, List<String> names) throws CheckpointException {
        if (names.size() == MAX_NAMES) {
            throw errors.invalid("node", "must have at most " + MAX_NAMES + " inputs and as many outputs", "longer");
        }
        names.add(name);
    }

    /** The fields of an initializer. A tensor has its elements either in raw bytes, or in fields of the elements' type. */
    private static final class Fields {
        String name = "";
        final List<Long> shape = new ArrayList<>();
        long type;

        @Nullable
        ByteBuffer raw;

        long floats;
        String elsewhere = "";
    }

    private void addInitializer(ProtobufMessage message) throws CheckpointException {
        int start = message.position();
        Fields fields = fields(message);
        String name = fields.name;
        if (name.isEmpty()) {
            throw errors.invalid("initializer at byte " + start, "must have a name", "without one");
        }
        if (tensors.containsKey(name) || otherTypes.containsKey(name)) {
            throw errors.invalid(name, "must occur once among the initializers", "repeated");
        }
        if (fields.type != FLOAT) {
            otherTypes.put(name, fields.type);
            return;
        }
        if (!fields.elsewhere.isEmpty()) {
            throw errors.invalid(name, "must lie in the file as a whole", fields.elsewhere);
        }
        int expected = Shapes.bytes(name, TensorType.FLOAT32, fields.shape, errors);
        ByteBuffer raw = fields.raw;
        if (raw != null && fields.floats > 0) {
            throw errors.invalid(name, "must have its elements once", "with raw_data and float_data");
        }
        long found = raw == null ? fields.floats * Float.BYTES : raw.remaining();
        if (found != expected) {
            throw errors.invalid(
                    "data of " + name, "must be " + expected + " bytes long for shape " + fields.shape, found);
        }
        ByteBuffer elements = raw == null ? floats(message, expected) : raw.slice();
        tensors.put(name, new WeightTensor(name, TensorType.FLOAT32, fields.shape, path, elements));
    }

    private Fields fields(ProtobufMessage message) throws CheckpointException {
        Fields fields = new Fields();
        while (message.next()) {
            switch (message.field()) {
                case TENSOR_DIMS -> addDimensions(message, fields.shape);
                case TENSOR_TYPE -> fields.type = message.integer();
                case TENSOR_SEGMENT -> {
                    message.skip();
                    fields.elsewhere = "a segment";
                }
                case TENSOR_FLOATS -> fields.floats += floats(message).remaining() / Float.BYTES;
                case TENSOR_NAME -> fields.name = message.text();
                case TENSOR_RAW -> fields.raw = message.value();
                case TENSOR_EXTERNAL -> {
                    message.skip();
                    fields.elsewhere = "external data";
                }
                case TENSOR_LOCATION -> {
                    if (message.integer() != 0) {
                        fields.elsewhere = "external data";
                    }
                }
                default -> message.skip();
            }
        }
        return fields;
    }

    private void addDimensions(ProtobufMessage message, List<Long> shape) throws CheckpointException {
        if (message.wireType() == ProtobufMessage.BYTES) {
            ProtobufMessage packed = message.packed();
            while (packed.hasNumber()) {
                addDimension(packed.number(), shape);
            }
        } else {
            addDimension(message.integer(), shape);
        }
    }

    private void addDimension(long dimension, List<Long> shape) throws CheckpointException {
        if (shape.size() == Shapes.MAX_DIMENSIONS) {
            throw errors.invalid(
                    "shape of an initializer", "must have at most " + Shapes.MAX_DIMENSIONS + " dimensions", "longer");
        }
        shape.add(dimension);
    }

    /** Returns what one field of floats holds: one of them, or any number if they are packed. */
    private ByteBuffer floats(ProtobufMessage message) throws CheckpointException {
        if (message.wireType() == ProtobufMessage.FIXED32) {
            return message.fixed32();
        }
        ByteBuffer packed = message.value();
        if (packed.remaining() % Float.BYTES != 0) {
            throw errors.invalid(
                    "float_data at byte " + packed.position(),
                    "must be a multiple of " + Float.BYTES + " bytes long",
                    packed.remaining());
        }
        return packed;
    }

    /** Returns the elements in the fields of floats, which have been checked to be as many as the shape says. */
    private ByteBuffer floats(ProtobufMessage message, int bytes) throws CheckpointException {
        ByteBuffer elements = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
        message.rewind();
        while (message.next()) {
            if (message.field() == TENSOR_FLOATS) {
                elements.put(floats(message));
            } else {
                message.skip();
            }
        }
        return elements.flip();
    }
}
