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

/** What is needed of DJL's PyTorch engine, past its traps: everything native in this package goes through here. */
final class Torch {
    private static final String ENGINE = "PyTorch";

    private Torch() {}

    /** Returns a manager of arrays in main memory; what it holds is freed when it is closed. */
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
     * Readies the calling thread for inference: gradients are on by default in every new thread, and would be recorded.
     *
     * @param threads how many threads operations that it starts may use, 0 for the engine's own number
     */
    static void prepareThread(int threads) {
        JniUtils.setGradMode(false);
        if (threads > 0 && JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
    }

    /**
     * Returns an array over a direct buffer's memory, from its position on; nothing is copied, so that the buffer must stay
     * reachable for as long as the array, or anything made of it without a copy, is used.
     */
    static PtNDArray floats(PtNDManager manager, ByteBuffer littleEndian, Shape shape) {
        if (!littleEndian.isDirect() || littleEndian.order() != ByteOrder.LITTLE_ENDIAN) {
            throw new IllegalArgumentException("buffer must be direct and little-endian, but was " + littleEndian);
        }
        // The engine ignores a buffer's position, but not that of a slice.
        return manager.create(littleEndian.slice().order(ByteOrder.LITTLE_ENDIAN), shape, DataType.FLOAT32);
    }

    /** Returns an array of integers [rows, columns] from a buffer of as many. */
    static PtNDArray longs(PtNDManager manager, long[] values, Shape shape) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(values.length, Long.BYTES))
                .order(ByteOrder.nativeOrder());
        LongBuffer buffer = bytes.asLongBuffer();
        buffer.put(values);
        return manager.create(bytes, shape, DataType.INT64);
    }

    /** Returns the values of an array of 16- or 32-bit floats; any other type would end the process in a cast. */
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
        throw new IllegalStateException("logits must be FLOAT32, FLOAT16 or FLOAT64, but was " + type);
    }
}
