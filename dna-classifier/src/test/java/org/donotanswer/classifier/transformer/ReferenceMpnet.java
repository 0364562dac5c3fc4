package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.DoubleUnaryOperator;

/** MPNetForSequenceClassification of transformers 4.40, models/mpnet/modeling_mpnet.py. */
record ReferenceMpnet(JsonNode config, Weights weights) implements ReferenceModel {
    private double epsilon() {
        return config.path("layer_norm_eps").asDouble(1e-12);
    }

    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        double[][] x = ReferenceMath.plus(
                weights.rows("mpnet.embeddings.word_embeddings.weight", ids),
                weights.rows("mpnet.embeddings.position_embeddings.weight", ReferenceBertEncoder.positions(ids, 1)));
        x = weights.layerNorm(x, "mpnet.embeddings.LayerNorm", epsilon());
        double[][] bias = weights.matrix("mpnet.encoder.relative_attention_bias.weight"); // [buckets][heads]
        for (int layer = 0; layer < config.path("num_hidden_layers").asInt(12); layer++) {
            x = layer(x, mask, bias, "mpnet.encoder.layer." + layer + ".");
        }
        double[][] dense =
                ReferenceMath.map(weights.linear(ReferenceBertEncoder.first(x), "classifier.dense"), Math::tanh);
        return weights.linear(dense, "classifier.out_proj")[0];
    }

    /** MPNetLayer.forward, MPNetAttention.forward and MPNetSelfAttention.forward. */
    private double[][] layer(double[][] x, int[] mask, double[][] bias, String name) {
        double[][] context = ReferenceMath.attention(
                weights.linear(x, name + "attention.attn.q"),
                weights.linear(x, name + "attention.attn.k"),
                weights.linear(x, name + "attention.attn.v"),
                config.path("num_attention_heads").asInt(12),
                (head, query, key) -> bias[bucket(key - query)][head] + (mask[key] == 1 ? 0 : ReferenceMath.HIDDEN));
        double[][] attended = weights.layerNorm(
                ReferenceMath.plus(weights.linear(context, name + "attention.attn.o"), x),
                name + "attention.LayerNorm",
                epsilon());
        DoubleUnaryOperator activation =
                ReferenceMath.activation(config.path("hidden_act").asText("gelu"));
        double[][] inner = ReferenceMath.map(weights.linear(attended, name + "intermediate.dense"), activation);
        return weights.layerNorm(
                ReferenceMath.plus(weights.linear(inner, name + "output.dense"), attended),
                name + "output.LayerNorm",
                epsilon());
    }

    /** relative_position_bucket with its defaults of 32 buckets and distance 128, in floats as there. */
    private static int bucket(int relativePosition) {
        int n = -relativePosition;
        int bucket = n < 0 ? 16 : 0;
        n = Math.abs(n);
        if (n < 8) {
            return bucket + n;
        }
        float logarithm = (float) Math.log((float) n / 8);
        float scaled = logarithm / (float) Math.log(128 / 8.0) * 8;
        return bucket + Math.min(8 + (int) scaled, 15);
    }
}
