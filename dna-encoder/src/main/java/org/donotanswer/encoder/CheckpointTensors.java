package org.donotanswer.encoder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;

/** The weights of a fine-tuned BERT classifier in a directory of Hugging Face. Thread-safe. */
final class CheckpointTensors implements EncoderTensors, AutoCloseable {
    private static final String PREFIX = "bert.";

    private final CheckpointWeights weights;
    private final int heads;

    private CheckpointTensors(CheckpointWeights weights, int heads) {
        this.weights = weights;
        this.heads = heads;
    }

    /**
     * Opens a directory with {@code config.json} and weights.
     *
     * @throws CheckpointException if it holds another model than a BERT with the exact GELU
     * @throws IOException if it cannot be read
     */
    static CheckpointTensors open(Path directory) throws IOException {
        Path file = directory.resolve("config.json");
        JsonNode config = config(file);
        require(config, "model_type", "bert", file);
        require(config, "hidden_act", "gelu", file);
        int heads = config.path("num_attention_heads").intValue();
        if (heads < 1) {
            throw new CheckpointException(
                    "num_attention_heads must be at least 1, but was " + heads + " (" + file + ")");
        }
        return new CheckpointTensors(CheckpointWeights.open(directory), heads);
    }

    private static JsonNode config(Path file) throws IOException {
        try {
            return new JsonMapper().readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException | CharConversionException e) {
            throw new CheckpointException("config.json must be JSON, but was malformed (" + file + ")", e);
        }
    }

    private static void require(JsonNode config, String key, String expected, Path file) throws CheckpointException {
        String value = config.path(key).asText();
        if (!value.equals(expected)) {
            throw new CheckpointException(key + " must be " + expected + ", but was '" + value + "' (" + file + ")");
        }
    }

    /** Returns the number of attention heads. */
    int heads() {
        return heads;
    }

    @Override
    public Set<String> tensorNames() {
        return weights.names().stream()
                .map(name -> name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public float[] tensor(String name) throws IOException {
        return weights.tensor(weights.contains(PREFIX + name) ? PREFIX + name : name)
                .toFloats();
    }

    @Override
    public void close() {
        weights.close();
    }
}
