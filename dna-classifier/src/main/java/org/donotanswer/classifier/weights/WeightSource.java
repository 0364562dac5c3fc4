package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A tensor to be written: its type, its shape, and a supplier of its elements, which is called when it is the tensor's
 * turn. Thread-safe if the supplier is.
 *
 * @param type {@link TensorType#FLOAT32}, or {@link TensorType#FLOAT16} or {@link TensorType#BFLOAT16}, to which the
 *     elements are rounded, or {@link TensorType#INT8}, whose elements must be integers from -128 to 127
 * @param shape the size of each dimension; empty for a scalar
 * @param values supplies the elements in row-major order
 */
public record WeightSource(TensorType type, List<Long> shape, Values values) {
    private static final Set<TensorType> TYPES =
            EnumSet.of(TensorType.FLOAT32, TensorType.FLOAT16, TensorType.BFLOAT16, TensorType.INT8);

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
     * @throws IllegalArgumentException if the type is not one of the four above, or no array can hold the shape
     */
    public WeightSource {
        Objects.requireNonNull(values, "values");
        shape = List.copyOf(shape);
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("type must be FLOAT32, FLOAT16, BFLOAT16 or INT8, but was " + type);
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
