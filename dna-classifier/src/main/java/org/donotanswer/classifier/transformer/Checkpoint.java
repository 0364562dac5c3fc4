package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A loaded checkpoint: its tokenizer, its model, the queue in front of the model, and its heads. Thread-safe.
 *
 * @param name its name in assessments
 * @param architecture the {@code model_type} of its configuration
 * @param givenLabels the labels that replace those of its configuration, or empty
 * @param remarks what it has that is not used, one sentence each
 */
record Checkpoint(
        Path directory,
        String name,
        String architecture,
        CheckpointTokenizer tokenizer,
        SequenceClassifier model,
        Precision precision,
        BatchQueue queue,
        CheckpointHeads heads,
        Map<Integer, String> givenLabels,
        List<String> remarks)
        implements AutoCloseable {
    Checkpoint {
        givenLabels = Map.copyOf(givenLabels);
        remarks = List.copyOf(remarks);
    }

    /** Key in config.json that says how an exchange is fed to the checkpoint. */
    static final String INPUT_FORMAT = "input_format";

    /**
     * Loads a checkpoint.
     *
     * @param format how an exchange is fed to it, or null for its own setting
     * @param head what the caller says about its head
     * @throws CheckpointException if a part of it is missing or malformed, or does not match the others
     * @throws IllegalArgumentException if an option does not suit it
     */
    static Checkpoint load(Path directory, @Nullable InputFormat format, HeadOptions head, TransformerOptions options)
            throws IOException {
        CheckpointConfig config = CheckpointConfig.read(directory);
        boolean traced = CheckpointDirectory.isTraced(directory);
        SortedMap<Integer, String> id2label = config.labels();
        CheckpointHeads heads = head.heads(config, ownFormat(config, format), format);
        Optional<Architecture> architecture = traced ? Optional.empty() : Optional.of(Architecture.of(config));
        int limit = architecture.isPresent() ? architecture.get().maxTokens() : TracedClassifier.maxTokens(config);
        CheckpointTokenizer tokenizer = tokenizer(directory, limit, heads.format(), options);
        SequenceClassifier model = null;
        BatchQueue queue = null;
        boolean loaded = false;
        try {
            options.requireTokens(tokenizer.maxTokens());
            int vocabulary = architecture.isPresent()
                    ? architecture.get().vocabularySize()
                    : config.positive("vocab_size", Integer.MAX_VALUE);
            if (tokenizer.vocabularySize() > vocabulary) {
                throw config.invalid(
                        "vocab_size",
                        "must be at least " + tokenizer.vocabularySize() + " for the tokens of tokenizer.json",
                        vocabulary);
            }
            int tokenTypes = architecture.isPresent() ? architecture.get().tokenTypes() : 0;
            if (tokenTypes > 1 && tokenizer.highestType() >= tokenTypes) {
                throw config.invalid(
                        "highest type id of tokenizer.json",
                        "must be less than type_vocab_size (" + tokenTypes + ")",
                        tokenizer.highestType());
            }
            Precision precision = Precision.FLOAT32;
            List<String> remarks = new ArrayList<>(tokenizer.remarks());
            remarks.addAll(heads.remarks());
            if (architecture.isPresent()) {
                CheckpointModel own = model(directory, architecture.get(), id2label.size(), options);
                model = own;
                precision = own.kernels().precision();
                remarks.addAll(WeightMatching.remarks(own.unusedTensors()));
            } else {
                config.requireNot(
                        "model_type",
                        "longformer",
                        "whose trace is only valid for the traced length (use its weights)");
                options.requireFullPrecision("TorchScript");
                model = TracedClassifier.load(
                        directory, config.atLeast(0, "pad_token_id", 0), id2label.size(), options.threads());
            }
            String name = name(directory);
            queue = new BatchQueue("transformer " + name, model, options.batches());
            Checkpoint checkpoint = new Checkpoint(
                    directory,
                    name,
                    config.optionalText("model_type").orElse("torchscript"),
                    tokenizer,
                    model,
                    precision,
                    queue,
                    heads,
                    head.labels(id2label),
                    remarks);
            if (options.warmUp()) {
                checkpoint.warmUp();
            }
            loaded = true;
            return checkpoint;
        } catch (EngineException e) {
            // The message of the cause contains the program's source.
            throw new CheckpointException(
                    "checkpoint must process a short text, but PyTorch failed (" + directory + ")", e);
        } finally {
            if (!loaded) {
                close(queue, model, tokenizer);
            }
        }
    }

    private static void close(
            @Nullable BatchQueue queue, @Nullable SequenceClassifier model, CheckpointTokenizer tokenizer) {
        if (queue != null) {
            queue.close();
        }
        if (model != null) {
            model.close();
        }
        tokenizer.close();
    }

    private static CheckpointTokenizer tokenizer(
            Path directory, int limit, InputFormat format, TransformerOptions options) throws IOException {
        try {
            return CheckpointTokenizer.open(directory, options.tokenizer(limit, format));
        } catch (IllegalArgumentException e) {
            if (options.usesCheckpointLength()) {
                throw new CheckpointException(e.getMessage() + " (" + directory + ")", e);
            }
            throw e;
        }
    }

    private static CheckpointModel model(
            Path directory, Architecture architecture, int labels, TransformerOptions options) throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            boolean packed = Torch.hasOneDnn();
            return options.precision() == Precision.AUTO
                    ? PrecisionProbe.fastest(architecture, labels, weights, packed, options.threads())
                    : CheckpointModel.load(
                            architecture, labels, weights, new Kernels(options.precision(), packed), options.threads());
        }
    }

    /** The configuration's format counts if the caller says nothing, and for heads that may be read in one format only. */
    private static @Nullable InputFormat ownFormat(CheckpointConfig config, @Nullable InputFormat given)
            throws CheckpointException {
        return given == null || config.has(DeclaredHeads.KEY) ? inputFormat(config) : null;
    }

    private static @Nullable InputFormat inputFormat(CheckpointConfig config) throws CheckpointException {
        Optional<String> name = config.optionalText(INPUT_FORMAT);
        if (name.isEmpty()) {
            return null;
        }
        for (InputFormat format : InputFormat.values()) {
            if (format.name().equals(name.get().toUpperCase(Locale.ROOT))) {
                return format;
            }
        }
        throw config.invalid(
                INPUT_FORMAT, "must be response_only, instruction_only, separated_string or pair", name.get());
    }

    /** Returns how an exchange is fed to it. */
    InputFormat format() {
        return heads.format();
    }

    /**
     * Returns the tokens of an exchange; no window if it lacks the text that the heads need.
     *
     * @throws TokenizationException if the tokenizer fails on the exchange
     */
    EncodedText encode(Exchange exchange) {
        return heads.read(exchange)
                ? tokenizer.encode(exchange.instruction(), heads.instructionAlone() ? "" : exchange.response())
                : EncodedText.NONE;
    }

    /** Returns the name of the directory, or the repository and revision if the directory is in the hub's cache. */
    private static String name(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        String last = String.valueOf(path.getFileName());
        Path parent = path.getParent();
        if (parent != null && parent.endsWith("snapshots") && parent.getParent() != null) {
            String repository = String.valueOf(parent.getParent().getFileName());
            if (repository.startsWith("models--")) {
                return repository.substring("models--".length()).replace("--", "/") + " "
                        + last.substring(0, Math.min(8, last.length()));
            }
        }
        return last;
    }

    /** Runs the model a few times, as the engine optimises a program in its first runs. */
    private void warmUp() {
        TokenSequence one = tokenizer.encode("warm up", "warm up").windows().get(0);
        TokenSequence two =
                tokenizer.encode("warm up", "warm up with more").windows().get(0);
        for (int i = 0; i < 3; i++) {
            queue.submit(one);
            queue.submitAll(List.of(one, two));
        }
    }

    /** Releases all resources, after waiting for running batches. Further calls have no effect. */
    @Override
    public void close() {
        queue.close();
        model.close();
        tokenizer.close();
    }
}
