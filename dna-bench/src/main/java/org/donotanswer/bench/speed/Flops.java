package org.donotanswer.bench.speed;

/** Counts the floating-point operations of a forward pass; a multiplication with an addition counts as two. */
final class Flops {
    /** The formula as a sentence for reports. */
    static final String FORMULA =
            "2 L (4 H H + 2 H F) + 4 L K H for each layer, where L is the number of tokens, H the size of a"
                    + " token's vector, F the size of the feed-forward layer, and K the number of keys that a token attends to:"
                    + " L, but for Longformer at most its window plus one. All layers count in full, although the last computes"
                    + " only the first token. Embeddings, classifier, softmax, norms and DeBERTa's relative positions do not"
                    + " count.";

    /** The formula of a step of training as a sentence for reports. */
    static final String STEP_FORMULA =
            "three times those of the forward pass of each sequence, as the backward pass multiplies twice for each product of"
                    + " the forward pass. All variants count alike, whatever is frozen. The update of the weights does not"
                    + " count. Forward pass: ";

    /** A step computes each product of the forward pass, and its gradients by both factors. */
    private static final int PASSES = 3;

    private Flops() {}

    /** Returns the operations for one sequence. */
    static double forward(BenchmarkArchitecture architecture, CheckpointDimensions dimensions, int tokens) {
        double length = tokens;
        double hidden = dimensions.hidden();
        double keys =
                architecture == BenchmarkArchitecture.LONGFORMER ? Math.min(tokens, dimensions.window() + 1) : tokens;
        double products = 2 * length * (4 * hidden * hidden + 2 * hidden * dimensions.intermediate());
        double attention = 4 * length * keys * hidden;
        return dimensions.layers() * (products + attention);
    }

    /** Returns the operations of one step of training on a batch of sequences of one length. */
    static double step(BenchmarkArchitecture architecture, CheckpointDimensions dimensions, int rows, int tokens) {
        return PASSES * forward(architecture, dimensions, tokens) * rows;
    }
}
