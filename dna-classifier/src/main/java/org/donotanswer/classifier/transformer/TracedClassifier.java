package org.donotanswer.classifier.transformer;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * A model that was traced or scripted to TorchScript in Python, for architectures that are not supported natively: a
 * {@code .pt} file as written by {@code djl-convert}. It takes {@code input_ids}, {@code attention_mask} and, if
 * {@code serving.properties} contains {@code includeTokenTypes=true}, {@code token_type_ids}, all INT64 [B, L]. Its
 * result named {@code logits}, or otherwise its first result, holds the logits, [B, labels].
 *
 * <p>A trace records the pass over one example, so that of a Longformer is wrong at other lengths. Thread-safe.
 */
final class TracedClassifier implements SequenceClassifier {
    private static final String PROPERTIES = "serving.properties";
    private static final double TOLERANCE = 1e-3;
    private static final String LOGITS = "logits";
    private static final int DEFAULT_TOKENS = 512;
    private static final Set<String> COUNT_FROM_PADDING = Set.of(
            "camembert",
            "data2vec-text",
            "longformer",
            "mpnet",
            "roberta",
            "roberta-prelayernorm",
            "xlm-roberta",
            "xlm-roberta-xl");

    private final PtNDManager manager;
    private final PtSymbolBlock module;
    private final boolean withTypes;
    private final int padTokenId;
    private final int labels;
    private final int threads;
    private final AtomicBoolean closed = new AtomicBoolean();

    private TracedClassifier(
            PtNDManager manager, PtSymbolBlock module, boolean withTypes, int padTokenId, int labels, int threads) {
        this.manager = manager;
        this.module = module;
        this.withTypes = withTypes;
        this.padTokenId = padTokenId;
        this.labels = labels;
        this.threads = threads;
    }

    /**
     * Loads the TorchScript file in a directory and tests it on short inputs.
     *
     * @throws CheckpointException if there are several such files, or the file is not TorchScript or returns another
     *     number of logits
     */
    static TracedClassifier load(Path directory, int padTokenId, int labels, int threads) throws IOException {
        List<Path> files = CheckpointDirectory.tracedFiles(directory);
        if (files.size() != 1) {
            throw new CheckpointException(
                    "number of .pt files must be 1, but was " + files.size() + " (" + directory + ")");
        }
        Path file = files.get(0);
        boolean withTypes = includesTypes(directory);
        Torch.prepareThread(threads);
        PtNDManager manager = Torch.manager();
        boolean loaded = false;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            PtSymbolBlock module = JniUtils.loadModule(manager, in, false, false);
            JniUtils.enableInferenceMode(module); // a module loaded from a stream is in training mode
            TracedClassifier classifier = new TracedClassifier(manager, module, withTypes, padTokenId, labels, threads);
            classifier.selfTest();
            loaded = true;
            return classifier;
        } catch (EngineException | IllegalStateException | UnsupportedOperationException e) {
            throw new CheckpointException(
                    file.getFileName() + " must be a TorchScript module that takes input_ids, attention_mask"
                            + (withTypes ? ", token_type_ids" : "") + " and returns " + labels
                            + " logits per sequence, but was not (" + file + ")",
                    e);
        } finally {
            if (!loaded) {
                manager.close();
            }
        }
    }

    /**
     * Returns the maximum number of tokens of a traced model. Only RoBERTa and its relatives count positions from the
     * padding id plus one.
     */
    static int maxTokens(CheckpointConfig config) throws CheckpointException {
        int positions = config.positive("max_position_embeddings", DEFAULT_TOKENS);
        if (!config.has("max_position_embeddings")
                || !COUNT_FROM_PADDING.contains(
                        config.optionalText("model_type").orElse(""))) {
            return positions;
        }
        int before = config.atLeast(0, "pad_token_id", 1) + 1;
        if (positions <= before) {
            throw config.invalid(
                    "max_position_embeddings", "must be at least pad_token_id + 2 (" + (before + 1) + ")", positions);
        }
        return positions - before;
    }

    private static boolean includesTypes(Path directory) throws IOException {
        Path file = directory.resolve(PROPERTIES);
        if (!Files.exists(file)) {
            return false;
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(
                    PROPERTIES + " must be a properties file, but was malformed (" + file + ")", e);
        }
        String value = properties.getProperty(
                "includeTokenTypes", properties.getProperty("option.includeTokenTypes", "false"));
        return value.strip().toLowerCase(Locale.ROOT).equals("true");
    }

    @Override
    public int labels() {
        return labels;
    }

    /**
     * Returns the logits of each sequence.
     *
     * @throws IllegalStateException if this classifier is closed, or the module returns anything else
     */
    @Override
    public float[][] logits(List<TokenSequence> batch) {
        if (closed.get()) {
            throw new IllegalStateException("TracedClassifier is closed");
        }
        Torch.prepareThread(threads);
        PaddedBatch padded = PaddedBatch.of(batch, padTokenId);
        try (PtNDManager scope = (PtNDManager) manager.newSubManager()) {
            List<IValue> inputs = new ArrayList<>();
            try {
                inputs.add(IValue.from(Torch.longs(scope, padded.ids(), padded.shape())));
                inputs.add(IValue.from(Torch.longs(scope, padded.mask(), padded.shape())));
                if (withTypes) {
                    inputs.add(IValue.from(Torch.longs(scope, padded.types(), padded.shape())));
                }
                try (IValue outputs = IValueUtils.runMethod(module, "forward", inputs.toArray(IValue[]::new))) {
                    return logits(outputs.toNDList(scope), padded);
                }
            } finally {
                inputs.forEach(IValue::close);
            }
        }
    }

    private float[][] logits(NDList outputs, PaddedBatch padded) {
        NDArray result = logits(outputs);
        Shape expected = new Shape(padded.rows(), labels);
        if (!result.getShape().equals(expected)) {
            throw new IllegalStateException(
                    "shape of the logits must be " + expected + ", but was " + result.getShape());
        }
        return padded.rowsOf(Torch.floats(result));
    }

    /** Runs two lengths, alone and together: a trace may have baked in the length, batch or mask of its example. */
    private void selfTest() {
        TokenSequence shorter = new TokenSequence(new long[5], new long[5]);
        TokenSequence longer = new TokenSequence(new long[9], new long[9]);
        float[][] together = logits(List.of(shorter, longer));
        float[][] alone = {logits(List.of(shorter))[0], logits(List.of(longer))[0]};
        for (int row = 0; row < alone.length; row++) {
            for (int label = 0; label < labels; label++) {
                if (!(Math.abs(together[row][label] - alone[row][label]) <= TOLERANCE)) {
                    throw new IllegalStateException("logits must be the same alone and in a batch, but were "
                            + alone[row][label] + " and " + together[row][label]);
                }
            }
        }
    }

    /** Returns the logits among the results; those of a dictionary are in any order. */
    private static NDArray logits(NDList outputs) {
        for (NDArray output : outputs) {
            if (LOGITS.equals(output.getName())) {
                return output;
            }
        }
        if (outputs.isEmpty()) {
            throw new IllegalStateException("module must return logits, but returned nothing");
        }
        return outputs.get(0);
    }

    /** Releases the module; nothing may be running. Further calls have no effect. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            module.close();
            manager.close();
        }
    }
}
