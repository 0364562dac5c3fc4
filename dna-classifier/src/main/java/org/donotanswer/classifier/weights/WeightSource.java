package org.donotanswer.classifier.weights;

import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * A tensor to be written: its type, its shape, and where its elements come from once it is its turn.
 *
 * @param type {@link TensorType#FLOAT32}, or {@link TensorType#FLOAT16} or {@link TensorType#BFLOAT16}, to which the elements
 *     are rounded
 * @param shape the size of each dimension; a scalar has none
 * @param values gives the elements in row-major order
 */
public record WeightSource(TensorType type, List<Long> shape, Values values) {
    /** Gives the elements of a tensor. */
    @FunctionalInterface
    public interface Values {
        /** Returns the elements in row-major order; the array is not changed. */
        float[] get() throws IOException;
    }

    /**
     * Checks the parts.
     *
     * @throws IllegalArgumentException if the type is another, or the shape is one that no array can fill
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
            throw new IllegalArgumentException("shape must be one that can be read again, but was " + shape, e);
        }
    }

    /**
     * Returns a source of type {@link TensorType#FLOAT32}.
     *
     * @throws IllegalArgumentException if the shape is one that no array can fill
     */
    public static WeightSource of(List<Long> shape, Values values) {
        return new WeightSource(TensorType.FLOAT32, shape, values);
    }
}
