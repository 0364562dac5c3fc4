package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * ModernBertForSequenceClassification of transformers 4.48, models/modernbert/modeling_modernbert.py, with its eager
 * attention, and of transformers 5 where its configuration differs.
 */
record ReferenceModernBert(JsonNode config, Weights weights) implements ReferenceModel {
    private double[][] norm(double[][] x, String name) {
        return weights.layerNorm(
                x,
                name,
                config.path("norm_eps").asDouble(1e-5),
                config.path("norm_bias").asBoolean(false));
    }

    /** Returns whether a layer's attention is local: config.layer_types, or its old form. */
    private boolean isLocal(int layer) {
        JsonNode types = config.path("layer_types");
        return types.isArray()
                ? types.get(layer).asText().equals("sliding_attention")
                : layer % config.path("global_attn_every_n_layers").asInt(3) != 0;
    }

    private double theta(boolean local) {
        JsonNode parameters = config.path("rope_parameters").path(local ? "sliding_attention" : "full_attention");
        if (parameters.has("rope_theta")) {
            return parameters.get("rope_theta").asDouble();
        }
        double global = config.path("global_rope_theta").asDouble(160_000);
        if (!local) {
            return global;
        }
        JsonNode own = config.path("local_rope_theta");
        return own.isNull() ? global : own.asDouble(10_000);
    }

    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        double[][] x = norm(weights.rows("model.embeddings.tok_embeddings.weight", ids), "model.embeddings.norm");
        for (int layer = 0; layer < config.path("num_hidden_layers").asInt(22); layer++) {
            x = layer(x, mask, layer);
        }
        x = norm(x, "model.final_norm");
        double[][] pooled = {pooled(x, mask)};
        boolean biased = config.path("classifier_bias").asBoolean(false);
        DoubleUnaryOperator activation =
                ReferenceMath.activation(config.path("classifier_activation").asText("gelu"));
        double[][] head =
                norm(ReferenceMath.map(weights.linear(pooled, "head.dense", biased), activation), "head.norm");
        return weights.linear(head, "classifier")[0];
    }

    private double[] pooled(double[][] x, int[] mask) {
        if (config.path("classifier_pooling").asText("cls").equals("cls")) {
            return x[0];
        }
        double[] mean = new double[x[0].length];
        int tokens = Arrays.stream(mask).sum();
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += x[row][i] * mask[row] / tokens;
            }
        }
        return mean;
    }

    /** ModernBertEncoderLayer.forward. */
    private double[][] layer(double[][] x, int[] mask, int layer) {
        String name = "model.layers." + layer + ".";
        double[][] input = layer == 0 ? x : norm(x, name + "attn_norm");
        double[][] attended = ReferenceMath.plus(x, attention(input, mask, layer, name + "attn."));
        return ReferenceMath.plus(attended, mlp(norm(attended, name + "mlp_norm"), name + "mlp."));
    }

    /** ModernBertMLP.forward. */
    private double[][] mlp(double[][] x, String name) {
        boolean biased = config.path("mlp_bias").asBoolean(false);
        int size = config.path("intermediate_size").asInt(1152);
        DoubleUnaryOperator activation =
                ReferenceMath.activation(config.path("hidden_activation").asText("gelu"));
        double[][] both = weights.linear(x, name + "Wi", biased);
        double[][] gated = new double[x.length][size];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < size; i++) {
                gated[row][i] = activation.applyAsDouble(both[row][i]) * both[row][size + i];
            }
        }
        return weights.linear(gated, name + "Wo", biased);
    }

    /** ModernBertAttention.forward and eager_attention_forward. */
    private double[][] attention(double[][] x, int[] mask, int layer, String name) {
        boolean biased = config.path("attention_bias").asBoolean(false);
        int hidden = config.path("hidden_size").asInt(768);
        int heads = config.path("num_attention_heads").asInt(12);
        boolean local = isLocal(layer);
        int window = config.path("local_attention").asInt(128) / 2;
        double[][] projected = weights.linear(x, name + "Wqkv", biased);
        double[][] query = columns(projected, 0, hidden);
        double[][] key = columns(projected, hidden, 2 * hidden);
        double[][] value = columns(projected, 2 * hidden, 3 * hidden);
        double[][] context = ReferenceMath.attention(
                rotated(query, heads, theta(local)),
                rotated(key, heads, theta(local)),
                value,
                heads,
                (head, i, j) -> mask[j] == 0 || (local && Math.abs(i - j) > window) ? ReferenceMath.HIDDEN : 0);
        return weights.linear(context, name + "Wo", biased);
    }

    private static double[][] columns(double[][] x, int from, int to) {
        return Arrays.stream(x).map(row -> Arrays.copyOfRange(row, from, to)).toArray(double[][]::new);
    }

    /** apply_rotary_pos_emb: x cos + rotate_half(x) sin, where both halves of a head have the same angles. */
    private static double[][] rotated(double[][] x, int heads, double theta) {
        int size = x[0].length / heads;
        double[][] rotated = new double[x.length][x[0].length];
        for (int position = 0; position < x.length; position++) {
            for (int head = 0; head < heads; head++) {
                for (int i = 0; i < size; i++) {
                    double frequency = 1 / Math.pow(theta, 2.0 * (i % (size / 2)) / size);
                    double angle = position * frequency;
                    double partner = i < size / 2
                            ? -x[position][head * size + i + size / 2]
                            : x[position][head * size + i - size / 2];
                    rotated[position][head * size + i] =
                            x[position][head * size + i] * Math.cos(angle) + partner * Math.sin(angle);
                }
            }
        }
        return rotated;
    }
}
