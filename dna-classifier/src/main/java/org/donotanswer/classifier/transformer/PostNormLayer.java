package org.donotanswer.classifier.transformer;

/**
 * The part of a layer after attention, in BERT and the models that kept its structure and names: projection, residual
 * sum and normalisation, followed by the same around a feed-forward network (arXiv 1706.03762, section 3.1).
 *
 * @param hidden the hidden size H
 * @param intermediate the size F of the inner layer
 */
record PostNormLayer(int hidden, int intermediate, Activation activation, double epsilon) {
    /** Returns the layer's output for its input and the context from attention: [B, L, H], [B, L, H] -> [B, L, H]. */
    Tensor apply(Tensor x, Tensor context, String layer) {
        double dropout = x.function().dropout().hidden();
        Tensor attended = Layers.linearPlus(x, context, layer + ".attention.output.dense", hidden, hidden, dropout)
                .layerNorm(layer + ".attention.output.LayerNorm", hidden, epsilon); // [B, L, H]
        return Layers.feedForward( // [B, L, H]
                        attended,
                        layer + ".intermediate.dense",
                        layer + ".output.dense",
                        hidden,
                        intermediate,
                        activation,
                        dropout)
                .layerNorm(layer + ".output.LayerNorm", hidden, epsilon);
    }
}
