package org.donotanswer.classifier.transformer;

import java.util.Optional;

/** Activation functions that checkpoints name in {@code hidden_act} and similar entries. */
enum Activation {
    /** {@code x P(X <= x)} with a standard normal X, computed exactly. */
    GELU,
    /** An approximation of {@link #GELU} by tanh. */
    GELU_TANH,
    RELU,
    SILU,
    TANH,
    SIGMOID,
    MISH,
    IDENTITY;

    /** The supported names, for messages. */
    static final String NAMES = "gelu, gelu_new, relu, silu, tanh, sigmoid, mish or linear";

    /** Returns the function with the given name in transformers' {@code ACT2FN}, or empty if it is not supported. */
    static Optional<Activation> named(String name) {
        return switch (name) {
            case "gelu", "gelu_python" -> Optional.of(GELU);
            case "gelu_new", "gelu_fast", "gelu_accurate", "gelu_pytorch_tanh" -> Optional.of(GELU_TANH);
            case "relu" -> Optional.of(RELU);
            case "silu", "swish" -> Optional.of(SILU);
            case "tanh" -> Optional.of(TANH);
            case "sigmoid" -> Optional.of(SIGMOID);
            case "mish" -> Optional.of(MISH);
            case "linear" -> Optional.of(IDENTITY);
            default -> Optional.empty();
        };
    }
}
