package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.classifier.weights.WeightSource;

/** Complete checkpoints for tests: those of the resources with a tokenizer, and generated ones with random weights. */
final class TinyCheckpoint {
    static final String WORDPIECE = "wordpiece";
    static final String BYTE_BPE = "byte-bpe";
    static final String UNIGRAM = "unigram";
    static final String ALBERT = "albert";
    static final String MPNET = "mpnet";
    static final String MODERNBERT = "modernbert";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final List<String> FILES = List.of("config.json", "model.safetensors");

    private final String tokenizer;
    private final ObjectNode config;
    private UnaryOperator<String> names = UnaryOperator.identity();
    private TensorType type = TensorType.FLOAT32;
    private int shards = 1;
    private long seed = 11;

    private TinyCheckpoint(String tokenizer, ObjectNode config) {
        this.tokenizer = tokenizer;
        this.config = config;
    }

    /** Returns a directory of the test resources. */
    static Path resource(String name) {
        URL url = Objects.requireNonNull(TinyCheckpoint.class.getResource(name), name);
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Copies one of the resources' checkpoints, with a matching tokenizer, into a new directory of the same name. */
    static Path copy(Path parent, String name) throws IOException {
        Path directory = Files.createDirectories(parent.resolve(name));
        for (String file : FILES) {
            Files.copy(
                    resource("/checkpoints/" + name).resolve(file),
                    directory.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return addTokenizer(directory, tokenizerOf(name));
    }

    /**
     * Returns a builder for a checkpoint of the resources; its labels are bare, so that the caller has to say if it predicts
     * actions.
     */
    static TransformerEvaluator.Builder builder(Path directory) throws IOException {
        return CheckpointConfig.read(directory).labelCount() > 2
                ? TransformerEvaluator.builder().action(directory)
                : TransformerEvaluator.builder().checkpoint(directory);
    }

    /** Opens a checkpoint of the resources with the default options. */
    static TransformerEvaluator open(Path directory) throws IOException {
        return builder(directory).build();
    }

    private static String tokenizerOf(String name) {
        return switch (name.split("-", 2)[0]) {
            case "roberta", "longformer", "data2vec" -> BYTE_BPE;
            case "xlm", "deberta", "camembert" -> UNIGRAM;
            case ALBERT, MPNET, MODERNBERT -> name;
            default -> WORDPIECE;
        };
    }

    static Path addTokenizer(Path directory, String tokenizer) throws IOException {
        Files.copy(
                resource("/tokenizers/" + tokenizer).resolve("tokenizer.json"),
                directory.resolve("tokenizer.json"),
                StandardCopyOption.REPLACE_EXISTING);
        return directory;
    }

    /** Sets an entry of a directory's config.json; the value is JSON, or empty to remove the entry. */
    static void setConfig(Path directory, String name, String json) throws IOException {
        Path file = directory.resolve("config.json");
        ObjectNode root = (ObjectNode) MAPPER.readTree(file.toFile());
        if (json.isEmpty()) {
            root.remove(name);
        } else {
            root.set(name, MAPPER.readTree(json));
        }
        MAPPER.writeValue(file.toFile(), root);
    }

    /** Returns a checkpoint to be written: two layers, 16 wide, two heads, two outputs. */
    static TinyCheckpoint of(String modelType) {
        String tokenizer = tokenizerOf(modelType);
        ObjectNode config = MAPPER.createObjectNode()
                .put("model_type", modelType)
                .put("vocab_size", 300)
                .put("max_position_embeddings", 100);
        if (modelType.equals("distilbert")) {
            config.put("dim", 16).put("n_layers", 2).put("n_heads", 2).put("hidden_dim", 24);
        } else {
            config.put("hidden_size", 16).put("num_hidden_layers", 2);
            config.put("num_attention_heads", 2).put("intermediate_size", 24);
        }
        if (modelType.equals("longformer")) {
            config.put("attention_window", 4);
        }
        if (modelType.equals("electra") || modelType.equals("albert")) {
            config.put("embedding_size", 8);
        }
        if (modelType.equals("modernbert")) {
            config.put("num_hidden_layers", 4).put("local_attention", 8).put("pad_token_id", 277);
        }
        if (modelType.equals("deberta-v2")) {
            config.put("relative_attention", true).put("position_biased_input", false);
            config.put("position_buckets", 4).put("norm_rel_ebd", "layer_norm").put("pos_att_type", "c2p|p2c");
        }
        return new TinyCheckpoint(tokenizer, config).outputs(2);
    }

    TinyCheckpoint outputs(int count) {
        ObjectNode labels = config.putObject("id2label");
        for (int label = 0; label < count; label++) {
            labels.put(String.valueOf(label), "LABEL_" + label);
        }
        return this;
    }

    /** Sets an entry of the configuration to a JSON value. */
    TinyCheckpoint set(String name, String json) throws IOException {
        config.set(name, MAPPER.readTree(json));
        return this;
    }

    /** Sets a function that renames the tensors. */
    TinyCheckpoint named(UnaryOperator<String> value) {
        names = value;
        return this;
    }

    TinyCheckpoint type(TensorType value) {
        type = value;
        return this;
    }

    TinyCheckpoint shards(int value) {
        shards = value;
        return this;
    }

    TinyCheckpoint seed(long value) {
        seed = value;
        return this;
    }

    /** Writes the checkpoint into a new directory. */
    Path write(Path directory) throws IOException {
        Files.createDirectories(directory);
        MAPPER.writeValue(directory.resolve("config.json").toFile(), config);
        addTokenizer(directory, tokenizer);
        Map<String, WeightSource> weights = weights(CheckpointConfig.read(directory));
        if (shards == 1) {
            SafetensorsWriter.write(directory.resolve("model.safetensors"), weights, Map.of("format", "pt"));
            return directory;
        }
        ObjectNode index = MAPPER.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        for (int shard = 0; shard < shards; shard++) {
            String file = "model-" + shard + ".safetensors";
            Map<String, WeightSource> part = new LinkedHashMap<>();
            int next = 0;
            for (Map.Entry<String, WeightSource> weight : weights.entrySet()) {
                if (next++ % shards == shard) {
                    part.put(weight.getKey(), weight.getValue());
                    map.put(weight.getKey(), file);
                }
            }
            SafetensorsWriter.write(directory.resolve(file), part, Map.of("format", "pt"));
        }
        MAPPER.writeValue(directory.resolve("model.safetensors.index.json").toFile(), index);
        return directory;
    }

    /** Returns random weights for every tensor that the architecture declares. */
    private Map<String, WeightSource> weights(CheckpointConfig config) throws IOException {
        Random random = new Random(seed);
        Map<String, WeightSource> weights = new LinkedHashMap<>();
        Architecture.of(config)
                .program(new Kernels(Precision.FLOAT32, false))
                .weights()
                .forEach((name, shape) -> {
                    float[] values =
                            new float[(int) shape.stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b)];
                    boolean scale = name.endsWith("orm.weight");
                    for (int i = 0; i < values.length; i++) {
                        values[i] = (float) ((scale ? 1 : 0) + 0.4 * random.nextGaussian());
                    }
                    weights.put(names.apply(name), new WeightSource(type, shape, () -> values));
                });
        return weights;
    }

    /** Sets all elements of a tensor in a directory's file to one value, adding the tensor if it is missing. */
    static void setWeight(Path directory, String name, List<Long> shape, float value) throws IOException {
        rewrite(directory, weights -> {
            float[] values = new float[(int) shape.stream().mapToLong(i -> i).reduce(1, (a, b) -> a * b)];
            Arrays.fill(values, value);
            weights.put(name, WeightSource.of(shape, () -> values));
        });
    }

    /** Rewrites a directory's file with changed tensors. */
    static void rewrite(Path directory, Consumer<Map<String, WeightSource>> change) throws IOException {
        Path file = directory.resolve("model.safetensors");
        Map<String, WeightSource> weights = new LinkedHashMap<>();
        try (CheckpointWeights source = CheckpointWeights.open(directory)) {
            for (String name : source.names()) {
                float[] values = source.tensor(name).toFloats();
                weights.put(name, WeightSource.of(source.tensor(name).shape(), () -> values));
            }
        }
        change.accept(weights);
        SafetensorsWriter.write(file, weights, Map.of("format", "pt"));
    }
}
