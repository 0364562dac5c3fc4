package org.donotanswer.classifier.transformer;

import static org.donotanswer.internal.BuilderChecks.setOnce;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates exchanges with published transformer checkpoints in the layout of Hugging Face: a directory with
 * {@code config.json}, {@code tokenizer.json} and {@code model.safetensors} or {@code pytorch_model.bin}, which may be
 * sharded, or with a TorchScript {@code .pt} file instead of the weights. BERT, RoBERTa, XLM-RoBERTa, CamemBERT, data2vec-text,
 * DistilBERT, ELECTRA, ALBERT, MPNet, ModernBERT, Longformer and DeBERTa-v2/v3 with a head for sequence classification reproduce
 * the logits of the reference implementations. The paper's evaluators are such checkpoints: {@code LibrAI/longformer-harmful-ro} and {@code
 * LibrAI/longformer-action-ro}.
 *
 * <p>A head has any number of outputs, with a softmax over them or a sigmoid each, as the reference's pipelines decide.
 * Harm is the greatest of the harmful sigmoids, or the sum of the harmful classes of the softmax. Which outputs are harmful,
 * their names tell ({@code toxic}, {@code hate} and the like against {@code neutral}, {@code safe}, {@code OK} or {@code
 * non-toxic}; all others against exactly one such name), or the caller with {@link Builder#labels}. Checkpoints whose names
 * do not tell are refused, except for two outputs named {@code LABEL_0} and {@code LABEL_1}: the second is harmful. {@link
 * #heads} says how the outputs of each checkpoint are read.
 *
 * <p>A checkpoint may have several heads on the same encoder: {@code heads} in its config.json says which outputs belong to
 * which {@link HeadKind}. Such a head is a softmax over its outputs, whose logits are divided by a temperature, if it has
 * one. If it has a threshold, the log odds of its event are shifted so that an event at the threshold has the probability
 * 0.5, where decisions lie by default everywhere in this library, as they do in the embedded model.
 *
 * <p>Detectors of injections and jailbreaks read the instruction, so they give the risk of the instruction rather than the
 * harmfulness of the response, unless {@link InputFormat#RESPONSE_ONLY} is set; see {@link InputFormat#INSTRUCTION_ONLY}.
 * A head for refusals gives the probability of a refusal.
 *
 * <p>An assessment contains only what the checkpoints predict: a harmfulness checkpoint predicts no action. Input
 * beyond a checkpoint's maximum length is cut at the end and reported as truncated, unless {@link Builder#windows} is
 * set. The language is not checked.
 *
 * <p>Thread-safe: concurrent calls are combined into batches. DJL's PyTorch engine and tokenizers and PyTorch's native
 * library for the platform must be on the class path; this library does not include them (see the README).
 * {@link #close} releases the weights; a mapped file is released with the next garbage collection. oneDNN keeps the
 * code that it generates for the last 1,024 batch shapes, hundreds of megabytes, unless the environment variable
 * {@code ONEDNN_PRIMITIVE_CACHE_CAPACITY} sets fewer; 64 showed no loss of speed. DJL reports its use to a server
 * unless the environment variable {@code OPT_OUT_TRACKING} is true.
 */
public final class TransformerEvaluator implements SafetyEvaluator {
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
     * @throws CheckpointException if a part of it is missing or malformed
     * @throws IOException if a file cannot be read
     * @throws IllegalStateException if DJL or PyTorch's native library is missing
     */
    public static TransformerEvaluator load(Path directory) throws IOException {
        return builder().checkpoint(directory).build();
    }

    /** Returns a builder, with no checkpoint set. */
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
        try {
            return new ExchangeReader(name, checkpoints).evaluate(exchanges);
        } catch (IllegalStateException e) {
            requireOpen(); // If closed meanwhile, the message must name this evaluator rather than a component.
            throw e;
        }
    }

    /**
     * Returns the risk of the instruction, and the type of harm that it invites if the same checkpoint predicts it.
     * Checkpoints that read the instruction alone have a head for it, and others may declare one; these are given the
     * instruction with an empty response. Without such a head, it is unscored for the reason {@link
     * UnscoredReason#NOT_SUPPORTED}.
     */
    @Override
    public Assessment evaluateInstruction(String instruction) {
        Objects.requireNonNull(instruction, "instruction");
        List<Checkpoint> readers = checkpoints.stream()
                .filter(checkpoint -> checkpoint.heads().kinds().contains(HeadKind.INSTRUCTION_RISK))
                .toList();
        if (readers.isEmpty()) {
            return SafetyEvaluator.super.evaluateInstruction(instruction);
        }
        requireOpen();
        try {
            return new ExchangeReader(name, readers).evaluateInstruction(instruction);
        } catch (IllegalStateException e) {
            requireOpen();
            throw e;
        }
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Returns the checksums of the checkpoints' files and the settings under which they are run. The first call reads
     * the files, which takes a moment.
     *
     * @throws java.io.UncheckedIOException if a file cannot be read
     */
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
     * Returns the number of tokens that are processed for an exchange, which determines the cost of an evaluation. It
     * includes special tokens and all windows and checkpoints, after truncation; it is 0 if the response is blank.
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
                .map(checkpoint -> checkpoint.encode(exchange))
                .flatMap(text -> text.windows().stream())
                .mapToInt(TokenSequence::length)
                .sum();
    }

    /** Returns the precision of each checkpoint, the harmfulness checkpoint first. */
    public List<Precision> precisions() {
        return checkpoints.stream().map(Checkpoint::precision).toList();
    }

    /**
     * Returns, for each head that is used, what it predicts and from which outputs, in words: for example {@code harmful:
     * softmax of toxic against neutral} or {@code harmful: greatest sigmoid of toxic, insult; not counted: male}. A calibrated
     * head ends with {@code , temperature 1.31, threshold 0.27}. The names are those of the configuration. The heads of the
     * harmfulness checkpoint come first.
     */
    public List<String> heads() {
        return checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.heads().describe().stream())
                .toList();
    }

    /** Returns what each head that is used predicts, in the order of {@link #heads}. */
    public List<HeadKind> headKinds() {
        return checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.heads().kinds().stream())
                .toList();
    }

    /**
     * Returns what a user should know about how the checkpoints are read, one sentence each that names the checkpoint: tensors
     * that are not used, such as those of other heads; outputs that count as harmful, or do not count, although their own
     * names do not say so; and the heads that a configuration declares, with their temperatures and thresholds, and which of
     * them are not used. Empty if there is nothing to say. The provenance contains it, too.
     */
    public List<String> remarks() {
        return checkpoints.stream()
                .flatMap(checkpoint -> checkpoint.remarks().stream().map(remark -> checkpoint.name() + ": " + remark))
                .toList();
    }

    /** Releases models and tokenizers, after waiting for running evaluations. Further calls have no effect. */
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

    /** Builds an evaluator with one or more checkpoints. Each option may be set once. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_BATCH_TOKENS = 1_024;
        private static final int DEFAULT_BATCH_ROWS = 64;
        private static final int MAX_THREADS = 1_024;

        private @Nullable CheckpointSource checkpoint;
        private @Nullable CheckpointSource harmful;
        private @Nullable CheckpointSource action;
        private @Nullable InputFormat inputFormat;
        private @Nullable CheckpointSource instruction;
        private @Nullable Map<String, String> labels;
        private @Nullable Integer maxTokens;
        private @Nullable Integer maxWindows;
        private int windowOverlap;
        private @Nullable Precision precision;
        private @Nullable Integer threads;
        private @Nullable Integer batchTokens;
        private @Nullable Integer batchRows;
        private @Nullable Duration batchDelay;
        private @Nullable Boolean warmUp;

        private Builder() {}

        /**
         * Sets the only checkpoint; the labels of its head, or its declared heads, determine what it predicts. A head with
         * six or seven outputs without names is refused: {@link #action(Path)} says that they are the actions, in the order
         * of their codes.
         */
        public Builder checkpoint(Path directory) {
            checkpoint = setOnce("checkpoint", checkpoint, CheckpointSource.of(directory));
            return this;
        }

        /** Sets the checkpoint that predicts harmfulness. If it has several heads, the others are not used. */
        public Builder harmful(Path directory) {
            harmful = setOnce("harmful", harmful, CheckpointSource.of(directory));
            return this;
        }

        /** Sets the checkpoint that predicts harmfulness, and how the exchange is fed to it. */
        public Builder harmful(Path directory, InputFormat format) {
            harmful = setOnce("harmful", harmful, CheckpointSource.of(directory, format));
            return this;
        }

        /** Sets the checkpoint that predicts the action. If it has several heads, the others are not used. */
        public Builder action(Path directory) {
            action = setOnce("action", action, CheckpointSource.of(directory));
            return this;
        }

        /** Sets the checkpoint that predicts the action, and how the exchange is fed to it. */
        public Builder action(Path directory, InputFormat format) {
            action = setOnce("action", action, CheckpointSource.of(directory, format));
            return this;
        }

        /**
         * Sets the checkpoint that judges instructions, such as a detector of injections or jailbreaks. It reads the
         * instruction alone, and gives its risk. If it declares heads and its own format has both texts, it reads the
         * instruction with an empty response; its other heads are not used.
         */
        public Builder instruction(Path directory) {
            instruction =
                    setOnce("instruction", instruction, CheckpointSource.of(directory, InputFormat.INSTRUCTION_ONLY));
            return this;
        }

        /**
         * Sets how the exchange is fed to checkpoints that are set without a format. By default, {@code input_format}
         * in their config.json decides ({@code response_only}, {@code instruction_only}, {@code separated_string} or {@code
         * pair}); without that entry, the instruction alone is fed to a {@link #checkpoint} that detects injections or
         * jailbreaks, and the response alone to others, as to the paper's published evaluators ("-ro").
         */
        public Builder inputFormat(InputFormat value) {
            inputFormat = setOnce("inputFormat", inputFormat, Objects.requireNonNull(value, "value"));
            return this;
        }

        /**
         * Sets what outputs mean, by their numbers, in place of their names in config.json: {@code harmful} and {@code
         * harmless}, {@code refusal} and {@code compliance}, or the names of actions, with {@code unused} for an output
         * without meaning. Names of harm and its absence that are known, such as {@code toxic}, {@code injection}, {@code
         * safe} or {@code OK}, mean the same. If only the harmful outputs are named, all others are harmless, and the other
         * way round. The labels are those of {@link #checkpoint}, or of {@link #harmful(Path)}, {@link #instruction} or
         * {@link #action(Path)}, whichever is set, in this order. A checkpoint whose config.json has {@code heads} takes
         * none.
         *
         * @throws IllegalArgumentException if there are none
         * @see #labelsByName
         */
        public Builder labels(Map<Integer, String> value) {
            Map<String, String> byKey = new HashMap<>();
            Objects.requireNonNull(value, "value").forEach((output, label) -> byKey.put(String.valueOf(output), label));
            return labelsByName(byKey);
        }

        /**
         * Sets what outputs mean, as {@link #labels} does, by their names in config.json; a number is an output's number.
         * For example, {@code Map.of("OK", "harmless")}.
         *
         * @throws IllegalArgumentException if there are none
         */
        public Builder labelsByName(Map<String, String> value) {
            if (Objects.requireNonNull(value, "value").isEmpty()) {
                throw new IllegalArgumentException("labels must name the outputs, but were empty");
            }
            // Sorted, so that messages do not depend on the order of the map.
            labels = setOnce("labels", labels, new TreeMap<>(Map.copyOf(value)));
            return this;
        }

        /**
         * Sets the maximum number of tokens of a sequence, including special tokens. The default is the maximum of the
         * model, or {@code model_max_length} in tokenizer_config.json if that is less.
         */
        public Builder maxTokens(int value) {
            maxTokens = setOnce("maxTokens", maxTokens, inRange("maxTokens", 1, Integer.MAX_VALUE, value));
            return this;
        }

        /**
         * Reads a long response in overlapping windows. The response is as harmful as its most harmful window; its
         * action is the mean over the windows, weighted by their tokens. By default, only its beginning is read.
         *
         * @param max the maximum number of windows; text beyond them is not read and is reported as truncated
         * @param overlap the number of response tokens that a window repeats from the previous one
         */
        public Builder windows(int max, int overlap) {
            int checked = inRange("overlap", 0, Integer.MAX_VALUE, overlap);
            maxWindows = setOnce("windows", maxWindows, inRange("windows", 1, 100_000, max));
            windowOverlap = checked;
            return this;
        }

        /** Sets the precision of the computation; default {@link Precision#FLOAT32}. */
        public Builder precision(Precision value) {
            precision = setOnce("precision", precision, Objects.requireNonNull(value, "value"));
            return this;
        }

        /** Sets the maximum number of threads per operation; default the number of cores. */
        public Builder threads(int value) {
            threads = setOnce("threads", threads, inRange("threads", 1, MAX_THREADS, value));
            return this;
        }

        /**
         * Sets the maximum number of tokens of a batch, including padding; default 1,024. A longer sequence forms a
         * batch of its own.
         */
        public Builder batchTokens(int value) {
            batchTokens = setOnce("batchTokens", batchTokens, inRange("batchTokens", 1, 1 << 24, value));
            return this;
        }

        /** Sets the maximum number of sequences in a batch; default 64. */
        public Builder batchRows(int value) {
            batchRows = setOnce("batchRows", batchRows, inRange("batchRows", 1, 1 << 16, value));
            return this;
        }

        /**
         * Sets the maximum time to wait, after a batch of several callers, for them to return, so that they are batched
         * again; default 200 microseconds, zero to never wait. A lone caller never waits.
         */
        public Builder batchDelay(Duration value) {
            if (Objects.requireNonNull(value, "value").isNegative() || value.compareTo(Duration.ofMinutes(1)) > 0) {
                throw new IllegalArgumentException("batchDelay must be in 0s..1m, but was " + value);
            }
            batchDelay = setOnce("batchDelay", batchDelay, value);
            return this;
        }

        /** Sets whether the model is run a few times on loading, so that the first call is not slow; default true. */
        public Builder warmUp(boolean value) {
            warmUp = setOnce("warmUp", warmUp, value);
            return this;
        }

        private static int inRange(String name, int min, int max, int value) {
            if (value < min || value > max) {
                throw new IllegalArgumentException(name + " must be in " + min + ".." + max + ", but was " + value);
            }
            return value;
        }

        /**
         * Loads the checkpoints and returns the evaluator.
         *
         * @throws IllegalStateException if no checkpoint is set, options exclude each other, or DJL or PyTorch's native
         *     library is missing
         * @throws IllegalArgumentException if an option does not suit a checkpoint
         * @throws CheckpointException if a part of a checkpoint is missing or malformed, or it predicts something else
         * @throws IOException if a file cannot be read
         */
        public TransformerEvaluator build() throws IOException {
            List<CheckpointSource> named = Stream.of(harmful, instruction, action)
                    .filter(Objects::nonNull)
                    .toList();
            if (checkpoint == null && named.isEmpty()) {
                throw new IllegalStateException("checkpoint must be set, but was not");
            }
            if (checkpoint != null && !named.isEmpty()) {
                throw new IllegalStateException("checkpoint must be set alone, but was " + checkpoint.directory()
                        + " with " + named.get(0).directory());
            }
            NativeLibraries.require();
            TransformerOptions options = options();
            List<Checkpoint> loaded = new ArrayList<>();
            boolean complete = false;
            try {
                load(loaded, checkpoint, null, options);
                load(loaded, harmful, HeadKind.HARMFUL, options);
                load(loaded, instruction, HeadKind.INSTRUCTION_RISK, options);
                load(loaded, action, HeadKind.ACTION, options);
                complete = true;
                return new TransformerEvaluator(loaded);
            } finally {
                if (!complete) {
                    loaded.forEach(Checkpoint::close);
                }
            }
        }

        private void load(
                List<Checkpoint> loaded,
                @Nullable CheckpointSource source,
                @Nullable HeadKind kind,
                TransformerOptions options)
                throws IOException {
            if (source == null) {
                return;
            }
            boolean labelled = labels != null && loaded.isEmpty();
            loaded.add(Checkpoint.load(
                    source.directory(),
                    source.format() != null ? source.format() : inputFormat,
                    new HeadOptions(kind, labelled ? Objects.requireNonNull(labels) : Map.of()),
                    options));
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
