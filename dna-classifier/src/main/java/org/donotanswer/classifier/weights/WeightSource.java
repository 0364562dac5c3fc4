package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A tensor to be written: its type, its shape, and a supplier of its elements, which is called when it is the tensor's
 * turn. Thread-safe if the supplier is.
 *
 * @param type {@link TensorType#FLOAT32}, or {@link TensorType#FLOAT16} or {@link TensorType#BFLOAT16}, to which the
 *     elements are rounded
 * @param shape the size of each dimension; empty for a scalar
 * @param values supplies the elements in row-major order
 */
public record WeightSource(TensorType type, List<Long> shape, Values values) {
    /** Supplies the elements of a tensor. */
    @FunctionalInterface
    public interface Values {
        /**
         * Returns the elements in row-major order. The array is not modified.
         *
         * @throws IOException if the elements cannot be read
         */
        float[] get() throws IOException;
    }

    /**
     * Validates the components.
     *
     * @throws IllegalArgumentException if the type is not one of the three above, or no array can hold the shape
     */
    public WeightSource {
        Objects.requireNonNull(values, "values");
        shape = List.copyOf(shape);
        if (type != TensorType.FLOAT32 && type != TensorType.FLOAT16 && type != TensorType.BFLOAT16) {
            throw new IllegalArgumentException("type must be FLOAT32, FLOAT16 or BFLOAT16, but was " + type);
        }
        try {
            Shapes.bytes("shape", type, shape, new FileErrors("to be written"));
        } catch (CheckpointException e) {
            throw new IllegalArgumentException("shape must fit into an array, but was " + shape, e);
        }
    }

    /**
     * Returns a source of type {@link TensorType#FLOAT32}.
     *
     * @throws IllegalArgumentException if no array can hold the shape
     */
    public static WeightSource of(List<Long> shape, Values values) {
        return new WeightSource(TensorType.FLOAT32, shape, values);
    }
}
