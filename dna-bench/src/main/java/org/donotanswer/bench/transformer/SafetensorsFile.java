package org.donotanswer.bench.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Safetensors files of FP32 tensors: written one tensor after another, and read only as to where the tensors lie. */
final class SafetensorsFile {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String METADATA = "__metadata__";
    private static final int LENGTH_BYTES = Long.BYTES;
    private static final int MAX_HEADER_BYTES = 100_000_000;
    private static final int BUFFER_BYTES = 1 << 20;

    private SafetensorsFile() {}

    /** Fills an array with the elements of a tensor from a given one on. Called in order, for as long as there are any. */
    @FunctionalInterface
    interface Source {
        void fill(float[] target, int count);
    }

    /** A tensor to write. */
    record Content(List<Integer> shape, Source source) {
        Content {
            shape = List.copyOf(shape);
        }

        long bytes() {
            return shape.stream().mapToLong(Integer::longValue).reduce(Float.BYTES, Math::multiplyExact);
        }
    }

    /** Where in the file a tensor lies. */
    record Place(String dtype, List<Integer> shape, long offset, long bytes) {
        Place {
            shape = List.copyOf(shape);
        }
    }

    /** What the header says. */
    record Header(Map<String, String> metadata, Map<String, Place> tensors) {
        Header {
            metadata = Map.copyOf(metadata);
            tensors = Map.copyOf(tensors);
        }
    }

    /** Writes the tensors in order, holding no more of them than a buffer. */
    static void write(Path file, Map<String, Content> tensors, Map<String, String> metadata) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeFully(channel, header(tensors, metadata));
            ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[BUFFER_BYTES / Float.BYTES];
            for (Content content : tensors.values()) {
                long left = content.bytes() / Float.BYTES;
                while (left > 0) {
                    int count = (int) Math.min(left, values.length);
                    content.source().fill(values, count);
                    buffer.clear();
                    buffer.asFloatBuffer().put(values, 0, count);
                    writeFully(channel, buffer.limit(count * Float.BYTES));
                    left -= count;
                }
            }
        }
    }

    private static ByteBuffer header(Map<String, Content> tensors, Map<String, String> metadata) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(METADATA, metadata);
        long offset = 0;
        for (Map.Entry<String, Content> tensor : tensors.entrySet()) {
            long end = offset + tensor.getValue().bytes();
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", "F32");
            entry.put("shape", tensor.getValue().shape());
            entry.put("data_offsets", List.of(offset, end));
            fields.put(tensor.getKey(), entry);
            offset = end;
        }
        byte[] json = JSON.writeValueAsBytes(fields);
        // Spaces align the data.
        int padding = Math.floorMod(-json.length, LENGTH_BYTES);
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + json.length + padding)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length + padding)
                .put(json)
                .put(" ".repeat(padding).getBytes(StandardCharsets.US_ASCII));
        return header.flip();
    }

    private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /**
     * Reads the header.
     *
     * @throws IOException if the file cannot be read, or is shorter than its header says
     */
    static Header readHeader(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long length = read(channel, LENGTH_BYTES, 0, file).getLong();
            if (length < 0 || length > MAX_HEADER_BYTES) {
                throw new IOException("header must have at most " + MAX_HEADER_BYTES + " bytes, but was " + length
                        + " bytes (" + file + ")");
            }
            JsonNode fields = JSON.readTree(
                    read(channel, (int) length, LENGTH_BYTES, file).array());
            return parse(fields, LENGTH_BYTES + length, file);
        }
    }

    private static ByteBuffer read(FileChannel channel, int bytes, long offset, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, offset + buffer.position()) < 0) {
                throw new IOException(
                        "file must be as long as its header says, but was " + channel.size() + " bytes (" + file + ")");
            }
        }
        return buffer.flip();
    }

    private static Header parse(JsonNode fields, long start, Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        Map<String, Place> tensors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            JsonNode value = field.getValue();
            if (field.getKey().equals(METADATA)) {
                value.properties()
                        .forEach(entry ->
                                metadata.put(entry.getKey(), entry.getValue().asText()));
            } else {
                tensors.put(field.getKey(), place(value, start));
            }
        }
        long end = tensors.values().stream()
                .mapToLong(place -> place.offset() + place.bytes())
                .max()
                .orElse(start);
        if (Files.size(file) < end) {
            throw new IOException("file must have " + end + " bytes, but was " + Files.size(file) + " (" + file + ")");
        }
        return new Header(metadata, tensors);
    }

    private static Place place(JsonNode value, long start) {
        List<Integer> shape =
                value.required("shape").valueStream().map(JsonNode::intValue).toList();
        long begin = value.required("data_offsets").required(0).longValue();
        long end = value.required("data_offsets").required(1).longValue();
        return new Place(value.required("dtype").textValue(), shape, start + begin, end - begin);
    }
}
