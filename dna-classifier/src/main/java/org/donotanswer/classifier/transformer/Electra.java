package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * ELECTRA for sequence classification: Clark, Luong, Le and Manning, "ELECTRA: Pre-training Text Encoders as
 * Discriminators Rather Than Generators", ICLR 2020, arXiv 2003.10555. The reference is
 * {@code ElectraForSequenceClassification} of Hugging Face transformers 4.40 (models/electra/modeling_electra.py). It
 * has the layers of BERT; embeddings of another size are projected, and the head has no pooler and always uses GELU.
 *
 * <p>Dimensions: B sequences, L tokens, E embeddingSize, H hiddenSize, A heads, D = H / A, F intermediateSize.
 *
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/electra/modeling_electra.py">the
 *     reference</a>
 */
record Electra(
        int vocabSize,
        int embeddingSize,
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
    static Electra of(CheckpointConfig config) throws CheckpointException {
        config.requireText("position_embedding_type", "absolute");
        config.requireFalse("is_decoder");
        config.requireFalse("add_cross_attention");
        Electra electra = new Electra(
                config.positive("vocab_size"),
                config.positive("embedding_size", 128),
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
        config.headSize("hidden_size", electra.hiddenSize, "num_attention_heads", electra.numAttentionHeads);
        return electra;
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
        return "electra.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("electra.embeddings.position_ids", "electra.embeddings.token_type_ids");
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
            x = layer(x, "electra.encoder.layer." + layer, mask); // [B, L, H]
        }
        Tensor first = lastLayer(x, "electra.encoder.layer." + (numHiddenLayers - 1), mask); // [B, 1, H]
        double dropout = function.dropout().classifier();
        Tensor dense = Layers.headLinear( // [B, H]
                        first.select(1, 0).dropped(dropout), "classifier.dense", hiddenSize, hiddenSize)
                .activated(Activation.GELU);
        function.result(Layers.headLinear( // [B, labels]
                dense.dropped(dropout), "classifier.out_proj", hiddenSize, labels));
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = "electra.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, embeddingSize); // [B, L, E]
        Tensor positions = function.weight(name + "position_embeddings.weight", maxPositionEmbeddings, embeddingSize)
                .slice(0, 0, ids.size(1)); // [L, E]
        Tensor types = function.types().embedded(name + "token_type_embeddings.weight", typeVocabSize, embeddingSize);
        Tensor x = words.plus(types)
                .plus(positions)
                .layerNorm(name + "LayerNorm", embeddingSize, layerNormEps)
                .dropped(function.dropout().embeddings()); // [B, L, E]
        return embeddingSize == hiddenSize
                ? x
                : Layers.headLinear(x, "electra.embeddings_project", embeddingSize, hiddenSize); // [B, L, H]
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
