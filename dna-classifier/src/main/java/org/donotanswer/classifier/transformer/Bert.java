package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * BERT for sequence classification: Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for
 * Language Understanding", NAACL 2019, arXiv 1810.04805. The reference is {@code BertForSequenceClassification} of Hugging Face
 * transformers 4.40 (models/bert/modeling_bert.py). Components are named
 * as in its configuration.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize.
 *
 * @see <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/bert/modeling_bert.py">the reference</a>
 */
record Bert(
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
    static Bert of(CheckpointConfig config) throws CheckpointException {
        config.requireText("position_embedding_type", "absolute");
        config.requireFalse("is_decoder");
        config.requireFalse("add_cross_attention");
        Bert bert = new Bert(
                config.positive("vocab_size"),
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.positive("max_position_embeddings"),
                config.positive("type_vocab_size", 2),
                config.epsilon("layer_norm_eps", 1e-12),
                config.atLeast(0, "pad_token_id", 0),
                config.labelCount());
        config.headSize("hidden_size", bert.hiddenSize, "num_attention_heads", bert.numAttentionHeads);
        return bert;
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
        return typeVocabSize;
    }

    @Override
    public String basePrefix() {
        return "bert.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("bert.embeddings.position_ids", "bert.embeddings.token_type_ids");
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
            x = layer(x, "bert.encoder.layer." + layer, mask); // [B, L, H]
        }
        Tensor first = lastLayer(x, "bert.encoder.layer." + (numHiddenLayers - 1), mask); // [B, 1, H]
        Tensor pooled = Layers.headLinear(first.select(1, 0), "bert.pooler.dense", hiddenSize, hiddenSize)
                .activated(Activation.TANH); // [B, H]
        function.result(Layers.headLinear( // [B, labels]
                pooled.dropped(function.dropout().classifier()), "classifier", hiddenSize, labels));
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = "bert.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, hiddenSize); // [B, L, H]
        Tensor positions = function.weight(name + "position_embeddings.weight", maxPositionEmbeddings, hiddenSize)
                .slice(0, 0, ids.size(1)); // [L, H]
        Tensor types = function.types().embedded(name + "token_type_embeddings.weight", typeVocabSize, hiddenSize);
        return words.plus(types)
                .plus(positions)
                .layerNorm(name + "LayerNorm", hiddenSize, layerNormEps)
                .dropped(function.dropout().embeddings()); // [B, L, H]
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
