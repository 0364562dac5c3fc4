package org.donotanswer.classifier.weights;

import java.util.List;

/** Sizes of tensors, checked for overflow, as a file may claim any shape. */
final class Shapes {
    /** The maximum in PyTorch. */
    static final int MAX_DIMENSIONS = 64;

    private Shapes() {}

    /**
     * Returns the number of elements of a shape.
     *
     * @throws ArithmeticException if a dimension is negative, or the number exceeds 2^63 - 1
     */
    static long elements(List<Long> shape) {
        long elements = 1;
        for (long dimension : shape) {
            if (dimension < 0) {
                throw new ArithmeticException("negative dimension");
            }
            elements = Math.multiplyExact(elements, dimension);
        }
        return elements;
    }

    /**
     * Returns the size of a tensor in bytes.
     *
     * @throws CheckpointException if the shape is invalid, or the tensor does not fit into one buffer
     */
    static int bytes(String name, TensorType type, List<Long> shape, FileErrors errors) throws CheckpointException {
        if (shape.size() > MAX_DIMENSIONS) {
            throw errors.invalid(name, "must have at most " + MAX_DIMENSIONS + " dimensions", shape.size());
        }
        long bytes;
        try {
            bytes = Math.multiplyExact(elements(shape), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw errors.invalid(name, "must have 0 to 2^63 - 1 elements", shape);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw errors.invalid(name, "must be at most " + Integer.MAX_VALUE + " bytes long", bytes);
        }
        return (int) bytes;
    }
}
