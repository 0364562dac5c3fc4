package org.donotanswer.classifier.transformer;

import java.util.Objects;

/**
 * Which of PyTorch's operations a {@link TorchScriptProgram} uses. Immutable, hence thread-safe.
 *
 * @param precision the precision of linear layers and attention; sums, normalisation and heads always use 32 bits
 * @param packed whether weights are packed for oneDNN, which computes product, activation and residual sum in one
 *     operation; if false, only operations are used that every build of PyTorch has, and that have gradients
 * @param dropout what is dropped in training; none if packed
 */
record Kernels(Precision precision, boolean packed, Dropout dropout) {
    Kernels {
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(dropout, "dropout");
        if (precision == Precision.AUTO) {
            throw new IllegalArgumentException("precision must be resolved, but was AUTO");
        }
        if (packed && !dropout.isNone()) {
            throw new IllegalArgumentException("dropout must be none for packed kernels, but was " + dropout);
        }
    }

    /** Creates kernels that drop nothing. */
    Kernels(Precision precision, boolean packed) {
        this(precision, packed, Dropout.NONE);
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
