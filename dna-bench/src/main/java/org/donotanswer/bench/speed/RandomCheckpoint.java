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
 * Writes checkpoints in Hugging Face's layout with random weights: their output is meaningless, but they take as long as
 * trained ones. Immutable, hence thread-safe; only one thread at a time may write to a directory.
 *
 * <pre>{@code
 * Path checkpoint = RandomCheckpoint.base(BenchmarkArchitecture.BERT).build().write(directory, tokenizerJson);
 * }</pre>
 */
final class RandomCheckpoint {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WEIGHTS = "model.safetensors";
    private static final String CONFIG = "config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String FINGERPRINT = "random_checkpoint";
    /** Incremented whenever the same configuration and seed yield other weights than before. */
    private static final int VERSION = 1;

    private final BenchmarkArchitecture architecture;
    private final CheckpointDimensions dimensions;
    private final long seed;

    private RandomCheckpoint(BenchmarkArchitecture architecture, CheckpointDimensions dimensions, long seed) {
        this.architecture = architecture;
        this.dimensions = dimensions;
        this.seed = seed;
    }

    /** Returns a builder with the dimensions of the architecture's base checkpoint and two labels. */
    static Builder base(BenchmarkArchitecture architecture) {
        return new Builder(architecture);
    }

    /**
     * Writes the checkpoint, some 500 MB at base size, unless the directory already has it.
     *
     * @param directory created if it does not exist
     * @param tokenizer the {@code tokenizer.json} to copy into it
     * @return the directory
     * @throws IOException if the directory holds another checkpoint or cannot be written, or the tokenizer cannot be read
     */
    Path write(Path directory, Path tokenizer) throws IOException {
        Path weights = directory.resolve(WEIGHTS);
        if (Files.exists(weights) && readFingerprint(weights).isEmpty()) {
            throw new IOException(
                    "checkpoint must be one of random weights to be replaced, but was not (" + directory + ")");
        }
        Files.createDirectories(directory);
        Files.copy(tokenizer, directory.resolve(TOKENIZER), StandardCopyOption.REPLACE_EXISTING);
        byte[] config = config();
        Files.write(directory.resolve(CONFIG), config);
        String fingerprint = fingerprint(config);
        if (!readFingerprint(weights).equals(Optional.of(fingerprint))) {
            writeWeights(weights, Map.of("format", "pt", FINGERPRINT, fingerprint));
        }
        return directory;
    }

    CheckpointDimensions dimensions() {
        return dimensions;
    }

    private byte[] config() throws IOException {
        return JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsBytes(CheckpointConfigFields.of(architecture, dimensions));
    }

    private void writeWeights(Path file, Map<String, String> metadata) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        for (RandomTensor tensor : RandomTensor.all(architecture, dimensions)) {
            // One generator per tensor makes its values independent of the sizes of the others.
            SplittableRandom split = random.split();
            List<Long> shape = tensor.shape().stream().map(Integer::longValue).toList();
            tensors.put(
                    tensor.name(), WeightSource.of(shape, () -> tensor.kind().values(split, shape)));
        }
        SafetensorsWriter.write(file, tensors, metadata);
    }

    /** Returns a hash that identifies the weights. */
    private String fingerprint(byte[] config) {
        MessageDigest digest = Sha256.digest();
        digest.update(config);
        digest.update((VERSION + "/" + seed).getBytes(StandardCharsets.US_ASCII));
        return Sha256.hex(digest.digest());
    }

    private static Optional<String> readFingerprint(Path weights) {
        if (!Files.exists(weights)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(
                    RandomCheckpointHeader.read(weights).metadata().get(FINGERPRINT));
        } catch (IOException e) {
            // Truncated or another file: it is rewritten.
            return Optional.empty();
        }
    }

    /** Builds a checkpoint, with the dimensions of the base checkpoint unless set otherwise. Not thread-safe. */
    static final class Builder {
        private final BenchmarkArchitecture architecture;
        private final int typeVocabulary;
        private int vocabulary;
        private int hidden;
        private int layers;
        private int heads;
        private int intermediate;
        private int positions;
        private int window;
        private int buckets;
        private List<String> labels;
        private long seed = 42;

        private Builder(BenchmarkArchitecture architecture) {
            this.architecture = Objects.requireNonNull(architecture, "architecture");
            CheckpointDimensions base = CheckpointDimensions.base(architecture);
            vocabulary = base.vocabulary();
            hidden = base.hidden();
            layers = base.layers();
            heads = base.heads();
            intermediate = base.intermediate();
            positions = base.positions();
            typeVocabulary = base.typeVocabulary();
            window = base.window();
            buckets = base.buckets();
            labels = base.labels();
        }

        /** Sets the number of token ids. */
        Builder vocabulary(int count) {
            vocabulary = count;
            return this;
        }

        /**
         * Sets the sizes of a token's vector and of the feed-forward layers.
         *
         * @param headCount the number of attention heads, which divides the size
         */
        Builder hidden(int size, int headCount, int feedForward) {
            hidden = size;
            heads = headCount;
            intermediate = feedForward;
            return this;
        }

        /** Sets the number of layers. */
        Builder layers(int count) {
            layers = count;
            return this;
        }

        /**
         * Sets the number of positions and the reach of local or relative attention.
         *
         * @param count the rows of the position table, including the two that RoBERTa and Longformer skip
         * @param windowSize the number of tokens that a token of Longformer attends to; else 0
         * @param bucketCount the number of relative positions that DeBERTa distinguishes; else 0
         */
        Builder positions(int count, int windowSize, int bucketCount) {
            positions = count;
            window = windowSize;
            buckets = bucketCount;
            return this;
        }

        /** Sets the names of the labels, in the order of the logits. */
        Builder labels(List<String> names) {
            labels = List.copyOf(names);
            return this;
        }

        /** Sets the seed of the weights. Default: 42. */
        Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Returns the checkpoint, which is not written yet.
         *
         * @throws IllegalArgumentException if a dimension is out of its range
         */
        RandomCheckpoint build() {
            CheckpointDimensions dimensions = new CheckpointDimensions(
                    vocabulary,
                    hidden,
                    layers,
                    heads,
                    intermediate,
                    positions,
                    typeVocabulary,
                    window,
                    buckets,
                    labels);
            return new RandomCheckpoint(architecture, dimensions, seed);
        }
    }
}
