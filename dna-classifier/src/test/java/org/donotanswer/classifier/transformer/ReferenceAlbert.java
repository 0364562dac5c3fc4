package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.DoubleUnaryOperator;

/** AlbertForSequenceClassification of transformers 4.40, models/albert/modeling_albert.py. */
record ReferenceAlbert(JsonNode config, Weights weights) implements ReferenceModel {
    private double epsilon() {
        return config.path("layer_norm_eps").asDouble(1e-12);
    }

    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        ReferenceBertEncoder albert = new ReferenceBertEncoder(config, weights, "albert.");
        double[][] x = albert.embeddings(ids, types, ReferenceBertEncoder.range(ids.length));
        x = transformer(x, mask);
        double[][] pooled =
                ReferenceMath.map(weights.linear(ReferenceBertEncoder.first(x), "albert.pooler"), Math::tanh);
        return weights.linear(pooled, "classifier")[0];
    }

    /** AlbertTransformer.forward. */
    private double[][] transformer(double[][] embedded, int[] mask) {
        int layers = config.path("num_hidden_layers").asInt(12);
        int groups = config.path("num_hidden_groups").asInt(1);
        double[][] x = weights.linear(embedded, "albert.encoder.embedding_hidden_mapping_in");
        for (int i = 0; i < layers; i++) {
            int group = (int) (i / ((double) layers / groups));
            for (int inner = 0; inner < config.path("inner_group_num").asInt(1); inner++) {
                x = layer(x, mask, "albert.encoder.albert_layer_groups." + group + ".albert_layers." + inner + ".");
            }
        }
        return x;
    }

    /** AlbertLayer.forward and AlbertAttention.forward. */
    private double[][] layer(double[][] x, int[] mask, String name) {
        double[][] context = ReferenceMath.attention(
                weights.linear(x, name + "attention.query"),
                weights.linear(x, name + "attention.key"),
                weights.linear(x, name + "attention.value"),
                config.path("num_attention_heads").asInt(64),
                (head, query, key) -> mask[key] == 1 ? 0 : ReferenceMath.HIDDEN);
        double[][] attended = weights.layerNorm(
                ReferenceMath.plus(x, weights.linear(context, name + "attention.dense")),
                name + "attention.LayerNorm",
                epsilon());
        DoubleUnaryOperator activation =
                ReferenceMath.activation(config.path("hidden_act").asText("gelu_new"));
        double[][] inner = ReferenceMath.map(weights.linear(attended, name + "ffn"), activation);
        return weights.layerNorm(
                ReferenceMath.plus(weights.linear(inner, name + "ffn_output"), attended),
                name + "full_layer_layer_norm",
                epsilon());
    }
}
