package org.donotanswer.bench.speed;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * Multiplies [2048, 768] by [768, 3072] in FLOAT32 with DJL's {@code matMul}: the engine's maximum speed, to compare models
 * with. Not thread-safe.
 */
public final class MatMulCeiling implements AutoCloseable {
    private static final int ROWS = 2048;
    private static final int INNER = 768;
    private static final int COLUMNS = 3072;

    private final NDManager manager;
    private final NDArray left;
    private final NDArray right;

    /** Allocates the factors. */
    public MatMulCeiling() {
        manager = Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        left = manager.randomUniform(-1, 1, new Shape(ROWS, INNER), DataType.FLOAT32);
        right = manager.randomUniform(-1, 1, new Shape(INNER, COLUMNS), DataType.FLOAT32);
    }

    /** Computes the product once. */
    public void multiply() {
        left.matMul(right).close();
    }

    /** Returns the number of floating-point operations of the product. */
    public static double flops() {
        return 2.0 * ROWS * INNER * COLUMNS;
    }

    /** Computes the product once and returns its GFLOP/s. */
    double gigaflops() {
        long start = System.nanoTime();
        multiply();
        return flops() / (System.nanoTime() - start);
    }

    /** Frees the factors. */
    @Override
    public void close() {
        manager.close();
    }
}
