package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.internal.Sha256;

/**
 * A checkpoint in the layout of Hugging Face whose weights are random: what it answers means nothing, but it takes as long as
 * one that was trained. Immutable, hence thread-safe; a directory must be written by one thread at a time.
 *
 * <pre>{@code
 * Path checkpoint = RandomCheckpoint.base(BenchmarkArchitecture.BERT).build().write(directory, tokenizerJson);
 * }</pre>
 */
public final class RandomCheckpoint {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String MARKER = "random_checkpoint";
    /** Counted up where the same configuration and seed give other weights than before. */
    private static final int VERSION = 1;

    private final BenchmarkArchitecture architecture;
    private final CheckpointDimensions sizes;
    private final long seed;

    private RandomCheckpoint(BenchmarkArchitecture architecture, CheckpointDimensions sizes, long seed) {
        this.architecture = architecture;
        this.sizes = sizes;
        this.seed = seed;
    }

    /** Returns a builder with the sizes of the architecture's base checkpoint and two labels. */
    public static Builder base(BenchmarkArchitecture architecture) {
        return new Builder(architecture);
    }

    /**
     * Writes the checkpoint, some 500 MB for a base one, unless the directory has it already.
     *
     * @param directory made where it does not exist
     * @param tokenizer the {@code tokenizer.json} to copy into it
     * @return the directory
     * @throws IOException if the directory cannot be written or the tokenizer not be read
     */
    public Path write(Path directory, Path tokenizer) throws IOException {
        Files.createDirectories(directory);
        Files.copy(tokenizer, directory.resolve(TOKENIZER), StandardCopyOption.REPLACE_EXISTING);
        byte[] config = config();
        Files.write(directory.resolve(CONFIG), config);
        Path weights = directory.resolve(WEIGHTS);
        String marker = marker(config);
        if (!marker(weights).equals(Optional.of(marker))) {
            writeWeights(weights, Map.of("format", "pt", MARKER, marker));
        }
        return directory;
    }

    CheckpointDimensions sizes() {
        return sizes;
    }

    private byte[] config() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(CheckpointConfigFields.of(architecture, sizes));
    }

    private void writeWeights(Path file, Map<String, String> metadata) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        for (RandomTensor tensor : RandomTensor.all(architecture, sizes)) {
            // A generator of its own makes a tensor's values depend on its rank among the others alone.
            SplittableRandom own = random.split();
            List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
            tensors.put(
                    tensor.name(), WeightSource.of(shape, () -> tensor.kind().values(own, shape)));
        }
        SafetensorsWriter.write(file, tensors, metadata);
    }

    /** What tells these weights from all others. */
    private String marker(byte[] config) {
        MessageDigest digest = Sha256.digest();
        digest.update(config);
        digest.update((VERSION + "/" + seed).getBytes(StandardCharsets.US_ASCII));
        return Sha256.hex(digest.digest());
    }

    private static Optional<String> marker(Path weights) {
        if (!Files.exists(weights)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    SafetensorsHeader.read(weights).metadata().get(MARKER));
        } catch (IOException e) {
            // Something else, or cut off: it is written anew.
            return Optional.empty();
        }
    }

    /** Builds a checkpoint from the sizes of the base one. Not thread-safe. */
    public static final class Builder {
        private final BenchmarkArchitecture architecture;
        private CheckpointDimensions sizes;
        private long seed = 42;

        private Builder(BenchmarkArchitecture architecture) {
            this.architecture = Objects.requireNonNull(architecture, "architecture");
            this.sizes = CheckpointDimensions.base(architecture);
        }

        /** Sets the number of token ids. */
        public Builder vocabulary(int count) {
            return sizes(count, sizes.hidden(), sizes.layers(), sizes.heads(), sizes.intermediate());
        }

        /**
         * Sets the size of a token's vector and that within the feed-forward layers.
         *
         * @param heads into how many parts attention divides the vector
         */
        public Builder hidden(int size, int heads, int intermediate) {
            return sizes(sizes.vocabulary(), size, sizes.layers(), heads, intermediate);
        }

        /** Sets the number of layers. */
        public Builder layers(int count) {
            return sizes(sizes.vocabulary(), sizes.hidden(), count, sizes.heads(), sizes.intermediate());
        }

        private Builder sizes(int vocabulary, int hidden, int layers, int heads, int intermediate) {
            sizes = new CheckpointDimensions(
                    vocabulary,
                    hidden,
                    layers,
                    heads,
                    intermediate,
                    sizes.positions(),
                    sizes.typeVocabulary(),
                    sizes.window(),
                    sizes.buckets(),
                    sizes.labels());
            return this;
        }

        /**
         * Sets the number of positions, and over how many of them relative attention reaches.
         *
         * @param count rows of the position table, hence with the two that RoBERTa and Longformer leave out
         * @param window tokens that a token attends to, for Longformer, or else 0
         * @param buckets relative positions that are told apart, for DeBERTa, or else 0
         */
        public Builder positions(int count, int window, int buckets) {
            return replaceLast(count, window, buckets, sizes.labels());
        }

        /** Sets the names of the labels, in the order of the logits. */
        public Builder labels(List<String> names) {
            return replaceLast(sizes.positions(), sizes.window(), sizes.buckets(), names);
        }

        private Builder replaceLast(int positions, int window, int buckets, List<String> labels) {
            sizes = new CheckpointDimensions(
                    sizes.vocabulary(),
                    sizes.hidden(),
                    sizes.layers(),
                    sizes.heads(),
                    sizes.intermediate(),
                    positions,
                    sizes.typeVocabulary(),
                    window,
                    buckets,
                    labels);
            return this;
        }

        /** Sets what the weights come from; 42 if not set. */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** Returns the checkpoint, not yet written. */
        public RandomCheckpoint build() {
            return new RandomCheckpoint(architecture, sizes, seed);
        }
    }
}
