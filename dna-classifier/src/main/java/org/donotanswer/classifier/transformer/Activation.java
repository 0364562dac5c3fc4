package org.donotanswer.classifier.transformer;

import java.util.Optional;

/** Functions of one number that checkpoints name in {@code hidden_act} and the like. */
enum Activation {
    /** {@code x P(X <= x)}, X standard normal, exactly. */
    GELU,
    /** The approximation of it by tanh. */
    GELU_TANH,
    RELU,
    SILU,
    TANH,
    SIGMOID,
    MISH,
    IDENTITY;

    /** What error messages say is known. */
    static final String NAMES = "gelu, gelu_new, relu, silu, tanh, sigmoid, mish or linear";

    /** Returns the function of a name as transformers' {@code ACT2FN} has it, or empty if we do not have it. */
    static Optional<Activation> named(String name) {
        return switch (name) {
            case "gelu", "gelu_python" -> Optional.of(GELU);
            case "gelu_new", "gelu_fast", "gelu_pytorch_tanh" -> Optional.of(GELU_TANH);
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
