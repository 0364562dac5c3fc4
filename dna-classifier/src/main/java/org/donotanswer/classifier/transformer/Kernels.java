package org.donotanswer.classifier.transformer;

import java.util.Objects;

/**
 * The native operations that a program is written for.
 *
 * @param precision what linear maps and attention are computed in; sums, normalisation and heads are always in 32 bits
 * @param packed whether matrices are packed for oneDNN, with activation and residual sum computed inside of the product;
 *     otherwise PyTorch's plain operations are used, which every build of it has
 */
record Kernels(Precision precision, boolean packed) {
    Kernels {
        Objects.requireNonNull(precision, "precision");
        if (precision == Precision.AUTO) {
            throw new IllegalArgumentException("precision must be settled, but was AUTO");
        }
    }

    /** Returns the number by which TorchScript knows the precision (c10/core/ScalarType.h). */
    int scriptType() {
        return switch (precision) {
            case FLOAT32, AUTO -> Tensor.FLOAT32;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
        };
    }
}
