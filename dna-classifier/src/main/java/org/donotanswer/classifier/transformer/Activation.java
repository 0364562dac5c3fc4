package org.donotanswer.classifier.transformer;

/** Functions of one number that checkpoints name in {@code hidden_act} and the like. */
enum Activation {
    /** {@code x P(X <= x)}, X standard normal, exactly. */
    GELU("gelu", "gelu_python"),
    /** The approximation of it by tanh. */
    GELU_TANH("gelu_new", "gelu_pytorch_tanh", "gelu_fast"),
    RELU("relu"),
    SILU("silu", "swish"),
    TANH("tanh"),
    SIGMOID("sigmoid"),
    MISH("mish"),
    IDENTITY("linear");

    private final String[] names;

    Activation(String... names) {
        this.names = names;
    }

    String[] names() {
        return names.clone();
    }
}
