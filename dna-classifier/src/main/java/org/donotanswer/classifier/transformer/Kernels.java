package org.donotanswer.classifier.transformer;

import java.util.Objects;

/**
 * The native operations that a program is written for. Immutable, hence thread-safe.
 *
 * @param precision the precision of linear maps and attention; sums, normalisation and heads always use 32 bits
 * @param packed whether matrices are packed for oneDNN, which fuses activation and residual sum into the product;
 *     otherwise PyTorch's plain operations are used, which every build of it has
 */
record Kernels(Precision precision, boolean packed) {
    Kernels {
        Objects.requireNonNull(precision, "precision");
        if (precision == Precision.AUTO) {
            throw new IllegalArgumentException("precision must be resolved, but was AUTO");
        }
    }

    /** Returns TorchScript's number for the precision (c10/core/ScalarType.h). */
    int scriptType() {
        return switch (precision) {
            case FLOAT32, AUTO -> Tensor.FLOAT32;
            case FLOAT16 -> 5;
            case BFLOAT16 -> 15;
        };
    }
}
