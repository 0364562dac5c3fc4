package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.classifier.weights.CheckpointException;

/** The {@code config.json} of a checkpoint. Each value is checked when it is read. Immutable, hence thread-safe. */
final class CheckpointConfig {
    /** Name of the file in a checkpoint's directory. */
    static final String FILE = "config.json";

    /** No model has larger numbers; anything above is a corrupt file. */
    private static final int MAX_VALUE = 1 << 24;

    /** Maxima for numbers that cost memory or time before they are compared with the weights. */
    private static final Map<String, Integer> MAX_VALUES =
            Map.of("num_hidden_layers", 256, "n_layers", 256, "num_labels", 1 << 16);

    private static final long MAX_BYTES = 16 << 20;

    private final Path file;
    private final JsonNode root;

    private CheckpointConfig(Path file, JsonNode root) {
        this.file = file;
        this.root = root;
    }

    /**
     * Reads the configuration of a checkpoint.
     *
     * @throws CheckpointException if it is missing or not a JSON object
     * @throws IOException if it cannot be read
     */
    static CheckpointConfig read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new CheckpointException("checkpoint must have " + FILE + ", but had none (" + directory + ")");
        }
        JsonNode root = JsonFile.read(file, MAX_BYTES);
        if (!root.isObject()) {
            throw new CheckpointException(
                    FILE + " must be a JSON object, but was " + root.getNodeType() + " (" + file + ")");
        }
        return new CheckpointConfig(file, root);
    }

    /** Returns a configuration that was made, not read; the file is named in messages. */
    static CheckpointConfig of(Path file, JsonNode root) {
        return new CheckpointConfig(file, root);
    }

    Path file() {
        return file;
    }

    /** Returns the whole file. */
    JsonNode root() {
        return root;
    }

    /** Returns an exception that names the entry, the requirement, the value and the file. */
    CheckpointException invalid(String name, String requirement, Object found) {
        return new CheckpointException(name + " " + requirement + ", but was " + found + " (" + file + ")");
    }

    /** Returns an entry, unless it is absent or null. */
    Optional<JsonNode> entry(String name) {
        JsonNode node = root.get(name);
        return node == null || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private JsonNode required(String name) throws CheckpointException {
        Optional<JsonNode> node = entry(name);
        if (node.isEmpty()) {
            throw new CheckpointException(name + " must be present, but was missing (" + file + ")");
        }
        return node.get();
    }

    boolean has(String name) {
        return entry(name).isPresent();
    }

    String text(String name) throws CheckpointException {
        JsonNode node = required(name);
        if (!node.isTextual()) {
            throw invalid(name, "must be a string", node);
        }
        return node.textValue();
    }

    Optional<String> optionalText(String name) throws CheckpointException {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    int positive(String name) throws CheckpointException {
        return integer(name, required(name), 1);
    }

    int positive(String name, int defaultValue) throws CheckpointException {
        return has(name) ? positive(name) : defaultValue;
    }

    /** Returns an integer that is at least the given minimum. */
    int atLeast(int min, String name, int defaultValue) throws CheckpointException {
        return has(name) ? integer(name, required(name), min) : defaultValue;
    }

    private int integer(String name, JsonNode node, int min) throws CheckpointException {
        int max = MAX_VALUES.getOrDefault(name, MAX_VALUE);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw invalid(name, "must be an integer from " + min + " to " + max, node);
        }
        return node.intValue();
    }

    /**
     * Returns one integer per layer: the entries of the list, the single number for all layers, or the default for all
     * layers.
     */
    int[] perLayer(String name, int layers, int defaultValue) throws CheckpointException {
        int[] values = new int[layers];
        if (!has(name)) {
            Arrays.fill(values, defaultValue);
            return values;
        }
        JsonNode node = required(name);
        if (!node.isArray()) {
            Arrays.fill(values, integer(name, node, 1));
            return values;
        }
        if (node.size() != layers) {
            throw invalid("length of " + name, "must be the number of layers (" + layers + ")", node.size());
        }
        for (int layer = 0; layer < layers; layer++) {
            values[layer] = integer(name, node.get(layer), 1);
        }
        return values;
    }

    double epsilon(String name, double defaultValue) throws CheckpointException {
        if (!has(name)) {
            return defaultValue;
        }
        JsonNode node = required(name);
        if (!node.isNumber() || !(node.doubleValue() >= 0) || node.doubleValue() > 1) {
            throw invalid(name, "must be a number in [0, 1]", node);
        }
        return node.doubleValue();
    }

    /** Returns the share of values that is dropped in training. */
    double rate(String name, double defaultValue) throws CheckpointException {
        if (!has(name)) {
            return defaultValue;
        }
        JsonNode node = required(name);
        if (!node.isNumber() || !Dropout.isRate(node.doubleValue())) {
            throw invalid(name, "must be a number in [0, 1)", node);
        }
        return node.doubleValue();
    }

    double positiveNumber(String name, double defaultValue) throws CheckpointException {
        if (!has(name)) {
            return defaultValue;
        }
        JsonNode node = required(name);
        if (!node.isNumber() || !(node.doubleValue() > 0) || Double.isInfinite(node.doubleValue())) {
            throw invalid(name, "must be a positive number", node);
        }
        return node.doubleValue();
    }

    /** Returns whether the entry is present and null, which has() does not tell from absence. */
    boolean isNull(String name) {
        JsonNode node = root.get(name);
        return node != null && node.isNull();
    }

    /** Returns the entries of an entry that is an object. */
    Optional<CheckpointConfig> section(String name) throws CheckpointException {
        if (!has(name)) {
            return Optional.empty();
        }
        JsonNode node = required(name);
        if (!node.isObject()) {
            throw invalid(name, "must be an object", node);
        }
        return Optional.of(new CheckpointConfig(file, node));
    }

    boolean flag(String name, boolean defaultValue) throws CheckpointException {
        if (!has(name)) {
            return defaultValue;
        }
        JsonNode node = required(name);
        boolean number = node.isNumber() && (node.doubleValue() == 0 || node.doubleValue() == 1);
        if (!node.isBoolean() && !number) {
            throw invalid(name, "must be true or false", node);
        }
        return node.isBoolean() ? node.booleanValue() : node.doubleValue() == 1;
    }

    Activation activation(String name, String defaultValue) throws CheckpointException {
        String found = has(name) ? text(name) : defaultValue;
        Optional<Activation> activation = Activation.named(found);
        if (activation.isEmpty()) {
            throw invalid(name, "must be " + Activation.NAMES, found);
        }
        return activation.get();
    }

    /** Returns the strings of an entry that is a list, or a string separated by vertical bars. */
    List<String> words(String name) throws CheckpointException {
        Optional<JsonNode> node = entry(name);
        List<String> words = new ArrayList<>();
        if (node.isEmpty()) {
            return words;
        }
        if (node.get().isTextual()) {
            for (String word : node.get().textValue().split("\\|", -1)) {
                words.add(word.strip().toLowerCase(Locale.ROOT));
            }
            return words;
        }
        for (JsonNode word : node.get()) {
            if (!word.isTextual()) {
                throw invalid(name, "must be a list of strings", node.get());
            }
            words.add(word.textValue().strip().toLowerCase(Locale.ROOT));
        }
        return words;
    }

    /** Returns the name of the model's class, if present. */
    Optional<String> architecture() {
        return entry("architectures")
                .filter(node -> node.isArray() && node.size() > 0 && node.get(0).isTextual())
                .map(node -> node.get(0).textValue());
    }

    /** Returns the number of outputs. */
    int labelCount() throws CheckpointException {
        return labels().size();
    }

    /**
     * Returns the names of the outputs: those of {@code id2label}, or else of {@code label2id} if it names each output
     * once, or else {@code LABEL_n}.
     */
    SortedMap<Integer, String> labels() throws CheckpointException {
        return ConfigLabels.read(this, positive("num_labels", ConfigLabels.DEFAULT_COUNT));
    }

    /** Throws if the entry is present with a value other than the supported one. */
    void requireText(String name, String supported) throws CheckpointException {
        Optional<String> found = optionalText(name);
        if (found.isPresent() && !found.get().equals(supported)) {
            throw invalid(name, "must be " + supported, found.get());
        }
    }

    /** Throws if the entry is true. */
    void requireFalse(String name) throws CheckpointException {
        if (flag(name, false)) {
            throw invalid(name, "must be false", true);
        }
    }

    /** Throws if the entry has the refused value, for the given reason. */
    void requireNot(String name, String refused, String reason) throws CheckpointException {
        if (optionalText(name).filter(refused::equals).isPresent()) {
            throw invalid(name, "must not be " + refused + ", " + reason, refused);
        }
    }

    /** Throws if attention heads were pruned, as the shapes then differ from the configuration. */
    void requireAllHeads() throws CheckpointException {
        Optional<JsonNode> pruned = entry("pruned_heads").filter(node -> !node.isEmpty());
        if (pruned.isPresent()) {
            throw invalid("number of pruned_heads", "must be 0", pruned.get().size());
        }
    }

    /** Returns the size of an attention head. */
    int headSize(String hiddenName, int hidden, String headsName, int heads) throws CheckpointException {
        requireAllHeads();
        if (hidden % heads != 0) {
            throw invalid(hiddenName, "must be a multiple of " + headsName + " (" + heads + ")", hidden);
        }
        return hidden / heads;
    }
}
