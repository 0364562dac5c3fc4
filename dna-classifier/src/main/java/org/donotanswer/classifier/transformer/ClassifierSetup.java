package org.donotanswer.classifier.transformer;

import static org.donotanswer.internal.BuilderChecks.setOnce;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * How a classifier is set up for training: what it starts from, its heads, and which of its weights are trained. Immutable,
 * hence thread-safe; its builder is not.
 *
 * @param base a directory in Hugging Face's layout: an encoder, or a classifier; with {@code fromScratch}, the configuration
 *     and tokenizer alone
 * @param fromScratch whether all weights start at random
 * @param heads the heads, in the order of their outputs; if empty, those of the base
 * @param format how an exchange is fed to it
 * @param maxTokens the maximum number of tokens, including special tokens; empty for that of the base
 * @param windows in how many windows a long response is read, of which each training example draws one; 1 if only its
 *     beginning is read
 * @param windowOverlap the number of response tokens that a window repeats from the previous one
 * @param frozenEmbeddings whether the embeddings of tokens, positions and types are kept as they are
 * @param frozenLayers how many of the first layers are kept as they are
 * @param lowRank the low-rank change of the encoder's matrices; if present, the rest of the encoder is kept as it is
 * @param dropout the rate of all dropout; empty for the rates of the base's configuration
 * @param precision of the products; sums, gradients and weights have 32 bits
 * @param threads the maximum number of threads per operation, or 0 for the engine's default
 * @param seed of the weights that start at random
 */
public record ClassifierSetup(
        Path base,
        boolean fromScratch,
        List<HeadKind> heads,
        InputFormat format,
        OptionalInt maxTokens,
        int windows,
        int windowOverlap,
        boolean frozenEmbeddings,
        int frozenLayers,
        Optional<LowRank> lowRank,
        OptionalDouble dropout,
        Precision precision,
        int threads,
        long seed) {
    /**
     * Shapes whose packed products are wrong on processors with AVX-512 and without AMX. There, products of 16-bit numbers
     * use the same code of oneDNN: training crashed after a hundred steps.
     */
    private static final List<PackedCheck.MatrixShape> TRIED =
            List.of(new PackedCheck.MatrixShape(16, 48), new PackedCheck.MatrixShape(312, 1_200));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of range, a head is named twice, or the precision is not {@link
     *     Precision#FLOAT32} or {@link Precision#BFLOAT16}
     */
    public ClassifierSetup {
        Objects.requireNonNull(base, "base");
        Objects.requireNonNull(format, "format");
        heads = List.copyOf(heads);
        if (heads.stream().distinct().count() < heads.size()) {
            throw new IllegalArgumentException("heads must be distinct, but were " + heads);
        }
        maxTokens.ifPresent(tokens -> BuilderChecks.requireAtLeast("maxTokens", 3, tokens));
        BuilderChecks.requireAtLeast("windows", 1, windows);
        BuilderChecks.requireAtLeast("windowOverlap", 0, windowOverlap);
        BuilderChecks.requireAtLeast("frozenLayers", 0, frozenLayers);
        BuilderChecks.requireAtLeast("threads", 0, threads);
        if (dropout.isPresent() && !(dropout.getAsDouble() >= 0 && dropout.getAsDouble() < 1)) {
            throw new IllegalArgumentException(
                    "dropout must be at least 0 and below 1, but was " + dropout.getAsDouble());
        }
        if (precision != Precision.FLOAT32 && precision != Precision.BFLOAT16) {
            throw new IllegalArgumentException("precision must be FLOAT32 or BFLOAT16, but was " + precision);
        }
    }

    /** Returns a builder for a base. */
    public static Builder builder(Path base) {
        return new Builder(base);
    }

    /**
     * Returns the classifier, whose weights are those of the base or start at random.
     *
     * @throws org.donotanswer.classifier.weights.CheckpointException if the base is not an encoder of a supported
     *     architecture, or a part of it is missing or malformed
     * @throws IllegalArgumentException if an option does not suit the base
     * @throws IllegalStateException if DJL or PyTorch's native library is missing, or this processor is not fit for the
     *     precision
     */
    public TrainableClassifier open() throws IOException {
        NativeLibraries.require();
        if (precision == Precision.BFLOAT16 && !PackedCheck.passes(new Kernels(Precision.FLOAT32, true), TRIED)) {
            throw new IllegalStateException(
                    "precision must be FLOAT32 on this processor, whose products of 16-bit numbers PyTorch computes"
                            + " wrongly, but was " + precision);
        }
        return TrainableClassifier.open(this);
    }

    /**
     * Returns the maximum number of tokens, including special tokens, that a base reads.
     *
     * @param base a directory with its {@code config.json}
     * @throws org.donotanswer.classifier.weights.CheckpointException if it is not that of a supported architecture
     */
    public static int maxTokensOf(Path base) throws IOException {
        return ClassifierStart.architecture(base).maxTokens();
    }

    /**
     * Returns the name that the base's configuration gives it, such as that of its repository; empty if none.
     *
     * @throws org.donotanswer.classifier.weights.CheckpointException if the base has no configuration, or it is malformed
     */
    public Optional<String> baseName() throws IOException {
        return CheckpointConfig.read(base).optionalText("_name_or_path").filter(name -> !name.isBlank());
    }

    /**
     * A change of matrices by the product of two smaller ones: Hu et al., "LoRA: Low-Rank Adaptation of Large Language
     * Models", arXiv 2106.09685. Immutable, hence thread-safe.
     *
     * @param rank the number of rows of A and columns of B
     * @param alpha the product is multiplied by {@code alpha / rank}
     * @param targets the last parts of the names of the linear maps that are changed, such as {@code query}; if empty, all
     *     of the encoder
     */
    public record LowRank(int rank, double alpha, List<String> targets) {
        /** The last part of the name of the factor A, [rank, in], after that of its linear map, as PEFT names it. */
        public static final String FACTOR_A = ".lora_A.weight";

        /** The last part of the name of the factor B, [out, rank]. */
        public static final String FACTOR_B = ".lora_B.weight";

        private static final int MAX_RANK = 1_024;

        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a value is out of range
         */
        public LowRank {
            targets = List.copyOf(targets);
            if (rank < 1 || rank > MAX_RANK) {
                throw new IllegalArgumentException("rank must be from 1 to " + MAX_RANK + ", but was " + rank);
            }
            if (!(alpha > 0 && alpha <= MAX_RANK)) {
                throw new IllegalArgumentException(
                        "alpha must be above 0 and at most " + MAX_RANK + ", but was " + alpha);
            }
        }

        /** Returns the factor of the product. */
        public double scale() {
            return alpha / rank;
        }

        /** Returns whether a linear map is changed. */
        boolean changes(String layer) {
            return targets.isEmpty()
                    || targets.stream().anyMatch(target -> layer.equals(target) || layer.endsWith("." + target));
        }
    }

    /** Builds a setup. Each value can be set once. Not thread-safe. */
    public static final class Builder {
        private final Path base;
        private boolean fromScratch;
        private @Nullable List<HeadKind> heads;
        private @Nullable InputFormat format;
        private @Nullable Integer maxTokens;
        private boolean frozenEmbeddings;
        private @Nullable Integer windows;
        private int windowOverlap;
        private @Nullable Integer frozenLayers;
        private @Nullable LowRank lowRank;
        private @Nullable Double dropout;
        private @Nullable Precision precision;
        private @Nullable Integer threads;
        private @Nullable Long seed;

        private Builder(Path base) {
            this.base = Objects.requireNonNull(base, "base");
        }

        /** Starts all weights at random. */
        public Builder fromScratch() {
            fromScratch = true;
            return this;
        }

        /** Sets the heads; the default is those of the base. */
        public Builder heads(List<HeadKind> value) {
            heads = setOnce("heads", heads, List.copyOf(value));
            return this;
        }

        /** Sets how an exchange is fed to the classifier; the default is {@link InputFormat#PAIR}. */
        public Builder format(InputFormat value) {
            format = setOnce("format", format, value);
            return this;
        }

        /** Sets the maximum number of tokens; the default is that of the base. */
        public Builder maxTokens(int value) {
            maxTokens = setOnce("maxTokens", maxTokens, value);
            return this;
        }

        /**
         * Trains on windows of long responses, as they are read later: each example draws its first window with a probability
         * of one half, and any other with the rest. What a response does is told by its first window alone, whether it is
         * harmful by each. By default, only the beginning of a response is read.
         */
        public Builder windows(int max, int overlap) {
            windows = setOnce("windows", windows, max);
            windowOverlap = overlap;
            return this;
        }

        /** Keeps the embeddings as they are. */
        public Builder frozenEmbeddings() {
            frozenEmbeddings = true;
            return this;
        }

        /** Keeps the first layers as they are; the default is 0. */
        public Builder frozenLayers(int value) {
            frozenLayers = setOnce("frozenLayers", frozenLayers, value);
            return this;
        }

        /** Changes matrices by low-rank products, and keeps the rest of the encoder as it is. */
        public Builder lowRank(LowRank value) {
            lowRank = setOnce("lowRank", lowRank, value);
            return this;
        }

        /** Sets the rate of all dropout; the default is the base's rates. */
        public Builder dropout(double value) {
            dropout = setOnce("dropout", dropout, value);
            return this;
        }

        /** Sets the precision of products; the default is {@link Precision#FLOAT32}. */
        public Builder precision(Precision value) {
            precision = setOnce("precision", precision, value);
            return this;
        }

        /** Sets the maximum number of threads per operation; the default is the engine's. */
        public Builder threads(int value) {
            threads = setOnce("threads", threads, value);
            return this;
        }

        /** Sets the seed of weights that start at random; the default is 42. */
        public Builder seed(long value) {
            seed = setOnce("seed", seed, value);
            return this;
        }

        /** Returns the setup. */
        public ClassifierSetup build() {
            return new ClassifierSetup(
                    base,
                    fromScratch,
                    heads == null ? List.of() : heads,
                    format == null ? InputFormat.PAIR : format,
                    maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens),
                    windows == null ? 1 : windows,
                    windowOverlap,
                    frozenEmbeddings,
                    frozenLayers == null ? 0 : frozenLayers,
                    Optional.ofNullable(lowRank),
                    dropout == null ? OptionalDouble.empty() : OptionalDouble.of(dropout),
                    precision == null ? Precision.FLOAT32 : precision,
                    threads == null ? 0 : threads,
                    seed == null ? 42 : seed);
        }
    }
}
