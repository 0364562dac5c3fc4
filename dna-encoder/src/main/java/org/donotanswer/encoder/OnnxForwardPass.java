package org.donotanswer.encoder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.donotanswer.classifier.transformer.TokenSequence;

/**
 * Computes the logits of windows with ONNX Runtime, with linear layers in integers of 8 bits; {@link EncoderGraph} says how. The
 * computation takes the calling thread and starts none. Thread-safe: concurrent calls do not wait for each other.
 *
 * <p>For callers with their own tokenizer, and for benchmarks.
 */
public final class OnnxForwardPass implements ForwardPass {
    private final EmbeddingTables embeddings;
    private final EncoderDimensions dimensions;
    private final OnnxSession session;
    /** Direct buffers for whole windows, one for each call that was ever in progress at once. */
    private final Queue<FloatBuffer> buffers = new ConcurrentLinkedQueue<>();
    /** Calls share it, and closing excludes them: the runtime would crash if it freed what a call is using. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    private boolean closed;

    private OnnxForwardPass(EmbeddingTables embeddings, EncoderDimensions dimensions, OnnxSession session) {
        this.embeddings = embeddings;
        this.dimensions = dimensions;
        this.session = session;
    }

    /**
     * Quantizes a fine-tuned BERT classifier in a directory of Hugging Face and loads it; a tokenizer is not needed.
     *
     * @throws org.donotanswer.classifier.weights.CheckpointException if a part of it is missing or malformed, or it holds another
     *     model
     * @throws IllegalStateException if ONNX Runtime has no native library for this platform
     * @throws IOException if a file cannot be read
     */
    public static OnnxForwardPass open(Path directory) throws IOException {
        try (CheckpointTensors tensors = CheckpointTensors.open(directory)) {
            return open(tensors, tensors.heads(), OutlierScales.of(EncoderDimensions.of(tensors, tensors.heads())));
        }
    }

    /**
     * Quantizes an encoder and loads it. The tensors are read one after the other and not kept, except for the embeddings.
     *
     * @param heads the number of attention heads
     * @throws IllegalArgumentException if a tensor is missing, or the heads do not divide the hidden size
     * @throws IllegalStateException if ONNX Runtime has no native library for this platform
     * @throws IOException if a tensor cannot be read
     */
    static OnnxForwardPass open(EncoderTensors tensors, int heads, OutlierScales outliers) throws IOException {
        EncoderDimensions dimensions = EncoderDimensions.of(tensors, heads);
        byte[] graph = EncoderGraph.of(tensors, dimensions, outliers);
        OnnxSession session = loaded(() -> OnnxSession.open(graph, dimensions.hidden()));
        boolean opened = false;
        try {
            EmbeddingTables embeddings = EmbeddingTables.of(tensors, dimensions.hidden());
            opened = true;
            return new OnnxForwardPass(embeddings, dimensions, session);
        } finally {
            if (!opened) {
                session.close();
            }
        }
    }

    /** Returns what needs the native library, or says that it is missing. */
    static <T> T loaded(Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (LinkageError e) {
            throw new IllegalStateException(
                    "ONNX Runtime must have a native library for this platform, but none could be loaded for "
                            + System.getProperty("os.name") + " on " + System.getProperty("os.arch")
                            + " (com.microsoft.onnxruntime:onnxruntime has it for Linux with glibc and macOS on x64 and arm64, and"
                            + " Windows on x64)",
                    e);
        }
    }

    @Override
    public float[] logits(TokenSequence window) {
        Objects.requireNonNull(window, "window");
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("OnnxForwardPass is closed");
            }
            FloatBuffer pooled = buffers.poll();
            FloatBuffer buffer = pooled != null ? pooled : allocate();
            try {
                embeddings.put(window, buffer.clear());
                return session.logits(buffer.flip());
            } finally {
                buffers.add(buffer);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    private FloatBuffer allocate() {
        return ByteBuffer.allocateDirect(embeddings.positions() * dimensions.hidden() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                session.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
