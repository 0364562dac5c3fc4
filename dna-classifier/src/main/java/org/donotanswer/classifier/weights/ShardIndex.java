package org.donotanswer.classifier.weights;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a checkpoint that is split into shards: an index lists the file of each tensor, in the same directory. */
final class ShardIndex {
    private static final String WEIGHT_MAP = "weight_map";
    private static final long MAX_BYTES = 100_000_000;
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");
    /** As in Python, numbers may be NaN or infinite, and the last of several entries of the same name counts. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private final Path index;
    private final FileErrors errors;

    private ShardIndex(Path index) {
        this.index = index;
        this.errors = FileErrors.of(index);
    }

    /** Reads the tensors of one shard. */
    interface ShardReader {
        SortedMap<String, WeightTensor> read(Path file) throws IOException;
    }

    static SortedMap<String, WeightTensor> read(Path index, ShardReader reader) throws IOException {
        return new ShardIndex(index).read(reader);
    }

    private SortedMap<String, WeightTensor> read(ShardReader reader) throws IOException {
        SortedMap<String, String> shardOf = weightMap();
        SortedMap<String, WeightTensor> tensors = new TreeMap<>();
        for (String shard : new TreeSet<>(shardOf.values())) {
            Path file = index.resolveSibling(shard);
            if (!Files.isRegularFile(file)) {
                throw errors.invalid("shard " + shard, "must be a file next to its index", "missing");
            }
            for (Map.Entry<String, WeightTensor> tensor : reader.read(file).entrySet()) {
                String expected = shardOf.get(tensor.getKey());
                if (!shard.equals(expected)) {
                    throw errors.invalid(
                            tensor.getKey(),
                            expected == null ? "must be in the index" : "must be in " + expected,
                            "only in " + shard);
                }
                tensors.put(tensor.getKey(), tensor.getValue());
            }
        }
        for (Map.Entry<String, String> entry : shardOf.entrySet()) {
            if (!tensors.containsKey(entry.getKey())) {
                throw errors.invalid(entry.getKey(), "must be in " + entry.getValue(), "missing");
            }
        }
        return tensors;
    }

    private SortedMap<String, String> weightMap() throws IOException {
        long size = Files.size(index);
        if (size > MAX_BYTES) {
            throw errors.invalid("index", "must be at most " + MAX_BYTES + " bytes long", size);
        }
        SortedMap<String, String> shardOf = new TreeMap<>();
        String found = "MISSING";
        try (InputStream in = Files.newInputStream(index);
                JsonParser parser = JSON.createParser(in)) {
            if (parser.nextToken() != null && parser.currentToken() != JsonToken.START_OBJECT) {
                throw errors.invalid("index", "must be a JSON object", "malformed");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean map = parser.currentName().equals(WEIGHT_MAP);
                JsonToken value = parser.nextToken();
                if (map) {
                    found = kind(value);
                    readMap(parser, shardOf);
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw errors.invalid("index", "must be a JSON object", "malformed");
            }
        } catch (JsonProcessingException | CharConversionException e) {
            throw errors.invalid("index", "must be a JSON object", "malformed", e);
        }
        if (shardOf.isEmpty()) {
            throw errors.invalid(WEIGHT_MAP, "must map tensor names to files", found);
        }
        return shardOf;
    }

    /** Reads the value of one entry {@value #WEIGHT_MAP}, which replaces those before; none if it is not an object. */
    private void readMap(JsonParser parser, SortedMap<String, String> shardOf) throws IOException {
        shardOf.clear();
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            parser.skipChildren();
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value != JsonToken.VALUE_STRING) {
                throw errors.invalid(name, "must map to a file name", kind(value));
            }
            String shard = parser.getText();
            if (!PLAIN_NAME.matcher(shard).matches()) {
                throw errors.invalid(name, "must map to a file next to its index", shard);
            }
            shardOf.put(name, shard);
            if (shardOf.size() > SafetensorsReader.MAX_TENSORS) {
                throw errors.invalid(
                        WEIGHT_MAP, "must have at most " + SafetensorsReader.MAX_TENSORS + " tensors", "longer");
            }
        }
    }

    private static String kind(@Nullable JsonToken value) {
        return switch (value == null ? JsonToken.NOT_AVAILABLE : value) {
            case START_OBJECT -> "OBJECT";
            case START_ARRAY -> "ARRAY";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "NUMBER";
            case VALUE_TRUE, VALUE_FALSE -> "BOOLEAN";
            case VALUE_NULL -> "NULL";
            case VALUE_STRING -> "STRING";
            default -> "MISSING";
        };
    }
}
