package org.donotanswer.classifier.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a safetensors file: the length of the header (u64, little-endian), the header in JSON with the type, shape and
 * offsets of each tensor, and the tensors' bytes. As in the
 * <a href="https://github.com/huggingface/safetensors">reference implementation</a>, each byte of the data must belong
 * to exactly one tensor.
 */
final class SafetensorsReader {
    static final int LENGTH_BYTES = 8;
    static final String METADATA = "__metadata__";

    private static final int MAX_HEADER_BYTES = 100_000_000;

    /** The largest models have some 100,000 tensors, in many files. */
    static final int MAX_TENSORS = 1 << 17;

    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private final FileErrors errors;

    private final Map<String, String> metadata = new LinkedHashMap<>();

    private SafetensorsReader(Path file) {
        this.file = file;
        this.errors = FileErrors.of(file);
    }

    /**
     * The content of a file.
     *
     * @param metadata the entries of the header that are not tensors, in their order
     */
    record Content(SortedMap<String, WeightTensor> tensors, Map<String, String> metadata) {}

    static Content read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            MappedFile mapped = new MappedFile(channel);
            return new SafetensorsReader(file).read(mapped.size(), mapped::slice);
        }
    }

    /**
     * Reads a file's content.
     *
     * @param bytes a buffer from the first to the last byte; its position and limit are kept
     * @param file the name that the file has for users
     */
    static Content read(ByteBuffer bytes, Path file) throws IOException {
        return new SafetensorsReader(file)
                .read(bytes.limit(), (offset, length) -> bytes.slice((int) offset, (int) length));
    }

    /** Returns bytes of a file, which lie inside it. */
    private interface Slices {
        ByteBuffer slice(long offset, long length) throws IOException;
    }

    private record TensorEntry(String name, TensorType type, List<Long> shape, long begin, long end) {}

    private Content read(long size, Slices bytes) throws IOException {
        if (size < LENGTH_BYTES) {
            throw errors.invalid("file", "must be at least " + LENGTH_BYTES + " bytes long", size);
        }
        long length =
                bytes.slice(0, LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long max = Math.min(MAX_HEADER_BYTES, size - LENGTH_BYTES);
        if (length < 0 || length > max) {
            throw errors.invalid("header", "must be at most " + max + " bytes long", Long.toUnsignedString(length));
        }
        ByteBuffer header = bytes.slice(LENGTH_BYTES, length);
        if (length == 0 || header.get(0) != '{') {
            throw errors.invalid("header", "must start with {", length == 0 ? "empty" : "byte " + header.get(0));
        }
        List<TensorEntry> entries = entries(header);
        long data = LENGTH_BYTES + length;
        requireAllBytesUsed(entries, size - data);
        SortedMap<String, WeightTensor> tensors = new TreeMap<>();
        for (TensorEntry entry : entries) {
            ByteBuffer elements = bytes.slice(data + entry.begin(), entry.end() - entry.begin());
            tensors.put(entry.name(), new WeightTensor(entry.name(), entry.type(), entry.shape(), file, elements));
        }
        return new Content(tensors, metadata);
    }

    private void requireAllBytesUsed(List<TensorEntry> entries, long length) throws CheckpointException {
        entries.sort(Comparator.comparingLong(TensorEntry::begin).thenComparingLong(TensorEntry::end));
        long end = 0;
        for (TensorEntry entry : entries) {
            if (entry.begin() != end) {
                throw errors.invalid(
                        "start of " + entry.name(),
                        "must be " + end + ", where the previous tensor ends",
                        entry.begin());
            }
            end = entry.end();
            if (end > length) {
                throw errors.invalid(
                        "end of " + entry.name(), "must be at most " + length + ", the size of the data", end);
            }
        }
        if (end != length) {
            throw errors.invalid("size of the data", "must be " + end + ", the end of the last tensor", length);
        }
    }

    /** Reads the header as a stream: its size is what the file claims, so it is not copied into memory. */
    private List<TensorEntry> entries(ByteBuffer header) throws CheckpointException {
        List<TensorEntry> entries = new ArrayList<>();
        Reader text = new InputStreamReader(new BufferStream(header), StandardCharsets.UTF_8.newDecoder());
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw errors.invalid(name, "must be a JSON object", parser.currentToken());
                }
                if (name.equals(METADATA)) {
                    readMetadata(parser);
                } else {
                    entries.add(entry(name, parser));
                    if (entries.size() > MAX_TENSORS) {
                        throw errors.invalid("header", "must describe at most " + MAX_TENSORS + " tensors", "longer");
                    }
                }
            }
            if (parser.nextToken() != null) {
                throw errors.invalid("header", "must end after its JSON object", "longer");
            }
        } catch (CheckpointException e) {
            throw e;
        } catch (CharacterCodingException e) {
            throw errors.invalid("header", "must be UTF-8", "malformed", e);
        } catch (JsonProcessingException e) {
            long at = e.getLocation() == null ? 0 : e.getLocation().getCharOffset();
            throw errors.invalid("header", "must be a JSON object", "malformed at character " + at, e);
        } catch (IOException e) {
            throw errors.invalid("header", "must be a JSON object", "malformed", e);
        }
        return entries;
    }

    private void readMetadata(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING) {
                throw errors.invalid(METADATA, "must map strings to strings", parser.currentToken());
            }
            metadata.put(name, parser.getText());
        }
    }

    private TensorEntry entry(String name, JsonParser parser) throws IOException {
        TensorType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "dtype" -> type = type(name, parser);
                case "shape" -> shape = numbers(name, field, parser, Shapes.MAX_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(name, field, parser, 2);
                default -> throw errors.invalid("field of " + name, "must be dtype, shape or data_offsets", field);
            }
        }
        if (type == null || shape == null || offsets == null) {
            throw errors.invalid(name, "must have dtype, shape and data_offsets", "without " + missing(type, shape));
        }
        int bytes = Shapes.bytes(name, type, shape, errors);
        if (offsets.size() != 2 || offsets.get(1) < offsets.get(0)) {
            throw errors.invalid("data_offsets of " + name, "must be a start and an end", offsets);
        }
        if (offsets.get(1) - offsets.get(0) != bytes) {
            throw errors.invalid(
                    "data_offsets of " + name,
                    "must span " + bytes + " bytes for " + type + " " + shape,
                    offsets.get(1) - offsets.get(0));
        }
        return new TensorEntry(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private static String missing(@Nullable TensorType type, @Nullable List<Long> shape) {
        if (type == null) {
            return "dtype";
        }
        return shape == null ? "shape" : "data_offsets";
    }

    private TensorType type(String name, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw errors.invalid("dtype of " + name, "must be a string", parser.currentToken());
        }
        String dtype = parser.getText();
        return TensorType.ofSafetensorsName(dtype)
                .orElseThrow(() -> errors.invalid("dtype of " + name, "must be one of " + TensorType.NAMES, dtype));
    }

    private List<Long> numbers(String name, String field, JsonParser parser, int max) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw errors.invalid(field + " of " + name, "must be an array", parser.currentToken());
        }
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean number = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (!number || parser.getLongValue() < 0) {
                Object found = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                                || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT
                        ? parser.getText()
                        : String.valueOf(parser.currentToken());
                throw errors.invalid(field + " of " + name, "must consist of integers from 0 to 2^63 - 1", found);
            }
            if (numbers.size() == max) {
                throw errors.invalid(field + " of " + name, "must have at most " + max + " numbers", "longer");
            }
            numbers.add(parser.getLongValue());
        }
        return numbers;
    }
}
