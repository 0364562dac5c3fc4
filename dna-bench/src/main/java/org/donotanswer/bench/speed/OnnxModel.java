package org.donotanswer.bench.speed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightTensor;

/**
 * Builds the ONNX graph of a BERT, RoBERTa or DistilBERT classifier, with the weights left in the checkpoint's file. The
 * graph has the form of PyTorch's older exports, which ONNX Runtime recognizes when it fuses operators: layer normalization
 * and GELU as elementary operators, a mask of -10000, and shapes that begin with two zeros.
 *
 * <p>{@code B} batch, {@code L} tokens, {@code H} heads, {@code D} head size, {@code E} hidden size.
 *
 * @see <a
 *     href="https://github.com/microsoft/onnxruntime/blob/v1.22.0/onnxruntime/core/optimizer/attention_fusion.cc">attention_fusion.cc</a>
 */
final class OnnxModel {
    static final String INPUT_IDS = "input_ids";
    static final String ATTENTION_MASK = "attention_mask";
    static final String TOKEN_TYPE_IDS = "token_type_ids";
    static final String LOGITS = "logits";

    private static final String WEIGHTS = "model.safetensors";
    private static final int MAX_CODE = 127;
    private static final float MASKED = -10_000;
    private static final List<Long> SPLIT_HEADS = List.of(0L, 2L, 1L, 3L);
    private static final List<Long> SPLIT_HEADS_TRANSPOSED = List.of(0L, 2L, 3L, 1L);

    private final OnnxGraph graph = new OnnxGraph();
    private final BenchmarkArchitecture architecture;
    private final TensorNames names;
    private final Map<String, RandomCheckpointHeader.TensorLocation> tensors;
    private final int layers;
    private final int heads;
    private final float epsilon;

    /** The weights, if they are quantized as {@code quantize_dynamic} of ONNX Runtime's tools does it. */
    private final Optional<CheckpointWeights> quantized;

    /** The integers, the scale and the zero point of each value that is multiplied in integers. */
    private final Map<String, List<String>> integers = new HashMap<>();

    private OnnxModel(
            JsonNode config,
            Map<String, RandomCheckpointHeader.TensorLocation> tensors,
            Optional<CheckpointWeights> quantized)
            throws IOException {
        this.quantized = quantized;
        this.architecture = architecture(config.required("model_type").asText());
        this.names = TensorNames.of(architecture);
        this.tensors = tensors;
        boolean distilBert = architecture == BenchmarkArchitecture.DISTILBERT;
        this.layers =
                config.required(distilBert ? "n_layers" : "num_hidden_layers").intValue();
        this.heads =
                config.required(distilBert ? "n_heads" : "num_attention_heads").intValue();
        // DistilBERT's configuration does not have it.
        this.epsilon = distilBert ? 1e-12f : config.required("layer_norm_eps").floatValue();
        String activation =
                config.required(distilBert ? "activation" : "hidden_act").asText();
        if (!activation.equals("gelu")) {
            throw new IOException("activation must be gelu, but was " + activation);
        }
    }

    private static BenchmarkArchitecture architecture(String modelType) throws IOException {
        for (BenchmarkArchitecture known :
                List.of(BenchmarkArchitecture.BERT, BenchmarkArchitecture.ROBERTA, BenchmarkArchitecture.DISTILBERT)) {
            if (known.modelType().equals(modelType)) {
                return known;
            }
        }
        throw new IOException("model_type must be bert, roberta or distilbert, but was " + modelType);
    }

    /**
     * Returns a checkpoint's model as the bytes of an ONNX file that refers to the weights in the checkpoint's directory.
     *
     * @throws IOException if the checkpoint cannot be read or has another architecture
     */
    static byte[] of(Path checkpoint) throws IOException {
        JsonNode config = new JsonMapper().readTree(Files.readAllBytes(checkpoint.resolve("config.json")));
        RandomCheckpointHeader header = RandomCheckpointHeader.read(checkpoint.resolve(WEIGHTS));
        return new OnnxModel(config, header.tensors(), Optional.empty()).build();
    }

    /**
     * Returns a checkpoint's model with the weights of its linear layers in 8 bits, with a scale for each output, and the
     * inputs quantized in each pass with one scale: what {@code quantize_dynamic} with {@code per_channel=True} makes of
     * the matrix products. The tables of embeddings, which do not matter for the speed, stay as they are.
     *
     * @throws IOException if the checkpoint cannot be read or has another architecture
     */
    static byte[] quantized(Path checkpoint) throws IOException {
        JsonNode config = new JsonMapper().readTree(Files.readAllBytes(checkpoint.resolve("config.json")));
        RandomCheckpointHeader header = RandomCheckpointHeader.read(checkpoint.resolve(WEIGHTS));
        try (CheckpointWeights weights = CheckpointWeights.open(checkpoint)) {
            return new OnnxModel(config, header.tensors(), Optional.of(weights)).build();
        }
    }

    private byte[] build() throws IOException {
        String ids = graph.input(INPUT_IDS);
        String attentionMask = graph.input(ATTENTION_MASK);
        // [B, L, E]
        String hidden = embeddings(ids, attentionMask);
        String mask = mask(attentionMask);
        for (int layer = 0; layer < layers; layer++) {
            hidden = layer(hidden, mask, names.layer(layer));
        }
        graph.output(LOGITS, head(hidden));
        return graph.toBytes();
    }

    /** Returns the summand of the scores: 0 for a token, -10000 for padding. */
    private String mask(String attentionMask) {
        // [B, 1, 1, L]
        String rows = graph.op("Unsqueeze", Map.of("axes", List.of(1L)), attentionMask);
        String heads = graph.op("Unsqueeze", Map.of("axes", List.of(2L)), rows);
        String kept = graph.op("Cast", Map.of("to", 1L), heads);
        return graph.op("Mul", graph.op("Sub", graph.scalar(1f), kept), graph.scalar(MASKED));
    }

    private String embeddings(String ids, String mask) throws IOException {
        String words = graph.op("Gather", tensor(names.embeddings() + "word_embeddings.weight"), ids);
        String positions =
                graph.op("Gather", tensor(names.embeddings() + "position_embeddings.weight"), positions(mask));
        String sum = graph.op("Add", words, positions);
        if (architecture == BenchmarkArchitecture.BERT) {
            String table = tensor(names.embeddings() + "token_type_embeddings.weight");
            sum = graph.op("Add", sum, graph.op("Gather", table, graph.input(TOKEN_TYPE_IDS)));
        } else if (architecture == BenchmarkArchitecture.ROBERTA) {
            // There is one token type.
            sum = graph.op("Add", sum, tensor(names.embeddings() + "token_type_embeddings.weight"));
        }
        return layerNorm(sum, names.embeddings() + "LayerNorm");
    }

    /**
     * Computes positions by counting tokens, so that the runtime infers the same shape as that of the ids, which it could
     * not do for a slice of a constant. The positions of the padding, on the right, do not matter.
     */
    private String positions(String mask) {
        // [B, L]
        String count = graph.op("CumSum", mask, graph.scalar(1L));
        // RoBERTa gives position 1 to padding and the following ones to tokens.
        return architecture == BenchmarkArchitecture.ROBERTA
                ? graph.op("Add", graph.op("Mul", count, mask), graph.scalar(1L))
                : graph.op("Sub", count, graph.scalar(1L));
    }

    private String layer(String hidden, String mask, TensorNames.Layer layer) throws IOException {
        String attention = linear(attention(hidden, mask, layer), layer.attentionOutput());
        String attended = layerNorm(graph.op("Add", attention, hidden), layer.attentionNorm());
        String inner = gelu(linear(attended, layer.intermediate()));
        String output = linear(inner, layer.output());
        return layerNorm(graph.op("Add", output, attended), layer.outputNorm());
    }

    private String attention(String hidden, String mask, TensorNames.Layer layer) throws IOException {
        long size = location(layer.query() + ".weight").shape().get(0);
        long headSize = size / heads;
        String shape = graph.longs(0, 0, heads, headSize);
        // [B, H, L, D], but keys [B, H, D, L]
        String query = split(linear(hidden, layer.query()), shape, SPLIT_HEADS);
        String key = split(linear(hidden, layer.key()), shape, SPLIT_HEADS_TRANSPOSED);
        String value = split(linear(hidden, layer.value()), shape, SPLIT_HEADS);
        // [B, H, L, L]
        String scores =
                graph.op("Div", graph.op("MatMul", query, key), graph.scalar((float) Math.sqrt((double) headSize)));
        String weights = graph.op("Softmax", Map.of("axis", 3L), graph.op("Add", scores, mask));
        String joined = graph.op("Transpose", Map.of("perm", SPLIT_HEADS), graph.op("MatMul", weights, value));
        return graph.op("Reshape", joined, graph.longs(0, 0, size));
    }

    private String split(String hidden, String shape, List<Long> permutation) {
        return graph.op("Transpose", Map.of("perm", permutation), graph.op("Reshape", hidden, shape));
    }

    private String head(String hidden) throws IOException {
        // The first token, [B, E]
        String first = graph.op("Gather", Map.of("axis", 1L), hidden, graph.scalar(0L));
        String pooled = linear(first, names.pooler());
        String activated = graph.op(architecture == BenchmarkArchitecture.DISTILBERT ? "Relu" : "Tanh", pooled);
        return linear(activated, names.classifier());
    }

    private String linear(String input, String name) throws IOException {
        if (quantized.isPresent()) {
            return graph.op(
                    "Add", integerProduct(input, quantized.get().tensor(name + ".weight")), tensor(name + ".bias"));
        }
        // The runtime transposes the weights when it loads the model.
        String weight = graph.op("Transpose", Map.of("perm", List.of(1L, 0L)), tensor(name + ".weight"));
        return graph.op("Add", graph.op("MatMul", input, weight), tensor(name + ".bias"));
    }

    private String integerProduct(String input, WeightTensor weight) throws CheckpointException {
        int outputs = weight.shape().get(0).intValue();
        int inputs = weight.shape().get(1).intValue();
        float[] weights = weight.toFloats();
        byte[] codes = new byte[weights.length]; // [inputs, outputs]
        float[] scales = new float[outputs];
        for (int output = 0; output < outputs; output++) {
            float max = Float.MIN_NORMAL;
            for (int i = 0; i < inputs; i++) {
                max = Math.max(max, Math.abs(weights[output * inputs + i]));
            }
            scales[output] = max / MAX_CODE;
            for (int i = 0; i < inputs; i++) {
                codes[i * outputs + output] = (byte) Math.round(weights[output * inputs + i] / scales[output]);
            }
        }
        // Integers, scale and zero point
        List<String> quantizedInput =
                integers.computeIfAbsent(input, value -> graph.ops("DynamicQuantizeLinear", 3, value));
        String product = graph.op(
                "MatMulInteger",
                quantizedInput.get(0),
                graph.int8(codes, inputs, outputs),
                quantizedInput.get(2),
                graph.int8(new byte[outputs], outputs));
        String scale = graph.op("Mul", quantizedInput.get(1), graph.floats(scales));
        return graph.op("Mul", graph.op("Cast", Map.of("to", 1L), product), scale);
    }

    private String layerNorm(String input, String name) throws IOException {
        Map<String, Object> last = Map.of("axes", List.of(-1L));
        String centred = graph.op("Sub", input, graph.op("ReduceMean", last, input));
        String variance = graph.op("ReduceMean", last, graph.op("Pow", centred, graph.scalar(2f)));
        String deviation = graph.op("Sqrt", graph.op("Add", variance, graph.scalar(epsilon)));
        String scaled = graph.op("Mul", graph.op("Div", centred, deviation), tensor(name + ".weight"));
        return graph.op("Add", scaled, tensor(name + ".bias"));
    }

    private String gelu(String input) {
        String error = graph.op("Erf", graph.op("Div", input, graph.scalar((float) Math.sqrt(2))));
        String doubled = graph.op("Mul", input, graph.op("Add", error, graph.scalar(1f)));
        return graph.op("Mul", doubled, graph.scalar(0.5f));
    }

    private RandomCheckpointHeader.TensorLocation location(String name) throws IOException {
        RandomCheckpointHeader.TensorLocation location = tensors.get(name);
        if (location == null) {
            throw new IOException("checkpoint must have " + name + ", but it was missing");
        }
        if (!Objects.equals(location.dtype(), "F32")) {
            throw new IOException(name + " must be F32, but was " + location.dtype());
        }
        return location;
    }

    private String tensor(String name) throws IOException {
        return graph.external(name, WEIGHTS, location(name));
    }
}
