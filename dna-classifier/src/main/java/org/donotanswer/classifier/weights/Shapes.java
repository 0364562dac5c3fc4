package org.donotanswer.classifier.weights;

import java.util.List;

/** Sizes of tensors, each checked: a file may claim any. */
final class Shapes {
    /** As many dimensions as a tensor may have in PyTorch. */
    static final int MAX_DIMENSIONS = 64;

    private Shapes() {}

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

    /** Returns the size of a tensor in bytes, which one buffer can hold. */
    static int bytes(String name, TensorType type, List<Long> shape, FileErrors errors) throws CheckpointException {
        if (shape.size() > MAX_DIMENSIONS) {
            throw errors.invalid(name, "must have at most " + MAX_DIMENSIONS + " dimensions", shape.size());
        }
        long bytes;
        try {
            bytes = Math.multiplyExact(elements(shape), (long) type.bytes());
        } catch (ArithmeticException e) {
            throw errors.invalid(name, "must have a shape of countable elements", shape);
        }
        if (bytes > Integer.MAX_VALUE) {
            throw errors.invalid(name, "must be at most " + Integer.MAX_VALUE + " bytes long", bytes);
        }
        return (int) bytes;
    }
}
