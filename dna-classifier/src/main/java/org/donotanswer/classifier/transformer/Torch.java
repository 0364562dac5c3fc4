package org.donotanswer.classifier.transformer;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Set;

/** Access to DJL's PyTorch engine that avoids its pitfalls. All native calls in this package go through it. */
final class Torch {
    private static final String ENGINE = "PyTorch";

    private Torch() {}

    /** Returns a manager of arrays in main memory; closing it releases its arrays. */
    static PtNDManager manager() {
        return (PtNDManager) Engine.getEngine(ENGINE).newBaseManager(Device.cpu());
    }

    /** Returns whether this build of PyTorch has oneDNN, whose packed products are the fastest. */
    static boolean hasOneDnn() {
        Engine.getEngine(ENGINE);
        Set<String> features = JniUtils.getFeatures();
        return features.contains("MKLDNN");
    }

    /** Returns the version of the native library. */
    static String version() {
        return Engine.getEngine(ENGINE).getVersion();
    }

    /**
     * Prepares the calling thread for inference: gradients are recorded by default in every new thread.
     *
     * @param threads the maximum number of threads of operations that it starts, or 0 for the engine's default
     */
    static void prepareThread(int threads) {
        JniUtils.setGradMode(false);
        if (threads > 0 && JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
    }

    /**
     * Makes the calling thread record gradients, or stop to. While it does, the graph executor does not optimise: it would
     * derive gradients itself, and fails where one operand has 16 bits.
     */
    static void prepareTraining(boolean recording) {
        JniUtils.setGradMode(recording);
        JniUtils.setGraphExecutorOptimize(!recording);
    }

    /**
     * Returns an array over a direct buffer's memory, starting at its position. Nothing is copied, so the buffer must
     * stay reachable for as long as the array, or anything derived from it without copying, is in use.
     */
    static PtNDArray floats(PtNDManager manager, ByteBuffer littleEndian, Shape shape) {
        if (!littleEndian.isDirect() || littleEndian.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("buffer must be direct and little-endian, but was " + littleEndian);
        }
        // The engine ignores a buffer's position, but not the start of a slice.
        return manager.create(littleEndian.slice().order(ByteOrder.LITTLE_ENDIAN), shape, DataType.FLOAT32);
    }

    /** Returns an array with the given values and shape. */
    static PtNDArray longs(PtNDManager manager, long[] values, Shape shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Long.BYTES))
                .order(ByteOrder.nativeOrder());
        LongBuffer buffer = bytes.asLongBuffer();
        buffer.put(values);
        return manager.create(bytes, shape, DataType.INT64);
    }

    /**
     * Returns the values of an array of 16-, 32- or 64-bit floats; casting any other type would terminate the process.
     */
    static float[] floats(NDArray array) {
        DataType type = array.getDataType();
        if (type == DataType.FLOAT32) {
            return array.toFloatArray();
        }
        if (type == DataType.FLOAT16 || type == DataType.FLOAT64) {
            try (NDArray exact = array.toType(DataType.FLOAT32, true)) {
                return exact.toFloatArray();
            }
        }
        throw new IllegalStateException("type of the logits must be FLOAT32, FLOAT16 or FLOAT64, but was " + type);
    }
}
