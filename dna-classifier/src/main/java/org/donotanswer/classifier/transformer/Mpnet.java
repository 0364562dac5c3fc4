package org.donotanswer.classifier.transformer;

import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * MPNet for sequence classification: Song, Tan, Qin, Lu and Liu, "MPNet: Masked and Permuted Pre-training for Language
 * Understanding", NeurIPS 2020, arXiv 2004.09297. The reference is {@code MPNetForSequenceClassification} of Hugging
 * Face transformers 4.40 (models/mpnet/modeling_mpnet.py). It has BERT's layers and RoBERTa's positions and head. A
 * table of biases by head and relative position, shared by all layers, is added to the scores; distant positions share
 * buckets (arXiv 1910.10683, section 2.1). Tokens have no types.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize.
 *
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/mpnet/modeling_mpnet.py">the
 *     reference</a>
 */
record Mpnet(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenAct,
        int maxPositionEmbeddings,
        int relativeAttentionNumBuckets,
        double layerNormEps,
        int padTokenId,
        int labels)
        implements Architecture {
    /** The reference counts positions from this id whatever the configuration says. */
    private static final int POSITION_PADDING_ID = 1;

    /** The reference uses as many buckets whatever the configuration says, half of them on each side. */
    private static final int BUCKETS = 32;

    /** The distance from which all distances share a bucket. */
    private static final int MAX_DISTANCE = 128;

    static Mpnet of(CheckpointConfig config) throws CheckpointException {
        Mpnet mpnet = new Mpnet(
                config.positive("vocab_size"),
                config.positive("hidden_size"),
                config.positive("num_hidden_layers"),
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.positive("max_position_embeddings"),
                config.positive("relative_attention_num_buckets", BUCKETS),
                config.epsilon("layer_norm_eps", 1e-12),
                config.atLeast(0, "pad_token_id", 1),
                config.labelCount());
        config.headSize("hidden_size", mpnet.hiddenSize, "num_attention_heads", mpnet.numAttentionHeads);
        if (mpnet.relativeAttentionNumBuckets < BUCKETS) {
            throw config.invalid(
                    "relative_attention_num_buckets", "must be at least " + BUCKETS, mpnet.relativeAttentionNumBuckets);
        }
        if (mpnet.maxTokens() < 1) {
            throw config.invalid(
                    "max_position_embeddings",
                    "must be at least " + (POSITION_PADDING_ID + 2),
                    mpnet.maxPositionEmbeddings);
        }
        return mpnet;
    }

    @Override
    public int maxTokens() {
        return maxPositionEmbeddings - POSITION_PADDING_ID - 1;
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
        return "mpnet.";
    }

    @Override
    public List<String> ignoredTensors() {
        // Fine-tuned encoders with a pooler keep it, although the head does not use it.
        return List.of("mpnet.embeddings.position_ids", "mpnet.pooler.");
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
        Tensor positions = positionBias(function, ids.size(1)); // [1, A, L, L]
        Tensor bias = padded // [1 or B, A, L, L]
                ? positions.plus(Layers.paddingMask(ids, function.lengths()))
                : positions;
        Tensor x = embeddings(ids); // [B, L, H]
        for (int layer = 0; layer < numHiddenLayers; layer++) {
            boolean last = layer == numHiddenLayers - 1; // the head uses only the first token
            x = layer(x, "mpnet.encoder.layer." + layer, bias, last); // [B, L, H]
        }
        double dropout = function.dropout().classifier();
        Tensor dense = Layers.headLinear( // [B, H]
                        x.select(1, 0).dropped(dropout), "classifier.dense", hiddenSize, hiddenSize)
                .activated(Activation.TANH);
        function.result(Layers.headLinear( // [B, labels]
                dense.dropped(dropout), "classifier.out_proj", hiddenSize, labels));
    }

    private Tensor embeddings(Tensor ids) {
        String name = "mpnet.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, hiddenSize); // [B, L, H]
        Tensor positions = Roberta.positions(ids, POSITION_PADDING_ID)
                .embedded(name + "position_embeddings.weight", maxPositionEmbeddings, hiddenSize); // [B, L, H]
        return words.plus(positions)
                .layerNorm(name + "LayerNorm", hiddenSize, layerNormEps)
                .dropped(ids.function().dropout().embeddings()); // [B, L, H]
    }

    /** Returns what the relative position of each query and key adds to their score: [1, A, L, L]. */
    private Tensor positionBias(Function function, Dimension length) {
        Tensor positions = function.range(length); // [L]
        Tensor behind = positions.unsqueeze(1).minus(positions.unsqueeze(0)); // [L, L], query minus key
        return bucket(behind)
                .embedded(
                        "mpnet.encoder.relative_attention_bias.weight",
                        relativeAttentionNumBuckets,
                        numAttentionHeads) // [L, L, A]
                .permute(2, 0, 1)
                .unsqueeze(0);
    }

    /**
     * Returns the bucket of each distance, INT64 [L, L]: keys before the query use the first half of the buckets; on
     * each side, distances up to half of its buckets have their own, and others share them by their logarithm. Uses
     * 32-bit floats and the reference's order of operations, as the last digit decides where a bucket ends.
     */
    private static Tensor bucket(Tensor behind) {
        int side = BUCKETS / 2;
        int exact = side / 2;
        Tensor ahead = behind.lessThan(0).toLong().times(side); // [L, L]
        Tensor distance = behind.abs();
        Tensor far = distance.toFloat()
                .dividedBy(exact)
                .log()
                .dividedBy(Math.log((double) MAX_DISTANCE / exact))
                .times(side - exact)
                .toLong()
                .plus(exact)
                .atMost(side - 1); // [L, L]; meaningless for small distances
        return ahead.plus(distance.where(distance.lessThan(exact), far));
    }

    /** Returns a layer's output: [B, L, H] -> [B, L, H], or [B, 1, H] if only the first token is needed. */
    private Tensor layer(Tensor x, String name, Tensor bias, boolean onlyFirst) {
        int headSize = hiddenSize / numAttentionHeads;
        String self = name + ".attention.attn.";
        Projections projections = new Projections(self + "q", self + "k", self + "v");
        if (onlyFirst) {
            Tensor context = Layers.firstTokenAttention( // [B, 1, H]
                    x, projections, hiddenSize, numAttentionHeads, headSize, Optional.of(bias.slice(2, 0, 1)));
            return output(x.slice(1, 0, 1), context, name);
        }
        Tensor projected = Layers.linears( // [B, L, 3 H]
                x, List.of(projections.query(), projections.key(), projections.value()), hiddenSize, hiddenSize);
        List<Tensor> heads = Layers.heads(projected, 3, numAttentionHeads, headSize); // 3 of [B, A, L, D]
        Tensor context = Layers.attention( // [B, A, L, D]
                heads.get(0), heads.get(1), heads.get(2), Optional.of(bias), 1 / Math.sqrt(headSize));
        return output(x, Layers.merged(context, hiddenSize), name);
    }

    /** Returns a layer's output for its input and the context from attention: [B, L, H], [B, L, H] -> [B, L, H]. */
    private Tensor output(Tensor x, Tensor context, String name) {
        double dropout = x.function().dropout().hidden();
        Tensor attended = Layers.linearPlus(x, context, name + ".attention.attn.o", hiddenSize, hiddenSize, dropout)
                .layerNorm(name + ".attention.LayerNorm", hiddenSize, layerNormEps); // [B, L, H]
        return Layers.feedForward(
                        attended,
                        name + ".intermediate.dense",
                        name + ".output.dense",
                        hiddenSize,
                        intermediateSize,
                        hiddenAct,
                        dropout)
                .layerNorm(name + ".output.LayerNorm", hiddenSize, layerNormEps); // [B, L, H]
    }
}
