package org.donotanswer.encoder;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * A graph of {@link EncoderGraph} in ONNX Runtime, on one thread. All native calls of this module are here. Thread-safe, but
 * {@link #close} must not come while a call is in progress, or before one.
 */
final class OnnxSession implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final int hidden;

    private OnnxSession(OrtEnvironment environment, OrtSession session, int hidden) {
        this.environment = environment;
        this.session = session;
        this.hidden = hidden;
    }

    /**
     * Loads a graph.
     *
     * @throws LinkageError if there is no native library for this platform
     * @throws IllegalStateException if the runtime rejects the graph
     */
    static OnnxSession open(byte[] graph, int hidden) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            options.addConfigEntry("session.intra_op.allow_spinning", "0");
            options.addConfigEntry("session.inter_op.allow_spinning", "0");
            // Without it, processors that lack VNNI add pairs of products in 16 bits, where they saturate. With it they
            // use a
            // slower instruction with the exact sums that all others give.
            options.addConfigEntry("session.x64quantprecision", "1");
            // A plan of the memory for each length of a window would be kept, up to 512 of them.
            options.setMemoryPatternOptimization(false);
            options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            return new OnnxSession(environment, environment.createSession(graph, options), hidden);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime must load the encoder, but failed", e);
        }
    }

    /**
     * Returns the logits of a window.
     *
     * @param embeddings the sums of the embeddings in a direct buffer, [tokens, hidden]
     * @throws IllegalStateException if the runtime fails, for example for want of memory
     */
    float[] logits(FloatBuffer embeddings) {
        long[] shape = {1, embeddings.remaining() / hidden, hidden};
        try (OnnxTensor input = OnnxTensor.createTensor(environment, embeddings, shape);
                OrtSession.Result result = session.run(Map.of(EncoderGraph.EMBEDDINGS, input))) {
            return ((float[][][]) result.get(0).getValue())[0][0]; // [1, 1, outputs]
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime must compute the logits, but failed", e);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime must free the encoder, but failed", e);
        }
    }
}
