package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.BuilderChecks;
import org.jspecify.annotations.Nullable;

/**
 * Judges exchanges with published transformer checkpoints, in the layout of Hugging Face: a directory with {@code config.json},
 * {@code tokenizer.json} and {@code model.safetensors} (in shards, too) or {@code pytorch_model.bin}; or with a TorchScript
 * {@code .pt} file in place of the weights. BERT, RoBERTa, XLM-RoBERTa, DistilBERT, Longformer and DeBERTa-v2/v3 with a head for
 * harmfulness (1 or 2 outputs) or for the action (6 or 7) are run with the reference's logits. The evaluators of the paper are
 * such checkpoints: {@code LibrAI/longformer-harmful-ro} and {@code LibrAI/longformer-action-ro}.
 *
 * <p>An assessment has what the checkpoints judge: a harmfulness checkpoint says nothing of the action. What is longer than a
 * checkpoint takes is cut on the right and reported as truncated, unless {@link Builder#windows} is set. There is no check of the
 * language.
 *
 * <p>Thread-safe: callers at the same time are run in one batch. It needs DJL's PyTorch engine and tokenizers on the class path and
 * PyTorch's native library for the platform, which this library does not bring along; see the README. {@link #close} frees the weights; a file that is mapped is released
 * with the next garbage collection. oneDNN keeps the code that it made for the last
 * 1,024 shapes of batches, hundreds of megabytes, unless the environment variable {@code ONEDNN_PRIMITIVE_CACHE_CAPACITY} says
 * fewer; 64 cost no speed. DJL reports its use to a server unless the environment variable
 * {@code OPT_OUT_TRACKING} is true.
 */
public final class TransformerEvaluator implements SafetyEvaluator {
    /** Exchanges that are tokenized before any is run: enough for batches of like lengths. */
    private static final int CHUNK_EXCHANGES = 2_048;

    private final List<Checkpoint> checkpoints;
    private final String name;
    private volatile @Nullable Provenance provenance;
    private volatile boolean closed;

    private TransformerEvaluator(List<Checkpoint> checkpoints) {
        this.checkpoints = List.copyOf(checkpoints);
        name = checkpoints.stream().map(Checkpoint::name).collect(Collectors.joining(" + "));
    }

    /**
     * Returns an evaluator with one checkpoint and the default options.
     *
     * @throws CheckpointException if anything of it is missing or damaged
     */
    public static TransformerEvaluator load(Path directory) throws IOException {
        return builder().checkpoint(directory).build();
    }

    /** Returns a builder. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Assessment evaluate(Exchange exchange) {
        return evaluateAll(List.of(Objects.requireNonNull(exchange, "exchange")))
                .get(0);
    }

    @Override
    public List<Assessment> evaluateAll(List<Exchange> exchanges) {
        Objects.requireNonNull(exchanges, "exchanges")
                .forEach(exchange -> Objects.requireNonNull(exchange, "exchange"));
        requireOpen();
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        try {
            for (int from = 0; from < exchanges.size(); from += CHUNK_EXCHANGES) {
                assessments.addAll(
                        evaluateChunk(exchanges.subList(from, Math.min(from + CHUNK_EXCHANGES, exchanges.size()))));
            }
        } catch (IllegalStateException e) {
            requireOpen(); // closed meanwhile: the part that noticed it names itself
            throw e;
        }
        return List.copyOf(assessments);
    }

    private List<Assessment> evaluateChunk(List<Exchange> exchanges) {
        List<Exchange> judged = exchanges.stream()
                .filter(exchange -> !exchange.hasBlankResponse())
                .toList();
        List<List<HeadResult>> results = new ArrayList<>();
        for (Checkpoint checkpoint : checkpoints) {
            results.add(HeadResult.of(checkpoint, judged));
        }
        List<Assessment> assessments = new ArrayList<>(exchanges.size());
        int next = 0;
        for (Exchange exchange : exchanges) {
            if (exchange.hasBlankResponse()) {
                assessments.add(Assessment.Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""));
            } else {
                int index = next++;
                assessments.add(
                        assessment(results.stream().map(head -> head.get(index)).toList()));
            }
        }
        return assessments;
    }

    private Assessment assessment(List<HeadResult> heads) {
        ScoredBuilder scored = Assessment.Scored.builder(name);
        boolean truncated = false;
        for (int head = 0; head < heads.size(); head++) {
            HeadResult result = heads.get(head);
            if (result.failure() != null) {
                return Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, result.failure());
            }
            try {
                checkpoints.get(head).labels().score(scored, result.windows());
            } catch (NonFiniteLogitsException e) {
                return Assessment.Unscored.of(UnscoredReason.EVALUATOR_FAILURE, String.valueOf(e.getMessage()));
            }
            truncated |= result.truncated();
        }
        return scored.truncated(truncated).build();
    }

    @Override
    public String name() {
        return name;
    }

    /** Returns what the checkpoints' files are, by their SHA-256; reading them takes a moment when asked for the first time. */
    @Override
    public Provenance provenance() {
        Provenance known = provenance;
        if (known == null) {
            known = CheckpointProvenance.of(name, checkpoints);
            provenance = known;
        }
        return known;
    }

    /**
     * Returns the number of tokens that are computed for an exchange: specials included, over all windows and checkpoints, after
     * what is too long was cut; 0 if the response is blank. It is what an evaluation costs.
     *
     * @throws IllegalStateException if this evaluator is closed
     */
    public int countTokens(Exchange exchange) {
        Objects.requireNonNull(exchange, "exchange");
        requireOpen();
        if (exchange.hasBlankResponse()) {
            return 0;
        }
        return checkpoints.stream()
                .map(checkpoint -> checkpoint.tokenizer().encode(exchange.instruction(), exchange.response()))
                .flatMap(text -> text.windows().stream())
                .mapToInt(TokenSequence::length)
                .sum();
    }

    /** Returns what the checkpoints are computed in, in the order in which they were given. */
    public List<Precision> precisions() {
        return checkpoints.stream().map(Checkpoint::precision).toList();
    }

    /** Frees models and tokenizers; waits for what is running. Closing it again does nothing. */
    @Override
    public void close() {
        closed = true;
        checkpoints.forEach(Checkpoint::close);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("TransformerEvaluator is closed");
        }
    }

    /** Builds an evaluator of one or two checkpoints. Every option may be set once. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_BATCH_TOKENS = 1_024;
        private static final int DEFAULT_BATCH_ROWS = 64;
        private static final int MAX_THREADS = 1_024;

        private @Nullable Source checkpoint;
        private @Nullable Source harmful;
        private @Nullable Source action;
        private @Nullable InputFormat inputFormat;
        private @Nullable Map<Integer, String> labels;
        private @Nullable Integer maxTokens;
        private @Nullable Integer maxWindows;
        private int windowOverlap;
        private @Nullable Precision precision;
        private @Nullable Integer threads;
        private @Nullable Integer batchTokens;
        private @Nullable Integer batchRows;
        private @Nullable Duration batchDelay;
        private @Nullable Boolean warmUp;

        private record Source(Path directory, @Nullable InputFormat format) {
            @Override
            public String toString() {
                return format == null ? directory.toString() : directory + " as " + format;
            }
        }

        private Builder() {}

        /** Sets the only checkpoint; what it judges follows from its head. */
        public Builder checkpoint(Path directory) {
            checkpoint = BuilderChecks.setOnce(
                    "checkpoint", checkpoint, new Source(Objects.requireNonNull(directory, "directory"), null));
            return this;
        }

        /** Sets the checkpoint that judges harmfulness. */
        public Builder harmful(Path directory) {
            harmful = BuilderChecks.setOnce(
                    "harmful", harmful, new Source(Objects.requireNonNull(directory, "directory"), null));
            return this;
        }

        /** Sets the checkpoint that judges harmfulness, and how the exchange is put before it. */
        public Builder harmful(Path directory, InputFormat format) {
            harmful = BuilderChecks.setOnce(
                    "harmful",
                    harmful,
                    new Source(
                            Objects.requireNonNull(directory, "directory"), Objects.requireNonNull(format, "format")));
            return this;
        }

        /** Sets the checkpoint that judges the action. */
        public Builder action(Path directory) {
            action = BuilderChecks.setOnce(
                    "action", action, new Source(Objects.requireNonNull(directory, "directory"), null));
            return this;
        }

        /** Sets the checkpoint that judges the action, and how the exchange is put before it. */
        public Builder action(Path directory, InputFormat format) {
            action = BuilderChecks.setOnce(
                    "action",
                    action,
                    new Source(
                            Objects.requireNonNull(directory, "directory"), Objects.requireNonNull(format, "format")));
            return this;
        }

        /**
         * Sets how the exchange is put before checkpoints that are given without a format. If not set, it is what
         * {@code input_format} in their config.json says ({@code response_only}, {@code separated_string} or {@code pair}), and
         * the response alone if it says nothing, as the paper's published evaluators read it ("-ro").
         */
        public Builder inputFormat(InputFormat value) {
            inputFormat = BuilderChecks.setOnce("inputFormat", inputFormat, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets the labels of the outputs of {@link #checkpoint}, in place of those in its config.json: {@code harmless} and
         * {@code harmful}, or the names of actions, {@code unused} for an output that means nothing.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Builder labels(Map<Integer, String> value) {
            if (Objects.requireNonNull(value, "value").isEmpty()) {
                throw new IllegalArgumentException("labels must name the outputs, but was empty");
            }
            labels = BuilderChecks.setOnce("labels", labels, Map.copyOf(value));
            return this;
        }

        /**
         * Sets the most tokens of a sequence, specials included. If not set, it is what the model takes, or fewer where
         * {@code model_max_length} in tokenizer_config.json says so.
         */
        public Builder maxTokens(int value) {
            maxTokens =
                    BuilderChecks.setOnce("maxTokens", maxTokens, inRange("maxTokens", 1, Integer.MAX_VALUE, value));
            return this;
        }

        /**
         * Reads a long response in overlapping windows. The response is as harmful as its most harmful window; its action is
         * the mean over the windows by their tokens. Without this, its beginning alone is read.
         *
         * @param most the most windows; what is beyond them is not read and reported as truncated
         * @param overlap how many tokens of the response a window repeats of the one before
         */
        public Builder windows(int most, int overlap) {
            int checked = inRange("overlap", 0, Integer.MAX_VALUE, overlap);
            maxWindows = BuilderChecks.setOnce("windows", maxWindows, inRange("windows", 1, 100_000, most));
            windowOverlap = checked;
            return this;
        }

        /** Sets what is computed in; {@link Precision#FLOAT32} if not set. */
        public Builder precision(Precision value) {
            precision = BuilderChecks.setOnce("precision", precision, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Sets how many threads an operation may use; as many as there are cores if not set. */
        public Builder threads(int value) {
            threads = BuilderChecks.setOnce("threads", threads, inRange("threads", 1, MAX_THREADS, value));
            return this;
        }

        /** Sets the most tokens of a batch, padding included; 1,024 if not set. A longer sequence is a batch of its own. */
        public Builder batchTokens(int value) {
            batchTokens = BuilderChecks.setOnce("batchTokens", batchTokens, inRange("batchTokens", 1, 1 << 24, value));
            return this;
        }

        /** Sets the most sequences of a batch; 64 if not set. */
        public Builder batchRows(int value) {
            batchRows = BuilderChecks.setOnce("batchRows", batchRows, inRange("batchRows", 1, 1 << 16, value));
            return this;
        }

        /**
         * Sets the longest time that is waited, after a batch of several callers, for them to come back, so that they are
         * batched again; 200 microseconds if not set, zero for never. A lone caller never waits.
         */
        public Builder batchDelay(Duration value) {
            if (Objects.requireNonNull(value, "value").isNegative() || value.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("batchDelay must be in 0s..1m, but was " + value);
            }
            batchDelay = BuilderChecks.setOnce("batchDelay", batchDelay, value);
            return this;
        }

        /** Sets whether the model is run a few times on loading, so that the first caller does not wait longer; true if not set. */
        public Builder warmUp(boolean value) {
            warmUp = BuilderChecks.setOnce("warmUp", warmUp, value);
            return this;
        }

        private static int inRange(String name, int least, int most, int value) {
            if (value < least || value > most) {
                throw new IllegalArgumentException(name + " must be in " + least + ".." + most + ", but was " + value);
            }
            return value;
        }

        /**
         * Loads the checkpoints and returns the evaluator.
         *
         * @throws IllegalStateException if no checkpoint was set, or options were that exclude each other, or DJL or PyTorch's
         *     native library is not there
         * @throws IllegalArgumentException if an option does not fit a checkpoint
         * @throws CheckpointException if anything of a checkpoint is missing or damaged, or it judges something else
         */
        public TransformerEvaluator build() throws IOException {
            if (checkpoint == null && harmful == null && action == null) {
                throw new IllegalStateException("checkpoint must be set, but was not");
            }
            if (checkpoint != null && (harmful != null || action != null)) {
                throw new IllegalStateException("checkpoint must be the only one, but was " + checkpoint.directory()
                        + " beside " + (harmful != null ? harmful : action).directory());
            }
            if (labels != null && checkpoint == null) {
                throw new IllegalStateException("labels must be set with checkpoint alone, but were " + labels);
            }
            NativeLibraries.require();
            TransformerOptions options = options();
            List<Checkpoint> loaded = new ArrayList<>();
            boolean complete = false;
            try {
                if (checkpoint != null) {
                    loaded.add(load(checkpoint, options));
                }
                if (harmful != null) {
                    loaded.add(load(harmful, options));
                    require(HeadKind.HARMFUL, loaded.get(0));
                }
                if (action != null) {
                    loaded.add(load(action, options));
                    require(HeadKind.ACTION, loaded.get(loaded.size() - 1));
                }
                complete = true;
                return new TransformerEvaluator(loaded);
            } finally {
                if (!complete) {
                    loaded.forEach(Checkpoint::close);
                }
            }
        }

        private Checkpoint load(Source source, TransformerOptions options) throws IOException {
            return Checkpoint.load(
                    source.directory(),
                    source.format() != null ? source.format() : inputFormat,
                    labels == null ? Map.of() : labels,
                    options);
        }

        private static void require(HeadKind kind, Checkpoint found) throws CheckpointException {
            if (found.labels().kind() != kind) {
                throw new CheckpointException("head must judge " + kind + ", but was "
                        + found.labels().kind() + " (" + found.directory() + ")");
            }
        }

        private TransformerOptions options() {
            BatchOptions defaults = BatchOptions.of(BatchLimits.of(
                    batchTokens == null ? DEFAULT_BATCH_TOKENS : batchTokens,
                    batchRows == null ? DEFAULT_BATCH_ROWS : batchRows));
            return new TransformerOptions(
                    maxTokens == null ? OptionalInt.empty() : OptionalInt.of(maxTokens),
                    maxWindows == null ? 1 : maxWindows,
                    windowOverlap,
                    precision == null ? Precision.FLOAT32 : precision,
                    threads == null ? 0 : threads,
                    batchDelay == null
                            ? defaults
                            : new BatchOptions(
                                    defaults.limits(),
                                    defaults.workers(),
                                    batchDelay.toNanos() / 1_000,
                                    defaults.maxQueuedTokens()),
                    warmUp == null || warmUp);
        }
    }
}
