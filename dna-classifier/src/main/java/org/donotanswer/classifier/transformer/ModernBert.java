package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.transformer.TorchScriptProgram.Function;
import org.donotanswer.classifier.weights.CheckpointException;

/**
 * ModernBERT for sequence classification: Warner et al., "Smarter, Better, Faster, Longer: A Modern Bidirectional
 * Encoder for Fast, Memory Efficient, and Long Context Finetuning and Inference", ACL 2025, arXiv 2412.13663. The
 * reference is {@code ModernBertForSequenceClassification} of Hugging Face transformers 4.48
 * (models/modernbert/modeling_modernbert.py); the configuration may also be that of transformers 5.
 *
 * <p>Layers normalise their input rather than their output, and have gated feed-forward networks. Queries and keys are
 * rotated by their position (arXiv 2104.09864, section 3.4.2). In some layers a token attends to all others, in the rest
 * only to tokens at a distance of at most W; both kinds have their own base of the rotary frequencies. Such layers use a
 * mask if the sequence is short, and a band if it is long, which avoids any L x L matrix. Both are exact.
 *
 * <p>Dimensions: B sequences, L tokens, H hiddenSize, A heads, D = H / A, F intermediateSize, W half of localAttention.
 *
 * @param layerTypes how the tokens of each layer attend
 * @param ropeTheta the base of the rotary frequencies by kind of layer
 * @see
 *     <a href="https://github.com/huggingface/transformers/blob/v4.48.0/src/transformers/models/modernbert/modeling_modernbert.py">the
 *     reference</a>
 */
record ModernBert(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int intermediateSize,
        Activation hiddenActivation,
        int maxPositionEmbeddings,
        double normEps,
        Biases biases,
        List<LayerType> layerTypes,
        int localAttention,
        Map<LayerType, Double> ropeTheta,
        Pooling classifierPooling,
        Activation classifierActivation,
        int padTokenId,
        int labels)
        implements Architecture {
    /** Which tokens a token of a layer attends to. */
    enum LayerType {
        FULL_ATTENTION("global_rope_theta", 160_000),
        SLIDING_ATTENTION("local_rope_theta", 10_000);

        private final String thetaKey;
        private final double defaultTheta;

        LayerType(String thetaKey, double defaultTheta) {
            this.thetaKey = thetaKey;
            this.defaultTheta = defaultTheta;
        }

        private String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the head classifies: the first token, or the mean of all. */
    enum Pooling {
        CLS,
        MEAN
    }

    /** Which parts have biases; the published base models have none of these. */
    record Biases(boolean norm, boolean attention, boolean mlp, boolean classifier) {}

    /** Name of the pass over one long sequence, for inference only. */
    static final String BANDED = "banded";

    /** Up to this many tokens, a mask over all pairs is as fast as the band. */
    private static final int MAX_DENSE_TOKENS = 768;

    /** Without a position table, nothing else bounds the length of a text. */
    private static final int MAX_POSITIONS = 131_072;

    ModernBert {
        layerTypes = List.copyOf(layerTypes);
        ropeTheta = Map.copyOf(ropeTheta);
    }

    static ModernBert of(CheckpointConfig config) throws CheckpointException {
        int hidden = config.positive("hidden_size");
        int layers = config.positive("num_hidden_layers");
        int heads = config.positive("num_attention_heads");
        int positions = config.positive("max_position_embeddings", 8192);
        if (positions > MAX_POSITIONS) {
            throw config.invalid("max_position_embeddings", "must be at most " + MAX_POSITIONS, positions);
        }
        if (config.headSize("hidden_size", hidden, "num_attention_heads", heads) % 2 != 0) {
            throw config.invalid(
                    "hidden_size", "must be a multiple of 2 num_attention_heads (" + 2 * heads + ")", hidden);
        }
        requireDefaultRope(config.section("rope_scaling"));
        return new ModernBert(
                config.positive("vocab_size"),
                hidden,
                layers,
                heads,
                config.positive("intermediate_size"),
                config.activation("hidden_activation", "gelu"),
                positions,
                config.epsilon("norm_eps", 1e-5),
                new Biases(
                        config.flag("norm_bias", false),
                        config.flag("attention_bias", false),
                        config.flag("mlp_bias", false),
                        config.flag("classifier_bias", false)),
                layerTypes(config, layers),
                config.positive("local_attention", 128),
                ropeTheta(config),
                pooling(config),
                config.activation("classifier_activation", "gelu"),
                config.atLeast(0, "pad_token_id", 50_283),
                config.labelCount());
    }

    /** Returns the types of all layers, which transformers 5 lists and version 4 derives from a period. */
    private static List<LayerType> layerTypes(CheckpointConfig config, int layers) throws CheckpointException {
        List<LayerType> types = new ArrayList<>();
        if (!config.has("layer_types")) {
            int period = config.positive("global_attn_every_n_layers", 3);
            for (int layer = 0; layer < layers; layer++) {
                types.add(layer % period == 0 ? LayerType.FULL_ATTENTION : LayerType.SLIDING_ATTENTION);
            }
            return types;
        }
        for (String name : config.words("layer_types")) {
            types.add(Arrays.stream(LayerType.values())
                    .filter(type -> type.key().equals(name))
                    .findFirst()
                    .orElseThrow(() -> config.invalid(
                            "layer_types", "must contain only full_attention and sliding_attention", name)));
        }
        if (types.size() != layers) {
            throw config.invalid(
                    "length of layer_types", "must be the number of layers (" + layers + ")", types.size());
        }
        return types;
    }

    private static Map<LayerType, Double> ropeTheta(CheckpointConfig config) throws CheckpointException {
        Map<LayerType, Double> bases = new EnumMap<>(LayerType.class);
        Optional<CheckpointConfig> parameters = config.section("rope_parameters");
        for (LayerType type : LayerType.values()) {
            double base = config.positiveNumber(type.thetaKey, type.defaultTheta);
            if (config.isNull(type.thetaKey) && type == LayerType.SLIDING_ATTENTION) {
                base = bases.get(LayerType.FULL_ATTENTION); // as in version 4
            }
            Optional<CheckpointConfig> own =
                    parameters.isPresent() ? parameters.get().section(type.key()) : Optional.empty();
            requireDefaultRope(own);
            bases.put(type, own.isPresent() ? own.get().positiveNumber("rope_theta", base) : base);
        }
        return bases;
    }

    /** Throws if the frequencies are scaled. */
    private static void requireDefaultRope(Optional<CheckpointConfig> parameters) throws CheckpointException {
        if (parameters.isPresent()) {
            parameters.get().requireText("rope_type", "default");
            parameters.get().requireText("type", "default");
        }
    }

    private static Pooling pooling(CheckpointConfig config) throws CheckpointException {
        String name = config.optionalText("classifier_pooling").orElse("cls");
        return switch (name) {
            case "cls" -> Pooling.CLS;
            case "mean" -> Pooling.MEAN;
            default -> throw config.invalid("classifier_pooling", "must be cls or mean", name);
        };
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
        return "model.";
    }

    @Override
    public List<String> ignoredTensors() {
        return List.of("decoder."); // of the masked language model, which shares the head
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
        Map<LayerType, RotaryAttention> attentions = new EnumMap<>(LayerType.class);
        Tensor x = norm( // [B, L, H]
                        ids.embedded("model.embeddings.tok_embeddings.weight", vocabSize, hiddenSize),
                        "model.embeddings.norm")
                .dropped(function.dropout().embeddings());
        for (int layer = 0; layer < numHiddenLayers; layer++) {
            LayerType type = layerTypes.get(layer);
            boolean onlyFirst = layer == numHiddenLayers - 1 && classifierPooling == Pooling.CLS;
            RotaryAttention attention =
                    attentions.computeIfAbsent(type, each -> attention(each, ids, padding, form.equals(BANDED)));
            x = layer(x, layer, attention, onlyFirst); // [B, L, H], or [B, 1, H] at the end
        }
        Tensor pooled = pooled(norm(x, "model.final_norm"), padding.isPresent()); // [B, H]
        Tensor dense = Layers.headLinear(pooled, "head.dense", hiddenSize, hiddenSize, biases.classifier())
                .activated(classifierActivation);
        Tensor head = norm(dense, "head.norm").dropped(function.dropout().classifier()); // [B, H]
        function.result(Layers.headLinear(head, "classifier", hiddenSize, labels)); // [B, labels]
    }

    /** Returns what all layers of one type share in one form of the pass. */
    private RotaryAttention attention(LayerType type, Tensor ids, Optional<Tensor> padding, boolean banded) {
        int size = hiddenSize / numAttentionHeads;
        double theta = ropeTheta.get(type);
        int reach = localAttention / 2;
        // A window beyond the longest text hides nothing, and its mask must not take memory.
        if (type == LayerType.FULL_ATTENTION || reach >= maxTokens()) {
            return RotaryAttention.full(ids, numAttentionHeads, size, theta, padding);
        }
        return banded
                ? RotaryAttention.banded(ids, numAttentionHeads, size, theta, reach)
                : RotaryAttention.windowed(ids, numAttentionHeads, size, theta, reach, padding);
    }

    private Tensor norm(Tensor x, String name) {
        return x.layerNorm(name, hiddenSize, normEps, biases.norm());
    }

    /** Returns the vector that the head classifies: [B, L, H] -> [B, H]. */
    private Tensor pooled(Tensor x, boolean padded) {
        if (classifierPooling == Pooling.CLS) {
            return x.select(1, 0);
        }
        Function function = x.function();
        Tensor lengths = function.lengths().unsqueeze(1); // [B, 1]
        if (!padded) {
            return x.sum(1).dividedBy(lengths);
        }
        Tensor present =
                function.range(x.size(1)).unsqueeze(0).lessThan(lengths).toFloat(); // [B, L]
        return x.times(present.unsqueeze(2)).sum(1).dividedBy(lengths);
    }

    private Tensor layer(Tensor x, int layer, RotaryAttention attention, boolean onlyFirst) {
        String name = "model.layers." + layer;
        Dropout dropout = x.function().dropout();
        Tensor input = layer == 0 ? x : norm(x, name + ".attn_norm"); // the embeddings are normalised already
        Tensor projected = Layers.linear(
                input, name + ".attn.Wqkv", hiddenSize, 3 * hiddenSize, biases.attention()); // [B, L, 3 H]
        Tensor context = attention.context(projected, onlyFirst); // [B, Q, H]: Q is L, or 1 if only the first is needed
        Tensor residual = onlyFirst ? x.slice(1, 0, 1) : x;
        Tensor attended = Layers.linearPlus( // [B, Q, H]
                residual, context, name + ".attn.Wo", hiddenSize, hiddenSize, biases.attention(), dropout.attention());
        Tensor both = Layers.linear( // [B, Q, 2 F]
                norm(attended, name + ".mlp_norm"), name + ".mlp.Wi", hiddenSize, 2 * intermediateSize, biases.mlp());
        Tensor gate = both.slice(2, intermediateSize, 2 * intermediateSize);
        Tensor gated =
                both.slice(2, 0, intermediateSize).activated(hiddenActivation).times(gate); // [B, Q, F]
        return Layers.linearPlus(
                attended,
                gated.dropped(dropout.inner()),
                name + ".mlp.Wo",
                intermediateSize,
                hiddenSize,
                biases.mlp(),
                0);
    }
}
