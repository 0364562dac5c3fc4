package org.donotanswer.classifier.transformer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.transformer.Layers.Projections;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.transformer.TorchScriptProgram.NamedArgument;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * Longformer for sequence classification: Beltagy, Peters and Cohan, "Longformer: The Long-Document Transformer", arXiv
 * 2004.05150. The reference is {@code LongformerForSequenceClassification} of Hugging Face transformers 4.40
 * (models/longformer/modeling_longformer.py). It has RoBERTa's embeddings, layers and head. A token attends to tokens
 * at a distance of at most W and to the first token; the first token attends to all, through its own projections.
 *
 * <p>Keys and values of the sequence are never computed for the first token's attention (see
 * {@link Layers#firstTokenAttention}), and the last layer computes nothing else. Other tokens attend under a mask if
 * the sequence is short, and in a band if it is long, which avoids any L x L matrix. Both are exact.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize, W half the attention
 * window; in the band, C chunks of c queries each, with K = c + 2 W keys.
 *
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/longformer/modeling_longformer.py">the
 *     reference</a>
 */
record Longformer(
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
        List<Integer> attentionWindow,
        int labels)
        implements Architecture {
    /**
     * Name of the pass over one long sequence. It is for inference only: the log-sum-exp that it uses has no gradient,
     * and its local attention drops nothing.
     */
    static final String BANDED = "banded";

    /** Up to this many tokens, a mask over all pairs is as fast as the band. */
    private static final int MAX_DENSE_TOKENS = 768;

    Longformer {
        attentionWindow = List.copyOf(attentionWindow);
    }

    static Longformer of(CheckpointConfig config) throws CheckpointException {
        int layers = config.positive("num_hidden_layers");
        int[] windows = config.perLayer("attention_window", layers, 512);
        for (int window : windows) {
            if (window % 2 != 0) {
                throw config.invalid("attention_window", "must be even", window);
            }
        }
        Longformer longformer = new Longformer(
                config.positive("vocab_size"),
                config.positive("hidden_size"),
                layers,
                config.positive("num_attention_heads"),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.positive("max_position_embeddings"),
                config.positive("type_vocab_size", 2),
                config.epsilon("layer_norm_eps", 1e-12),
                config.atLeast(0, "pad_token_id", 1),
                Arrays.stream(windows).boxed().toList(),
                config.labelCount());
        config.headSize("hidden_size", longformer.hiddenSize, "num_attention_heads", longformer.numAttentionHeads);
        if (longformer.maxTokens() < 1) {
            throw config.invalid(
                    "max_position_embeddings",
                    "must be at least pad_token_id + 2 (" + (longformer.padTokenId + 2) + ")",
                    longformer.maxPositionEmbeddings);
        }
        return longformer;
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
    public String basePrefix() {
        return "longformer.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("longformer.embeddings.position_ids", "longformer.pooler.");
    }

    @Override
    public String functionFor(int length) {
        return length > MAX_DENSE_TOKENS ? BANDED : FULL;
    }

    @Override
    public int maxBatchedLength() {
        return MAX_DENSE_TOKENS;
    }

    @Override
    public TorchScriptProgram program(Kernels kernels) {
        TorchScriptProgram program = new TorchScriptProgram(kernels);
        for (String form : List.of(FULL, PADDED, BANDED)) {
            forward(program.function(form), form);
        }
        return program;
    }

    private void forward(Function function, String form) {
        Tensor ids = function.ids(); // [B, L]
        Optional<Tensor> padding = form.equals(PADDED) // [B, 1, 1, L]
                ? Optional.of(Layers.paddingMask(ids, function.lengths()))
                : Optional.empty();
        // By W. The first token is attended to separately, so the band begins with the second.
        Map<Integer, Tensor> masks = new HashMap<>();
        Tensor x = embeddings(function, ids); // [B, L, H]
        for (int layer = 0; layer < numHiddenLayers - 1; layer++) {
            // A window beyond the longest text has no further effect, and must not take more memory.
            int reach = Math.min(attentionWindow.get(layer) / 2, maxTokens());
            Tensor mask = masks.computeIfAbsent(
                    reach, w -> form.equals(BANDED) ? Band.mask(ids, w, 1) : bandMask(ids, w, padding));
            x = layer(x, "longformer.encoder.layer." + layer, form.equals(BANDED), reach, mask, padding); // [B, L, H]
        }
        String last = "longformer.encoder.layer." + (numHiddenLayers - 1);
        declareLocal(function, last);
        Tensor first = postNormLayer().apply(x.slice(1, 0, 1), firstTokenContext(x, last, padding), last); // [B, 1, H]
        double dropout = function.dropout().classifier();
        Tensor dense = Layers.headLinear( // [B, H]
                        first.select(1, 0).dropped(dropout), "classifier.dense", hiddenSize, hiddenSize)
                .activated(Activation.TANH);
        function.result(Layers.headLinear( // [B, labels]
                dense.dropped(dropout), "classifier.out_proj", hiddenSize, labels));
    }

    private Tensor embeddings(Function function, Tensor ids) {
        String name = "longformer.embeddings.";
        Tensor words = ids.embedded(name + "word_embeddings.weight", vocabSize, hiddenSize); // [B, L, H]
        Tensor positions = Roberta.positions(ids, padTokenId)
                .embedded(name + "position_embeddings.weight", maxPositionEmbeddings, hiddenSize); // [B, L, H]
        Tensor types = function.types().embedded(name + "token_type_embeddings.weight", typeVocabSize, hiddenSize);
        return words.plus(types)
                .plus(positions)
                .layerNorm(name + "LayerNorm", hiddenSize, layerNormEps)
                .dropped(function.dropout().embeddings()); // [B, L, H]
    }

    private Tensor layer(Tensor x, String name, boolean banded, int reach, Tensor mask, Optional<Tensor> padding) {
        int headSize = hiddenSize / numAttentionHeads;
        Projections projections = localProjections(name);
        List<String> names = List.of(projections.query(), projections.key(), projections.value());
        Tensor local; // [B, L, H]
        if (banded) {
            local = bandedAttention(x, names, reach, mask);
        } else {
            Tensor projected = Layers.linears(x, names, hiddenSize, hiddenSize); // [B, L, 3 H]
            List<Tensor> heads = Layers.heads(projected, 3, numAttentionHeads, headSize); // 3 of [B, A, L, D]
            local = Layers.merged(
                    Layers.attention(
                            heads.get(0), heads.get(1), heads.get(2), Optional.of(mask), 1 / Math.sqrt(headSize)),
                    hiddenSize);
        }
        Tensor first = Layers.rounded(firstTokenContext(x, name, padding)); // [B, 1, H]
        Tensor context = first.concat(local.slice(1, 1, x.size(1)), 1); // [B, L, H]
        return postNormLayer().apply(x, context, name);
    }

    /** Returns the context of the first token, which attends to all: [B, 1, H]. */
    private Tensor firstTokenContext(Tensor x, String name, Optional<Tensor> padding) {
        String self = name + ".attention.self.";
        return Layers.firstTokenAttention(
                x,
                new Projections(self + "query_global", self + "key_global", self + "value_global"),
                hiddenSize,
                numAttentionHeads,
                hiddenSize / numAttentionHeads,
                padding);
    }

    private static Projections localProjections(String name) {
        String self = name + ".attention.self.";
        return new Projections(self + "query", self + "key", self + "value");
    }

    /** Declares weights that the last layer has but the first token's output does not depend on. */
    private void declareLocal(Function function, String name) {
        Projections local = localProjections(name);
        for (String layer : List.of(local.query(), local.key(), local.value())) {
            function.program().declare(layer + ".weight", hiddenSize, hiddenSize);
            function.program().declare(layer + ".bias", hiddenSize);
        }
    }

    private PostNormLayer postNormLayer() {
        return new PostNormLayer(hiddenSize, intermediateSize, hiddenAct, layerNormEps);
    }

    /** Returns the mask of tokens that are distant and not the first token, or padding: [1 or B, 1, L, L]. */
    private static Tensor bandMask(Tensor ids, int reach, Optional<Tensor> padding) {
        Tensor positions = ids.function().range(ids.size(1)); // [L]
        Tensor keys = positions.unsqueeze(0); // [1, L]
        Tensor distance = positions.unsqueeze(1).minus(keys).abs(); // [L, L]
        Tensor mask = distance.greaterThan(reach)
                .and(keys.greaterThan(0))
                .asMask()
                .unsqueeze(0)
                .unsqueeze(0);
        return padding.isPresent() ? mask.plus(padding.get()) : mask;
    }

    /**
     * Returns the context of every token of one sequence from the tokens near it and the first token: [1, L, H]. The
     * first token's own row is meaningless.
     *
     * <p>Chunks of queries see their keys as overlapping views of one array, so nothing is copied. The softmax over the
     * band is combined with the first token's score s afterwards: with the band's log-sum-exp z, the weight of the
     * first token is {@code sigmoid(s - z)}.
     *
     * @param x [1, L, H]
     * @param projections the names of the projections for queries, keys and values
     * @param mask the result of {@link Band#mask}
     */
    private Tensor bandedAttention(Tensor x, List<String> projections, int reach, Tensor mask) {
        Function function = x.function();
        int heads = numAttentionHeads;
        int size = hiddenSize / heads;
        int row = 3 * hiddenSize;
        double scale = 1 / Math.sqrt(size);
        Dimension length = x.size(1);
        Dimension chunks = length.dividedUp(Band.CHUNK_QUERIES);
        Dimension rows = chunks.times(Band.CHUNK_QUERIES);
        Tensor projected = Layers.paddedLinears( // [W + C c + W, 3 H]
                x,
                projections,
                hiddenSize,
                hiddenSize,
                reach,
                rows.minus(length).plus(reach));
        int firstQuery = reach * row;
        List<Integer> strides = List.of(Band.CHUNK_QUERIES * row, size, row, 1);
        Tensor queries = projected.strided(
                List.of(chunks, heads, Band.CHUNK_QUERIES, size), strides, firstQuery); // [C, A, c, D]
        List<Object> reached = List.of(chunks, heads, Band.CHUNK_QUERIES + 2 * reach, size);
        Tensor keys = projected.strided(reached, strides, hiddenSize); // [C, A, K, D]
        Tensor values = projected.strided(reached, strides, 2 * hiddenSize); // [C, A, K, D]
        List<Tensor> band = function.callForTwo(
                "torch._scaled_dot_product_flash_attention_for_cpu",
                queries,
                keys,
                values,
                0.0,
                false,
                new NamedArgument("attn_mask", mask),
                new NamedArgument("scale", scale));
        Tensor context = band.get(0); // [C, A, c, D]
        Tensor logSum = band.get(1).unsqueeze(3); // [C, A, c, 1], 32 bits
        Tensor allQueries =
                projected.strided(List.of(heads, rows, size), List.of(size, row, 1), firstQuery); // [A, C c, D]
        Tensor firstKey = projected.strided( // [A, D, 1]
                List.of(heads, size, 1), List.of(size, 1, 1), firstQuery + hiddenSize);
        Tensor firstValue = projected.strided( // [1, A, 1, D]
                List.of(1, heads, 1, size), List.of(row, size, size, 1), firstQuery + 2 * hiddenSize);
        Tensor score = Layers.exact(allQueries.matMul(firstKey)) // [A, C c, 1]
                .times(scale)
                .reshape(heads, chunks, Band.CHUNK_QUERIES, 1)
                .transpose(0, 1); // [C, A, c, 1]
        Tensor weight = Layers.rounded(score.minus(logSum).sigmoid()); // [C, A, c, 1]
        return context.towards(firstValue, weight) // [C, A, c, D]
                .transpose(1, 2) // [C, c, A, D]
                .reshape(1, rows, hiddenSize)
                .slice(1, 0, length);
    }
}
