package org.donotanswer.bench.speed;

/** Counts the floating-point operations of a forward pass, a multiplication and an addition being two. */
final class Flops {
    /** The formula, for reports. */
    static final String FORMULA =
            "2 L (4 H H + 2 H F) + 4 L K H for each layer, where L are tokens, H the size of a token's"
                    + " vector, F that within the feed-forward layer, and K the keys a token attends to: L, but for Longformer at"
                    + " most its window and one. All layers are counted in full, though of the last one only the first token is"
                    + " computed; embeddings, the classifier, softmax and norms are not, nor are DeBERTa's relative positions.";

    private Flops() {}

    /** Returns the operations for one sequence of as many tokens. */
    static double forward(BenchmarkArchitecture architecture, CheckpointDimensions dimensions, int tokens) {
        double length = tokens;
        double hidden = dimensions.hidden();
        double keys =
                architecture == BenchmarkArchitecture.LONGFORMER ? Math.min(tokens, dimensions.window() + 1) : tokens;
        double products = 2 * length * (4 * hidden * hidden + 2 * hidden * dimensions.intermediate());
        double attention = 4 * length * keys * hidden;
        return dimensions.layers() * (products + attention);
    }
}
