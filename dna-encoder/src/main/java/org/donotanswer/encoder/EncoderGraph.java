package org.donotanswer.encoder;

import static org.donotanswer.encoder.OnnxGraphWriter.MICROSOFT;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes the forward pass of a BERT encoder with its pooler and classifier as a graph for ONNX Runtime. The linear layers multiply
 * integers of 8 bits; embeddings, sums, layer normalization, attention, pooler and classifier are computed in 32-bit floats.
 * The weights are quantized when this is written, with a scale for each output. The inputs are quantized in each pass with one
 * scale for the window, after their greatest values have been made smaller without a change of the product:
 *
 * <ul>
 *   <li>hidden units by {@link OutlierScales}, if the encoder has any;
 *   <li>the inner layer of a feed-forward network, whose outliers are in few tokens but in a different unit of each layer, by
 *       dividing each token's values by their maximum, and multiplying its product by it.
 * </ul>
 *
 * <p>The last layer is computed for the first token alone, the only one that the pooler reads. There is one window without
 * padding, hence no mask.
 *
 * <p>Dimensions: L tokens, H hidden size, F intermediate size.
 *
 * @see <a href="https://github.com/microsoft/onnxruntime/blob/v1.22.0/docs/ContribOperators.md">the operators of com.microsoft</a>
 */
final class EncoderGraph {
    /** Name of the input, the sums of the embeddings: [1, L, H]. */
    static final String EMBEDDINGS = "embeddings";

    /** Name of the output: [1, 1, outputs]. */
    static final String LOGITS = "logits";

    private static final float EPSILON = 1e-12f;

    /** Just more than the absolute value of the minimum of GELU. */
    private static final float GELU_DEPTH = .17f;

    private static final Map<String, Object> LAST_AXIS = Map.of("axis", -1L);

    private final OnnxGraphWriter graph = new OnnxGraphWriter();
    private final EncoderTensors tensors;
    private final EncoderDimensions dimensions;
    private final OutlierScales outliers;
    private final int hidden;

    private EncoderGraph(EncoderTensors tensors, EncoderDimensions dimensions, OutlierScales outliers) {
        this.tensors = tensors;
        this.dimensions = dimensions;
        this.outliers = outliers;
        this.hidden = dimensions.hidden();
    }

    /** Returns the model as the bytes of an ONNX file, which contains all weights but the embeddings. */
    static byte[] of(EncoderTensors tensors, EncoderDimensions dimensions, OutlierScales outliers) throws IOException {
        return new EncoderGraph(tensors, dimensions, outliers).build();
    }

    private byte[] build() throws IOException {
        String sums = graph.input(EMBEDDINGS, 1, 0, hidden);
        String x = graph.op( // [1, L, H]
                "",
                "LayerNormalization",
                Map.of("axis", -1L, "epsilon", EPSILON),
                sums,
                norm(EMBEDDINGS, true),
                norm(EMBEDDINGS, false));
        for (int index = 0; index < dimensions.layers(); index++) {
            x = layer(x, EncoderDimensions.layer(index), index == dimensions.layers() - 1);
        }
        String pooled = graph.op("", "Tanh", Map.of(), linear(x, "pooler.dense", hidden)); // [1, 1, H]
        graph.output(LOGITS, linear(pooled, "classifier", dimensions.outputs()), 1, 1, dimensions.outputs());
        return graph.toBytes();
    }

    private String norm(String name, boolean weight) throws IOException {
        return vector(name + ".LayerNorm." + (weight ? "weight" : "bias"));
    }

    /** Returns the output of a layer: [1, L, H], or that of the last for the first token: [1, 1, H]. */
    private String layer(String x, String name, boolean last) throws IOException {
        String context =
                last ? firstTokenAttention(x, name + "attention.self.") : attention(x, name + "attention.self.");
        String attention = name + "attention.output";
        String projected = quantized(context, weights(attention + ".dense"), vector(attention + ".dense.bias"));
        String attended = graph.op(
                MICROSOFT,
                "SkipLayerNormalization",
                Map.of("epsilon", EPSILON),
                projected,
                last ? firstToken(x) : x,
                norm(attention, true),
                norm(attention, false));
        return feedForward(attended, name);
    }

    /** Returns the context of each token: [1, L, H]. */
    private String attention(String x, String name) throws IOException {
        float[] weights = concatenated(name, ".weight", "query", "key", "value"); // [3 H, H]
        String bias = graph.floats(concatenated(name, ".bias", "query", "key", "value"), 3L * hidden);
        float[] factors = outliers.attention(hidden);
        String projected = quantized(divided(x, factors), multiplied(weights, factors), bias); // [1, L, 3 H]
        String[] heads = graph.ops("", "Split", LAST_AXIS, 3, projected, graph.longs(hidden, hidden, hidden));
        return multiHead(heads[0], heads[1], heads[2]);
    }

    /** Returns the context of the first token: [1, 1, H]. */
    private String firstTokenAttention(String x, String name) throws IOException {
        float[] factors = outliers.attention(hidden);
        String divided = divided(x, factors);
        String query = quantized(
                firstToken(divided),
                multiplied(tensors.tensor(name + "query.weight"), factors),
                vector(name + "query.bias")); // [1, 1, H]
        float[] weights = concatenated(name, ".weight", "key", "value"); // [2 H, H]
        String bias = graph.floats(concatenated(name, ".bias", "key", "value"), 2L * hidden);
        String projected = quantized(divided, multiplied(weights, factors), bias); // [1, L, 2 H]
        String[] heads = graph.ops("", "Split", LAST_AXIS, 2, projected, graph.longs(hidden, hidden));
        return multiHead(query, heads[0], heads[1]);
    }

    private String multiHead(String query, String key, String value) {
        return graph.op(
                MICROSOFT, "MultiHeadAttention", Map.of("num_heads", (long) dimensions.heads()), query, key, value);
    }

    private String feedForward(String x, String name) throws IOException {
        String inner = name + "intermediate.dense";
        float[] factors = outliers.feedForward(hidden);
        QuantizedMatrix matrix = multiplied(tensors.tensor(inner + ".weight"), factors);
        String product = quantized(divided(x, factors), matrix, vector(inner + ".bias")); // [1, L, F]
        String activated = graph.op(MICROSOFT, "Gelu", Map.of(), product); // the exact one, as BERT's
        // The maximum is that of the absolute value, too. [1, L, 1]
        String max = graph.op(
                "",
                "Max",
                Map.of(),
                graph.op("", "ReduceMax", Map.of("axes", new long[] {-1}, "keepdims", 1L), activated),
                graph.floats(new float[] {GELU_DEPTH}));
        QuantizedMatrix outer = weights(name + "output.dense");
        String scaled = quantized(graph.op("", "Div", Map.of(), activated, max), outer, ""); // [1, L, H]
        return graph.op(
                MICROSOFT,
                "SkipLayerNormalization",
                Map.of("epsilon", EPSILON),
                graph.op("", "Mul", Map.of(), scaled, max),
                x,
                norm(name + "output", true),
                norm(name + "output", false),
                vector(name + "output.dense.bias"));
    }

    /** Returns hidden units divided by their factors. */
    private String divided(String x, float[] factors) {
        float[] inverse = new float[factors.length];
        boolean divides = false;
        for (int i = 0; i < factors.length; i++) {
            inverse[i] = 1 / factors[i];
            divides |= factors[i] != 1;
        }
        return divides ? graph.op("", "Mul", Map.of(), x, graph.floats(inverse, inverse.length)) : x;
    }

    /** Returns the matrix of a linear layer whose inputs were divided by factors: [outputs, hidden]. */
    private QuantizedMatrix multiplied(float[] weights, float[] factors) {
        float[] multiplied = new float[weights.length];
        for (int i = 0; i < weights.length; i++) {
            multiplied[i] = weights[i] * factors[i % hidden];
        }
        return QuantizedMatrix.of(multiplied, weights.length / hidden);
    }

    private String firstToken(String x) {
        return graph.op("", "Slice", Map.of(), x, graph.longs(0), graph.longs(1), graph.longs(1));
    }

    private QuantizedMatrix weights(String name) throws IOException {
        return QuantizedMatrix.of(tensors.tensor(name + ".weight"), hidden);
    }

    /** Returns the product with a matrix in 8 bits, plus a bias unless that has no name. */
    private String quantized(String x, QuantizedMatrix matrix, String bias) {
        String codes = graph.int8(matrix.codes(), matrix.inputs(), matrix.outputs());
        String scales = graph.floats(matrix.scales(), matrix.outputs());
        // The fourth input, the zero point of the codes, is left out.
        return graph.op(MICROSOFT, "DynamicQuantizeMatMul", Map.of(), x, codes, scales, "", bias);
    }

    /** Returns the product in 32-bit floats, plus the bias. */
    private String linear(String x, String name, int outputs) throws IOException {
        float[] weights = tensors.tensor(name + ".weight");
        int inputs = weights.length / outputs;
        float[] transposed = new float[weights.length]; // [inputs, outputs]
        for (int output = 0; output < outputs; output++) {
            for (int input = 0; input < inputs; input++) {
                transposed[input * outputs + output] = weights[output * inputs + input];
            }
        }
        String product = graph.op("", "MatMul", Map.of(), x, graph.floats(transposed, inputs, outputs));
        return graph.op("", "Add", Map.of(), product, vector(name + ".bias"));
    }

    private String vector(String name) throws IOException {
        float[] elements = tensors.tensor(name);
        return graph.floats(elements, elements.length);
    }

    private float[] concatenated(String prefix, String suffix, String... names) throws IOException {
        float[] all = new float[0];
        for (String name : names) {
            float[] part = tensors.tensor(prefix + name + suffix);
            float[] longer = Arrays.copyOf(all, all.length + part.length);
            System.arraycopy(part, 0, longer, all.length, part.length);
            all = longer;
        }
        return all;
    }
}
