package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * ALBERT for sequence classification: Lan et al., "ALBERT: A Lite BERT for Self-supervised Learning of Language
 * Representations", ICLR 2020, arXiv 1909.11942. The reference is {@code AlbertForSequenceClassification} of Hugging
 * Face transformers 4.40 (models/albert/modeling_albert.py). Small embeddings are projected to the hidden size, and the
 * layers of a group share their weights; each of them runs the inner layers of its group in turn.
 *
 * <p>Dimensions: B sequences, L tokens, E embeddingSize, H hiddenSize, A heads, D = H / A, F intermediateSize.
 *
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/albert/modeling_albert.py">the
 *     reference</a>
 */
record Albert(
        int vocabSize,
        int embeddingSize,
        int hiddenSize,
        int numHiddenLayers,
        int numHiddenGroups,
        int innerGroupNum,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenAct,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps,
        int padTokenId,
        int labels)
        implements Architecture {
    /** The program has one block for each inner layer of each layer. */
    private static final int MAX_BLOCKS = 256;

    static Albert of(CheckpointConfig config) throws CheckpointException {
        config.requireText("position_embedding_type", "absolute");
        Albert albert = new Albert(
                config.positive("vocab_size"),
                config.positive("embedding_size", 128),
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_hidden_groups", 1),
                config.positive("inner_group_num", 1),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu_new"),
                config.positive("max_position_embeddings"),
                config.positive("type_vocab_size", 2),
                config.epsilon("layer_norm_eps", 1e-12),
                config.atLeast(0, "pad_token_id", 0),
                config.labelCount());
        config.headSize("hidden_size", albert.hiddenSize, "num_attention_heads", albert.numAttentionHeads);
        if (albert.numHiddenGroups > albert.numHiddenLayers) {
            throw config.invalid(
                    "num_hidden_groups",
                    "must be at most num_hidden_layers (" + albert.numHiddenLayers + ")",
                    albert.numHiddenGroups);
        }
        int maxInner = MAX_BLOCKS / albert.numHiddenLayers;
        if (albert.innerGroupNum > maxInner) {
            throw config.invalid(
                    "inner_group_num",
                    "must be at most " + maxInner + " for " + albert.numHiddenLayers + " layers",
                    albert.innerGroupNum);
        }
        return albert;
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
        return "albert.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("albert.embeddings.position_ids", "albert.embeddings.token_type_ids");
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
        int blocks = numHiddenLayers * innerGroupNum;
        for (int block = 0; block < blocks; block++) {
            x = block(x, name(block / innerGroupNum, block % innerGroupNum), mask, block == blocks - 1); // [B, L, H]
        }
        Tensor pooled = Layers.headLinear(x.select(1, 0), "albert.pooler", hiddenSize, hiddenSize)
                .activated(Activation.TANH); // [B, H]
        function.result(Layers.headLinear( // [B, labels]
                pooled.dropped(function.dropout().classifier()), "classifier", hiddenSize, labels));
    }

    /** Returns the name of the weights of an inner layer. Groups divide the layers as evenly as possible. */
    private String name(int layer, int inner) {
        int group = (int) (layer / ((double) numHiddenLayers / numHiddenGroups));
        return "albert.encoder.albert_layer_groups." + group + ".albert_layers." + inner;
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = "albert.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, embeddingSize); // [B, L, E]
        Tensor positions = function.weight(name + "position_embeddings.weight", maxPositionEmbeddings, embeddingSize)
                .slice(0, 0, ids.size(1)); // [L, E]
        Tensor types = function.types().embedded(name + "token_type_embeddings.weight", typeVocabSize, embeddingSize);
        Tensor x = words.plus(types)
                .plus(positions)
                .layerNorm(name + "LayerNorm", embeddingSize, layerNormEps)
                .dropped(function.dropout().embeddings()); // [B, L, E]
        return Layers.headLinear( // [B, L, H]
                x, "albert.encoder.embedding_hidden_mapping_in", embeddingSize, hiddenSize);
    }

    /**
     * Returns the output of an inner layer: [B, L, H] -> [B, L, H], or [B, 1, H] if only the first token is needed, as
     * in the last one.
     */
    private Tensor block(Tensor x, String name, Optional<Tensor> mask, boolean onlyFirst) {
        int headSize = hiddenSize / numAttentionHeads;
        String self = name + ".attention.";
        Projections projections = new Projections(self + "query", self + "key", self + "value");
        if (onlyFirst) {
            Tensor context = Layers.firstTokenAttention( // [B, 1, H]
                    x, projections, hiddenSize, numAttentionHeads, headSize, mask);
            return output(x.slice(1, 0, 1), context, name);
        }
        Tensor projected = Layers.linears( // [B, L, 3 H]
                x, List.of(projections.query(), projections.key(), projections.value()), hiddenSize, hiddenSize);
        List<Tensor> heads = Layers.heads(projected, 3, numAttentionHeads, headSize); // 3 of [B, A, L, D]
        Tensor context = Layers.attention(
                heads.get(0), heads.get(1), heads.get(2), mask, 1 / Math.sqrt(headSize)); // [B, A, L, D]
        return output(x, Layers.merged(context, hiddenSize), name);
    }

    /**
     * Returns a layer's output for its input and the context from attention: [B, L, H], [B, L, H] -> [B, L, H]. The
     * reference drops nothing of the feed-forward network.
     */
    private Tensor output(Tensor x, Tensor context, String name) {
        double dropout = x.function().dropout().hidden();
        Tensor attended = Layers.linearPlus(x, context, name + ".attention.dense", hiddenSize, hiddenSize, dropout)
                .layerNorm(name + ".attention.LayerNorm", hiddenSize, layerNormEps); // [B, L, H]
        return Layers.feedForward(
                        attended, name + ".ffn", name + ".ffn_output", hiddenSize, intermediateSize, hiddenAct, 0)
                .layerNorm(name + ".full_layer_layer_norm", hiddenSize, layerNormEps); // [B, L, H]
    }
}
