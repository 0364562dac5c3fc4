package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a random checkpoint's safetensors file: where in the file each tensor is, for ONNX Runtime to read it there. Immutable, hence
 * thread-safe.
 *
 * @param metadata the header's metadata
 * @param tensors the locations of the tensors, by name
 */
record RandomCheckpointHeader(Map<String, String> metadata, Map<String, TensorLocation> tensors) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int MAX_HEADER_BYTES = 100_000_000;

    RandomCheckpointHeader {
        metadata = Map.copyOf(metadata);
        tensors = Map.copyOf(tensors);
    }

    /** The location of a tensor in the file, in bytes. Immutable, hence thread-safe. */
    record TensorLocation(String dtype, List<Integer> shape, long offset, long bytes) {
        TensorLocation {
            shape = List.copyOf(shape);
        }
    }

    /**
     * Reads the header.
     *
     * @throws IOException if the file cannot be read, or is shorter than its header states
     */
    static RandomCheckpointHeader read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = bytes(channel, LENGTH_BYTES, 0, file).getLong();
            if (length < 0 || length > MAX_HEADER_BYTES) {
                throw new IOException("header must have at most " + MAX_HEADER_BYTES + " bytes, but had " + length
                        + " (" + file + ")");
            }
            JsonNode fields = JSON.readTree(
                    bytes(channel, (int) length, LENGTH_BYTES, file).array());
            return parse(fields, LENGTH_BYTES + length, file);
        }
    }

    private static ByteBuffer bytes(FileChannel channel, int bytes, long offset, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException("file must be as long as its header states, but had " + channel.size()
                        + " bytes (" + file + ")");
            }
        }
        return buffer.flip();
    }

    private static RandomCheckpointHeader parse(JsonNode fields, long start, Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, TensorLocation> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equals(METADATA)) {
                value.properties()
                        .forEach(entry ->
                                metadata.put(entry.getKey(), entry.getValue().asText()));
            } else {
                tensors.put(field.getKey(), location(value, start));
            }
        }
        long end = tensors.values().stream()
                .mapToLong(tensor -> tensor.offset() + tensor.bytes())
                .max()
                .orElse(start);
        if (Files.size(file) < end) {
            throw new IOException("file must have " + end + " bytes, but had " + Files.size(file) + " (" + file + ")");
        }
        return new RandomCheckpointHeader(metadata, tensors);
    }

    private static TensorLocation location(JsonNode value, long start) {
        List<Integer> shape =
                value.required("shape").valueStream().map(JsonNode::intValue).toList();
        long begin = value.required("data_offsets").required(0).longValue();
        long end = value.required("data_offsets").required(1).longValue();
        return new TensorLocation(value.required("dtype").textValue(), shape, start + begin, end - begin);
    }
}
