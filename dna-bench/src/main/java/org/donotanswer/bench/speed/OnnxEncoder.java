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
 * Runs a BERT, RoBERTa or DistilBERT classifier with ONNX Runtime on the CPU, with the weights of the checkpoint's {@code
 * model.safetensors}. Thread-safe; concurrent calls share the runtime's threads.
 */
public final class OnnxEncoder implements AutoCloseable {
    /**
     * The option for the directory of external weights; the model itself is not a file that the runtime could look beside.
     */
    private static final String WEIGHTS_FOLDER = "session.model_external_initializers_file_folder_path";

    private final OrtSession session;
    private final AtomicBoolean closed = new AtomicBoolean();

    private OnnxEncoder(OrtSession session) {
        this.session = session;
    }

    /**
     * Opens a checkpoint with all optimizations of the runtime.
     *
     * @param threads the number of threads that share the work of one call
     * @throws IllegalArgumentException if the number of threads is not positive
     * @throws IOException if the checkpoint cannot be read, or the runtime rejects it
     */
    public static OnnxEncoder open(Path checkpoint, int threads) throws IOException {
        return open(checkpoint, threads, Optional.empty());
    }

    /** Opens a checkpoint on one thread, with its linear layers in 8 bits as ONNX Runtime's tools quantize them. */
    static OnnxEncoder openQuantized(Path checkpoint) throws IOException {
        return open(OnnxModel.quantized(checkpoint), checkpoint, 1, Optional.empty());
    }

    /** Opens a checkpoint and, if a file is given, writes the optimized model to it. */
    static OnnxEncoder open(Path checkpoint, int threads, Optional<Path> optimized) throws IOException {
        if (threads <= 0) {
            throw new IllegalArgumentException("threads must be positive, but was " + threads);
        }
        return open(OnnxModel.of(checkpoint), checkpoint, threads, optimized);
    }

    private static OnnxEncoder open(byte[] model, Path checkpoint, int threads, Optional<Path> optimized)
            throws IOException {
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
                    "checkpoint must be supported by ONNX Runtime, but was rejected (" + checkpoint + ")", e);
        }
    }

    /**
     * Returns the logits, one row per exchange.
     *
     * @param inputIds one row per exchange, all of the same length, padded on the right
     * @param attentionMask 1 for tokens, 0 for padding
     * @param tokenTypeIds 0 or 1; ignored by RoBERTa and DistilBERT
     * @throws IllegalArgumentException if the shapes differ or are empty
     * @throws IllegalStateException if this is closed, or the runtime fails, for example on ids outside the vocabulary
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
            throw new IllegalStateException("ONNX Runtime must evaluate the batch, but failed", e);
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    private static void put(Map<String, OnnxTensor> inputs, String name, long[][] rows, long[][] ids)
            throws OrtException {
        Objects.requireNonNull(rows, name);
        if (ids.length == 0 || ids[0].length == 0) {
            throw new IllegalArgumentException(name + " must contain tokens, but was empty");
        }
        int length = ids[0].length;
        if (rows.length != ids.length) {
            throw new IllegalArgumentException(name + " must have " + ids.length + " rows, but had " + rows.length);
        }
        LongBuffer values = LongBuffer.allocate(rows.length * length);
        for (long[] row : rows) {
            if (row.length != length) {
                throw new IllegalArgumentException(
                        name + " must have rows of " + length + " tokens, but had " + row.length);
            }
            values.put(row);
        }
        long[] shape = {rows.length, length};
        inputs.put(name, OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), values.flip(), shape));
    }

    /** Releases the runtime's memory, which no concurrent call may be using. Idempotent. */
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
