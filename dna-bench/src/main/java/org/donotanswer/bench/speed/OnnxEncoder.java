package org.donotanswer.bench.speed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A BERT, RoBERTa or DistilBERT checkpoint that classifies, run by ONNX Runtime on the processor, on the very weights of its
 * {@code model.safetensors}. Thread-safe; calls of several threads share the runtime's own.
 */
public final class OnnxEncoder implements AutoCloseable {
    /** Where the runtime looks for weights that are not in the model itself, which here is no file. */
    private static final String WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path";

    private final OrtSession session;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OnnxEncoder(OrtSession session) {
        this.session = session;
    }

    /**
     * Opens a checkpoint with all optimizations.
     *
     * @param threads that share the work of one call
     * @throws IOException if there is no such checkpoint, or the runtime refuses it
     */
    public static OnnxEncoder open(Path checkpoint, int threads) throws IOException {
        return open(checkpoint, threads, Optional.empty());
    }

    /** Opens a checkpoint and writes what the runtime made of the model to a file, where one is given. */
    static OnnxEncoder open(Path checkpoint, int threads, Optional<Path> optimized) throws IOException {
        if (threads <= 0) {
            throw new IllegalArgumentException("threads must be positive, but was " + threads);
        }
        byte[] model = OnnxModel.of(checkpoint);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setMemoryPatternOptimization(true);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            options.addConfigEntry(
                    WEIGHTS_FOLDER, checkpoint.toAbsolutePath().normalize().toString());
            if (optimized.isPresent()) {
                options.setOptimizedModelFilePath(optimized.get().toString());
            }
            return new OnnxEncoder(OrtEnvironment.getEnvironment().createSession(model, options));
        } catch (OrtException e) {
            throw new IOException(
                    "checkpoint must be one that ONNX Runtime opens, but was not (" + checkpoint + ")", e);
        }
    }

    /**
     * Returns the logits, one row per exchange.
     *
     * @param inputIds one row per exchange, all of the same length, padded on the right
     * @param attentionMask 1 for tokens, 0 for padding
     * @param tokenTypeIds 0 or 1; not looked at by RoBERTa and DistilBERT
     * @throws IllegalArgumentException if the shapes differ or there is nothing in them
     * @throws IllegalStateException if it is closed, or the runtime fails, as on ids that are not in the vocabulary
     */
    public float[][] logits(long[][] inputIds, long[][] attentionMask, long[][] tokenTypeIds) {
        if (closed.get()) {
            throw new IllegalStateException("OnnxEncoder is closed");
        }
        Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
        try {
            put(inputs, OnnxModel.INPUT_IDS, inputIds, inputIds);
            put(inputs, OnnxModel.ATTENTION_MASK, attentionMask, inputIds);
            if (session.getInputNames().contains(OnnxModel.TOKEN_TYPE_IDS)) {
                put(inputs, OnnxModel.TOKEN_TYPE_IDS, tokenTypeIds, inputIds);
            }
            try (OrtSession.Result result = session.run(inputs)) {
                return (float[][]) result.get(OnnxModel.LOGITS).orElseThrow().getValue();
            }
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime must judge the batch, but failed", e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void put(Map<String, OnnxTensor> inputs, String name, long[][] rows, long[][] like)
            throws OrtException {
        Objects.requireNonNull(rows, name);
        if (like.length == 0 || like[0].length == 0) {
            throw new IllegalArgumentException(name + " must have rows of tokens, but was empty");
        }
        int length = like[0].length;
        if (rows.length != like.length) {
            throw new IllegalArgumentException(name + " must have " + like.length + " rows, but was " + rows.length);
        }
        LongBuffer values = LongBuffer.allocate(rows.length * length);
        for (long[] row : rows) {
            if (row.length != length) {
                throw new IllegalArgumentException(
                        name + " must have rows of " + length + " tokens, but was " + row.length);
            }
            values.put(row);
        }
        long[] shape = {rows.length, length};
        inputs.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values.flip(), shape));
    }

    /** Frees the runtime's memory, which no call may be using; a second call does nothing. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            try {
                session.close();
            } catch (OrtException e) {
                throw new IllegalStateException("ONNX Runtime must free its session, but failed", e);
            }
        }
    }
}
