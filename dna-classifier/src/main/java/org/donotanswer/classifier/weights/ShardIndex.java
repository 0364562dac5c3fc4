package org.donotanswer.classifier.weights;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads a checkpoint that is split into shards: an index lists the file of each tensor, in the same directory. */
final class ShardIndex {
    private static final String WEIGHT_MAP = "weight_map";
    private static final long MAX_BYTES = 100_000_000;
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
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
        byte[] bytes = Files.readAllBytes(index);
        JsonNode map;
        try {
            map = JSON.readTree(bytes).path(WEIGHT_MAP);
        } catch (IOException e) { // can only come from parsing: the bytes are in memory
            throw errors.invalid("index", "must be a JSON object", "malformed", e);
        }
        if (!map.isObject() || map.isEmpty()) {
            throw errors.invalid(WEIGHT_MAP, "must map tensor names to files", map.getNodeType());
        }
        SortedMap<String, String> shardOf = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            if (!entry.getValue().isTextual()) {
                throw errors.invalid(
                        entry.getKey(),
                        "must map to a file name",
                        entry.getValue().getNodeType());
            }
            String shard = entry.getValue().textValue();
            if (!PLAIN_NAME.matcher(shard).matches()) {
                throw errors.invalid(entry.getKey(), "must map to a file next to its index", shard);
            }
            shardOf.put(entry.getKey(), shard);
        }
        return shardOf;
    }
}
