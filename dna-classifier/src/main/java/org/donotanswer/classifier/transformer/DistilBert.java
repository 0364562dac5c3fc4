package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * DistilBERT for sequence classification: Sanh, Debut, Chaumond and Wolf, "DistilBERT, a distilled version of BERT: smaller,
 * faster, cheaper and lighter", arXiv 1910.01108. The reference is {@code DistilBertForSequenceClassification} of Hugging Face
 * transformers 4.40 (models/distilbert/modeling_distilbert.py). It is BERT without token types and
 * pooler, under other names.
 *
 * <p>Dimensions: B sequences, L tokens, H dim, A heads, D = H / A, F hiddenDim.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/distilbert/modeling_distilbert.py">the reference</a>
 */
record DistilBert(
        int vocabSize,
        int dim,
        int nLayers,
        int nHeads,
        int hiddenDim,
        Activation activation,
        int maxPositionEmbeddings,
        int padTokenId,
        int labels)
        implements Architecture {
    private static final double LAYER_NORM_EPSILON = 1e-12;

    static DistilBert of(CheckpointConfig config) throws CheckpointException {
        DistilBert distilBert = new DistilBert(
                config.positive("vocab_size"),
                config.positive("dim"),
                config.positive("n_layers"),
                config.positive("n_heads"),
                config.positive("hidden_dim"),
                config.activation("activation", "gelu"),
                config.positive("max_position_embeddings"),
                config.atLeast(0, "pad_token_id", 0),
                config.labelCount());
        config.headSize("dim", distilBert.dim, "n_heads", distilBert.nHeads);
        return distilBert;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings;
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int tokenTypes() {
        return 0;
    }

    @Override
    public String basePrefix() {
        return "distilbert.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("distilbert.embeddings.position_ids");
    }

    @Override
    public TorchScriptProgram program(Kernels kernels) {
        TorchScriptProgram program = new TorchScriptProgram(kernels);
        forward(program.function(FULL), false);
        forward(program.function(PADDED), true);
        return program;
    }

    private void forward(Function function, boolean padded) {
        Tensor ids = function.ids(); // [B, L]
        Optional<Tensor> mask = padded // [B, 1, 1, L]
                ? Optional.of(Layers.paddingMask(ids, function.lengths()))
                : Optional.empty();
        Tensor x = embeddings(function, ids); // [B, L, H]
        for (int layer = 0; layer < nLayers - 1; layer++) {
            x = layer(x, "distilbert.transformer.layer." + layer, mask); // [B, L, H]
        }
        Tensor first = lastLayer(x, "distilbert.transformer.layer." + (nLayers - 1), mask); // [B, 1, H]
        Tensor dense = Layers.headLinear(first.select(1, 0), "pre_classifier", dim, dim)
                .activated(Activation.RELU); // [B, H]
        function.result(Layers.headLinear( // [B, labels]
                dense.dropped(function.dropout().classifier()), "classifier", dim, labels));
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = "distilbert.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, dim); // [B, L, H]
        Tensor positions = function.weight(name + "position_embeddings.weight", maxPositionEmbeddings, dim)
                .slice(0, 0, ids.size(1)); // [L, H]
        return words.plus(positions)
                .layerNorm(name + "LayerNorm", dim, LAYER_NORM_EPSILON)
                .dropped(function.dropout().embeddings()); // [B, L, H]
    }

    private Tensor layer(Tensor x, String name, Optional<Tensor> mask) {
        int headSize = dim / nHeads;
        Projections projections = projections(name);
        Tensor projected = Layers.linears( // [B, L, 3 H]
                x, List.of(projections.query(), projections.key(), projections.value()), dim, dim);
        List<Tensor> heads = Layers.heads(projected, 3, nHeads, headSize); // 3 of [B, A, L, D]
        Tensor context = Layers.attention(
                heads.get(0), heads.get(1), heads.get(2), mask, 1 / Math.sqrt(headSize)); // [B, A, L, D]
        return output(x, Layers.merged(context, dim), name);
    }

    /** Returns the last layer's output for the first token, the only one that the head uses: [B, L, H] -> [B, 1, H]. */
    private Tensor lastLayer(Tensor x, String name, Optional<Tensor> mask) {
        Tensor context = Layers.firstTokenAttention(x, projections(name), dim, nHeads, dim / nHeads, mask); // [B, 1, H]
        return output(x.slice(1, 0, 1), context, name);
    }

    private static Projections projections(String name) {
        return new Projections(name + ".attention.q_lin", name + ".attention.k_lin", name + ".attention.v_lin");
    }

    /**
     * Returns a layer's output for its input and the context from attention: [B, L, H], [B, L, H] -> [B, L, H]. The
     * reference drops nothing of the projection after attention.
     */
    private Tensor output(Tensor x, Tensor context, String name) {
        Tensor attended = Layers.linearPlus(x, context, name + ".attention.out_lin", dim, dim, 0)
                .layerNorm(name + ".sa_layer_norm", dim, LAYER_NORM_EPSILON); // [B, L, H]
        double dropout = x.function().dropout().hidden();
        return Layers.feedForward(attended, name + ".ffn.lin1", name + ".ffn.lin2", dim, hiddenDim, activation, dropout)
                .layerNorm(name + ".output_layer_norm", dim, LAYER_NORM_EPSILON); // [B, L, H]
    }
}
