package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Dimension;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * DeBERTa version 2 and 3 for sequence classification: He, Liu, Gao and Chen, "DeBERTa: Decoding-enhanced BERT with
 * Disentangled Attention", ICLR 2021, arXiv 2006.03654; He, Gao and Chen, "DeBERTaV3", ICLR 2023, arXiv 2111.09543. The
 * reference is {@code DebertaV2ForSequenceClassification} of Hugging Face transformers 4.40
 * (models/deberta_v2/modeling_deberta_v2.py).
 *
 * <p>To the product of query and key, attention adds the product of the query with the key of their relative position
 * (c2p) and that of the key with the query of their relative position (p2c). Distant positions share buckets.
 *
 * <p>{@code scoreTerms} is the factor that multiplies the square of the scores' scale: one, plus one each for c2p and
 * p2c. The reference counts them even if it does not add them.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize, E embeddingSize, R = 2
 * span relative positions.
 *
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.40.0/src/transformers/models/deberta_v2/modeling_deberta_v2.py">the
 *     reference</a>
 */
record DebertaV2(
        int vocabSize,
        int hiddenSize,
        int embeddingSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int headSize,
        int intermediateSize,
        Activation hiddenAct,
        int maxPositionEmbeddings,
        int typeVocabSize,
        double layerNormEps,
        boolean positionBiasedInput,
        int scoreTerms,
        Optional<RelativeAttention> relativeAttention,
        Optional<Convolution> convolution,
        Activation poolerHiddenAct,
        int padTokenId,
        int labels)
        implements Architecture {
    /**
     * How attention uses relative positions.
     *
     * @param maxPosition the distance from which all distances are treated alike
     * @param buckets the number of buckets on each side, or 0 for none
     * @param shareKey whether relative positions are projected by the weights of the tokens
     * @param contentToPosition whether c2p is added
     * @param positionToContent whether p2c is added
     * @param normalised whether the embeddings of relative positions are normalised
     */
    record RelativeAttention(
            int maxPosition,
            int buckets,
            boolean shareKey,
            boolean contentToPosition,
            boolean positionToContent,
            boolean normalised) {
        int span() {
            return buckets > 0 ? buckets : maxPosition;
        }
    }

    /** The convolution parallel to the first layer, which the largest models of version 2 have. */
    record Convolution(int kernelSize, int groups, Activation activation) {}

    /**
     * Without a position table, nothing else bounds the length of a text, and attention takes memory quadratic in it.
     */
    private static final int MAX_POSITIONS = 32_768;

    static DebertaV2 of(CheckpointConfig config) throws CheckpointException {
        int hidden = config.positive("hidden_size");
        int heads = config.positive("num_attention_heads");
        int positions = config.positive("max_position_embeddings");
        if (config.atLeast(0, "z_steps", 0) > 1) {
            throw config.invalid("z_steps", "must be 0 or 1", config.positive("z_steps"));
        }
        if (config.has("pooler_hidden_size") && config.positive("pooler_hidden_size") != hidden) {
            throw config.invalid(
                    "pooler_hidden_size",
                    "must be hidden_size (" + hidden + ")",
                    config.positive("pooler_hidden_size"));
        }
        int headSize = config.headSize("hidden_size", hidden, "num_attention_heads", heads);
        boolean positionBiased = config.flag("position_biased_input", true);
        if (!positionBiased && positions > MAX_POSITIONS) {
            throw config.invalid(
                    "max_position_embeddings",
                    "must be at most " + MAX_POSITIONS + " without a position table",
                    positions);
        }
        return new DebertaV2(
                config.positive("vocab_size"),
                hidden,
                config.positive("embedding_size", hidden),
                config.positive("num_hidden_layers"),
                heads,
                config.positive("attention_head_size", headSize),
                config.positive("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                positions,
                config.atLeast(0, "type_vocab_size", 0),
                config.epsilon("layer_norm_eps", 1e-7),
                positionBiased,
                1 + (attends(config, "c2p") ? 1 : 0) + (attends(config, "p2c") ? 1 : 0),
                relativeAttention(config, positions),
                convolution(config, hidden),
                config.activation("pooler_hidden_act", "gelu"),
                config.atLeast(0, "pad_token_id", 0),
                config.labelCount());
    }

    private static boolean attends(CheckpointConfig config, String type) throws CheckpointException {
        List<String> types = config.words("pos_att_type");
        for (String each : types) {
            if (!each.equals("c2p") && !each.equals("p2c") && !each.isEmpty()) {
                throw config.invalid("pos_att_type", "must contain only c2p and p2c", each);
            }
        }
        return types.contains(type);
    }

    private static Optional<RelativeAttention> relativeAttention(CheckpointConfig config, int positions)
            throws CheckpointException {
        if (!config.flag("relative_attention", false)) {
            return Optional.empty();
        }
        int farthest = config.atLeast(-1, "max_relative_positions", -1);
        int buckets = Math.max(0, config.atLeast(-1, "position_buckets", -1));
        if (buckets == 1) {
            throw config.invalid("position_buckets", "must be at least 2, or absent", buckets);
        }
        return Optional.of(new RelativeAttention(
                farthest < 1 ? positions : farthest,
                buckets,
                config.flag("share_att_key", false),
                attends(config, "c2p"),
                attends(config, "p2c"),
                config.words("norm_rel_ebd").contains("layer_norm")));
    }

    private static Optional<Convolution> convolution(CheckpointConfig config, int hidden) throws CheckpointException {
        int kernel = config.atLeast(0, "conv_kernel_size", 0);
        if (kernel == 0) {
            return Optional.empty();
        }
        int groups = config.positive("conv_groups", 1);
        if (kernel % 2 == 0) {
            throw config.invalid("conv_kernel_size", "must be odd", kernel);
        }
        if (hidden % groups != 0) {
            throw config.invalid("conv_groups", "must divide hidden_size (" + hidden + ")", groups);
        }
        return Optional.of(new Convolution(kernel, groups, config.activation("conv_act", "tanh")));
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
        return "deberta.";
    }

    @Override
    public List<String> ignoredTensors() {
        List<String> unused = new ArrayList<>(List.of("deberta.embeddings.position_ids"));
        if (!positionBiasedInput) {
            unused.add("deberta.embeddings.position_embeddings."); // the reference ignores it as well
        }
        if (relativeAttention.isEmpty()) {
            unused.add("deberta.encoder.LayerNorm."); // present in the reference, but unused
        }
        return List.copyOf(unused);
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
        Optional<Tensor> present = padded // [B, L, 1], 1 where a token is
                ? Optional.of(function.range(ids.size(1))
                        .unsqueeze(0)
                        .lessThan(function.lengths().unsqueeze(1))
                        .toFloat()
                        .unsqueeze(2))
                : Optional.empty();
        Tensor x = embeddings(function, ids, present); // [B, L, H]
        Optional<RelativePositions> relative =
                relativeAttention.map(attention -> relative(function, attention, ids.size(1)));
        for (int layer = 0; layer < numHiddenLayers; layer++) {
            // The head uses only the first token, but a convolution mixes in its neighbours.
            boolean last = layer == numHiddenLayers - 1 && (layer > 0 || convolution.isEmpty());
            Tensor input = x;
            x = layer(x, "deberta.encoder.layer." + layer, mask, relative, last);
            if (layer == 0 && convolution.isPresent()) {
                x = convolved(input, x, convolution.get(), present);
            }
        }
        Dropout dropout = function.dropout();
        Tensor pooled = Layers.headLinear( // [B, H]
                        x.select(1, 0).dropped(dropout.pooler()), "pooler.dense", hiddenSize, hiddenSize)
                .activated(poolerHiddenAct);
        function.result(Layers.headLinear( // [B, labels]
                pooled.dropped(dropout.classifier()), "classifier", hiddenSize, labels));
    }

    private Tensor embeddings(Function function, Tensor ids, Optional<Tensor> present) {
        String name = "deberta.embeddings.";
        Tensor x = ids.embedded(name + "word_embeddings.weight", vocabSize, embeddingSize); // [B, L, E]
        if (positionBiasedInput) {
            x = x.plus(function.weight(name + "position_embeddings.weight", maxPositionEmbeddings, embeddingSize)
                    .slice(0, 0, ids.size(1))); // [L, E]
        }
        if (typeVocabSize > 0) {
            x = x.plus(function.types()
                    .embedded(name + "token_type_embeddings.weight", typeVocabSize, embeddingSize)); // [B, L, E]
        }
        if (embeddingSize != hiddenSize) {
            x = function.call(
                    "torch.linear", x, function.weight(name + "embed_proj.weight", hiddenSize, embeddingSize));
        }
        x = x.layerNorm(name + "LayerNorm", hiddenSize, layerNormEps); // [B, L, H]
        return (present.isPresent() ? x.times(present.get()) : x)
                .dropped(function.dropout().embeddings());
    }

    /**
     * What all layers share of the relative positions.
     *
     * @param embeddings one per relative position, [1, R, H]
     * @param index the row of the embedding for each pair of query and key, INT64 [L, L]
     */
    private record RelativePositions(RelativeAttention attention, Tensor embeddings, Tensor index) {}

    private RelativePositions relative(Function function, RelativeAttention attention, Dimension length) {
        int span = attention.span();
        Tensor embeddings = function.weight("deberta.encoder.rel_embeddings.weight", 2L * span, hiddenSize); // [R, H]
        if (attention.normalised()) {
            embeddings = embeddings.layerNorm("deberta.encoder.LayerNorm", hiddenSize, layerNormEps);
        }
        Tensor positions = function.range(length); // [L]
        Tensor distance = positions.unsqueeze(1).minus(positions.unsqueeze(0)); // [L, L]
        Tensor bucket = attention.buckets() > 0 ? bucket(distance, attention) : distance;
        return new RelativePositions(
                attention, embeddings.unsqueeze(0), bucket.plus(span).clamp(0, 2 * span - 1));
    }

    /**
     * Returns the bucket of each distance, INT64 [L, L]: the distance itself if it is small, otherwise a function of
     * its logarithm. Uses 32-bit floats and the reference's order of operations, as the last digit decides where a
     * bucket ends.
     */
    private static Tensor bucket(Tensor distance, RelativeAttention attention) {
        Function function = distance.function();
        int middle = attention.buckets() / 2;
        Tensor near = distance.lessThan(middle).and(distance.greaterThan(-middle)); // [L, L]
        Tensor magnitude =
                function.call("torch.full_like", distance, middle - 1).where(near, distance.abs());
        Tensor farthest = function.call( // log((max - 1) / middle) as a 32-bit float
                        "torch.full",
                        List.of(1),
                        (double) (attention.maxPosition() - 1) / middle,
                        new TorchScriptProgram.NamedArgument("dtype", Tensor.FLOAT32))
                .log();
        Tensor logarithm = magnitude.dividedBy(middle).log();
        Tensor far = function.call("torch.div", logarithm, farthest)
                .times(middle - 1)
                .ceil()
                .plus(middle); // [L, L]
        Tensor beyond = magnitude.greaterThan(middle);
        return far.times(distance.sign()).where(beyond, distance.toFloat()).toLong();
    }

    private Tensor layer(
            Tensor x, String name, Optional<Tensor> mask, Optional<RelativePositions> relative, boolean onlyFirst) {
        int width = numAttentionHeads * headSize;
        String self = name + ".attention.self.";
        Tensor projected = Layers.linears( // [B, L, 3 A D]
                x, List.of(self + "query_proj", self + "key_proj", self + "value_proj"), hiddenSize, width);
        List<Tensor> heads = Layers.heads(projected, 3, numAttentionHeads, headSize); // 3 of [B, A, L, D]
        Tensor query = onlyFirst ? heads.get(0).slice(2, 0, 1) : heads.get(0); // [B, A, Q, D]: Q is L, or 1
        Optional<Tensor> bias = mask;
        if (relative.isPresent()) {
            Optional<Tensor> positional = positionalScores(query, heads.get(1), self, relative.get(), onlyFirst);
            if (positional.isPresent()) {
                bias = Optional.of(mask.isPresent() ? positional.get().plus(mask.get()) : positional.get());
            }
        }
        Tensor context = Layers.attention( // [B, A, Q, D]
                query, heads.get(1), heads.get(2), bias, 1 / Math.sqrt((double) headSize * scoreTerms));
        Tensor residual = onlyFirst ? x.slice(1, 0, 1) : x; // [B, Q, H]
        return output(residual, Layers.merged(context, width), name); // [B, Q, H]
    }

    /** Returns what relative positions add to the scores, in 32 bits: [B, A, Q, L]. */
    private Optional<Tensor> positionalScores(
            Tensor query, Tensor key, String self, RelativePositions relative, boolean onlyFirst) {
        RelativeAttention attention = relative.attention();
        double scale = 1 / Math.sqrt((double) headSize * scoreTerms);
        Dimension batch = key.size(0);
        Dimension length = key.size(2);
        Tensor embeddings = // [1, R, H]; each layer drops others
                relative.embeddings().dropped(query.function().dropout().hidden());
        List<Tensor> scores = new ArrayList<>();
        if (attention.contentToPosition()) {
            Tensor positions = positionHeads( // [1, A, R, D]
                    embeddings, self + (attention.shareKey() ? "key_proj" : "pos_key_proj"));
            Tensor index = onlyFirst ? relative.index().slice(0, 0, 1) : relative.index(); // [Q, L]
            scores.add(Layers.exact(query.matMul(positions.transpose(2, 3))) // [B, A, Q, R]
                    .gather(index.expand(batch, numAttentionHeads, query.size(2), length)));
        }
        if (attention.positionToContent()) {
            Tensor positions = positionHeads( // [1, A, R, D]
                    embeddings, self + (attention.shareKey() ? "query_proj" : "pos_query_proj"));
            Tensor all = Layers.exact(key.matMul(positions.transpose(2, 3))); // [B, A, L, R], rows are keys
            Tensor index = relative.index().transpose(0, 1); // [L, L], rows are keys
            Tensor wanted = onlyFirst ? index.slice(1, 0, 1) : index; // [L, Q]
            scores.add(all.gather(wanted.expand(batch, numAttentionHeads, length, query.size(2)))
                    .transpose(2, 3)); // [B, A, Q, L]
        }
        return scores.stream().reduce(Tensor::plus).map(sum -> sum.times(scale));
    }

    /** Returns the embeddings of relative positions, projected and split into heads: [1, A, R, D]. */
    private Tensor positionHeads(Tensor embeddings, String layer) {
        Tensor projected = Layers.linear(embeddings, layer, hiddenSize, numAttentionHeads * headSize);
        return Layers.heads(projected, 1, numAttentionHeads, headSize).get(0);
    }

    private Tensor output(Tensor x, Tensor context, String name) {
        double dropout = x.function().dropout().hidden();
        Tensor attended = Layers.linearPlus(
                        x, context, name + ".attention.output.dense", numAttentionHeads * headSize, hiddenSize, dropout)
                .layerNorm(name + ".attention.output.LayerNorm", hiddenSize, layerNormEps); // [B, Q, H]
        return Layers.feedForward(
                        attended,
                        name + ".intermediate.dense",
                        name + ".output.dense",
                        hiddenSize,
                        intermediateSize,
                        hiddenAct,
                        dropout)
                .layerNorm(name + ".output.LayerNorm", hiddenSize, layerNormEps); // [B, Q, H]
    }

    /** Returns the first layer's output plus the convolution of its input: [B, L, H]. */
    private Tensor convolved(Tensor input, Tensor output, Convolution convolution, Optional<Tensor> present) {
        Function function = input.function();
        String name = "deberta.encoder.conv.";
        int kernel = convolution.kernelSize();
        Tensor weight = function.weight(
                name + "conv.weight", hiddenSize, hiddenSize / convolution.groups(), kernel); // [H, H / groups, kernel]
        Tensor convolved = function.call(
                        "torch.conv1d",
                        input.transpose(1, 2), // [B, H, L]
                        weight,
                        function.weight(name + "conv.bias", hiddenSize),
                        List.of(1),
                        List.of((kernel - 1) / 2),
                        List.of(1),
                        convolution.groups())
                .transpose(1, 2); // [B, L, H]
        convolved = present.isPresent() ? convolved.times(present.get()) : convolved;
        convolved = convolved.dropped(function.dropout().hidden()).activated(convolution.activation());
        Tensor sum = output.plus(convolved).layerNorm(name + "LayerNorm", hiddenSize, layerNormEps); // [B, L, H]
        return present.isPresent() ? sum.times(present.get()) : sum;
    }
}
