package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * RoBERTa and XLM-RoBERTa for sequence classification: Liu et al., "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
 * arXiv 1907.11692; Conneau et al., "Unsupervised Cross-lingual Representation Learning at Scale", ACL 2020, arXiv 1911.02116.
 * The reference is {@code RobertaForSequenceClassification} of Hugging Face transformers 4.40 (models/roberta/
 * modeling_roberta.py). It has the layers of BERT; positions are counted from the padding id plus one, and the head has no
 * pooler. The reference derives CamemBERT (arXiv 1911.03894) and the text model of data2vec (arXiv 2202.03555) from it without
 * any change but the second one's prefix.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/roberta/modeling_roberta.py">the reference</a>
 */
record Roberta(
        String basePrefix,
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenAct,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps,
        int padTokenId,
        int labels)
        implements Architecture {
    /**
     * Returns the model that a configuration describes.
     *
     * @param basePrefix the name that the encoder has in the reference's class for the model type, with a dot
     */
    static Roberta of(CheckpointConfig config, String basePrefix) throws CheckpointException {
        config.requireText("position_embedding_type", "absolute");
        config.requireFalse("is_decoder");
        config.requireFalse("add_cross_attention");
        Roberta roberta = new Roberta(
                basePrefix,
                config.positive("vocab_size"),
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.positive("max_position_embeddings"),
                config.positive("type_vocab_size", 2),
                config.epsilon("layer_norm_eps", 1e-12),
                config.atLeast(0, "pad_token_id", 1),
                config.labelCount());
        config.headSize("hidden_size", roberta.hiddenSize, "num_attention_heads", roberta.numAttentionHeads);
        if (roberta.maxTokens() < 1) {
            throw config.invalid(
                    "max_position_embeddings",
                    "must be at least pad_token_id + 2 (" + (roberta.padTokenId + 2) + ")",
                    roberta.maxPositionEmbeddings);
        }
        return roberta;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings - padTokenId - 1;
    }

    @Override
    public int vocabularySize() {
        return vocabSize;
    }

    @Override
    public int tokenTypes() {
        return typeVocabSize;
    }

    @Override
    public List<String> ignoredTensors() {
        // Checkpoints from before 2021 include a pooler that their head does not use.
        return List.of(
                basePrefix + "embeddings.position_ids",
                basePrefix + "embeddings.token_type_ids",
                basePrefix + "pooler.");
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
        for (int layer = 0; layer < numHiddenLayers - 1; layer++) {
            x = layer(x, basePrefix + "encoder.layer." + layer, mask); // [B, L, H]
        }
        Tensor first = lastLayer(x, basePrefix + "encoder.layer." + (numHiddenLayers - 1), mask); // [B, 1, H]
        double dropout = function.dropout().classifier();
        Tensor dense = Layers.headLinear( // [B, H]
                        first.select(1, 0).dropped(dropout), "classifier.dense", hiddenSize, hiddenSize)
                .activated(Activation.TANH);
        function.result(Layers.headLinear( // [B, labels]
                dense.dropped(dropout), "classifier.out_proj", hiddenSize, labels));
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = basePrefix + "embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, hiddenSize); // [B, L, H]
        Tensor positions = positions(ids, padTokenId)
                .embedded(name + "position_embeddings.weight", maxPositionEmbeddings, hiddenSize); // [B, L, H]
        Tensor types = function.types().embedded(name + "token_type_embeddings.weight", typeVocabSize, hiddenSize);
        return words.plus(types)
                .plus(positions)
                .layerNorm(name + "LayerNorm", hiddenSize, layerNormEps)
                .dropped(function.dropout().embeddings()); // [B, L, H]
    }

    /**
     * Returns the position of each token: tokens other than padding are counted from the padding id plus one: [B, L].
     */
    static Tensor positions(Tensor ids, int padTokenId) {
        Tensor counted = ids.notEqual(padTokenId).toLong(); // [B, L]
        return counted.cumulativeSum(1).times(counted).plus(padTokenId);
    }

    private Tensor layer(Tensor x, String name, Optional<Tensor> mask) {
        int headSize = hiddenSize / numAttentionHeads;
        Projections projections = projections(name);
        Tensor projected = Layers.linears( // [B, L, 3 H]
                x, List.of(projections.query(), projections.key(), projections.value()), hiddenSize, hiddenSize);
        List<Tensor> heads = Layers.heads(projected, 3, numAttentionHeads, headSize); // 3 of [B, A, L, D]
        Tensor context = Layers.attention(
                heads.get(0), heads.get(1), heads.get(2), mask, 1 / Math.sqrt(headSize)); // [B, A, L, D]
        return postNormLayer().apply(x, Layers.merged(context, hiddenSize), name);
    }

    /** Returns the last layer's output for the first token, the only one that the head uses: [B, L, H] -> [B, 1, H]. */
    private Tensor lastLayer(Tensor x, String name, Optional<Tensor> mask) {
        Tensor context = Layers.firstTokenAttention( // [B, 1, H]
                x, projections(name), hiddenSize, numAttentionHeads, hiddenSize / numAttentionHeads, mask);
        return postNormLayer().apply(x.slice(1, 0, 1), context, name);
    }

    private PostNormLayer postNormLayer() {
        return new PostNormLayer(hiddenSize, intermediateSize, hiddenAct, layerNormEps);
    }

    private static Projections projections(String name) {
        String self = name + ".attention.self.";
        return new Projections(self + "query", self + "key", self + "value");
    }
}
