package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.DoubleUnaryOperator;
import org.donotanswer.classifier.transformer.ReferenceModel.Weights;

/** The encoder of BERT, which the reference repeats under other names in RoBERTa and ELECTRA. */
record ReferenceBertEncoder(JsonNode config, Weights weights, String prefix) {
    double epsilon() {
        return config.path("layer_norm_eps").asDouble(1e-12);
    }

    /** BertEmbeddings.forward with the given positions. */
    double[][] embeddings(long[] ids, long[] types, long[] positions) {
        String name = prefix + "embeddings.";
        double[][] sum = ReferenceMath.plus(
                weights.rows(name + "word_embeddings.weight", ids),
                weights.rows(name + "token_type_embeddings.weight", types));
        sum = ReferenceMath.plus(sum, weights.rows(name + "position_embeddings.weight", positions));
        return weights.layerNorm(sum, name + "LayerNorm", epsilon());
    }

    /** BertEncoder.forward. */
    double[][] encoder(double[][] hidden, int[] mask) {
        DoubleUnaryOperator activation =
                ReferenceMath.activation(config.path("hidden_act").asText("gelu"));
        int heads = config.path("num_attention_heads").asInt();
        double[][] x = hidden;
        for (int layer = 0; layer < config.path("num_hidden_layers").asInt(); layer++) {
            String name = prefix + "encoder.layer." + layer;
            double[][] context = ReferenceMath.attention(
                    weights.linear(x, name + ".attention.self.query"),
                    weights.linear(x, name + ".attention.self.key"),
                    weights.linear(x, name + ".attention.self.value"),
                    heads,
                    (head, query, key) -> mask[key] == 1 ? 0 : ReferenceMath.HIDDEN);
            double[][] attended = weights.layerNorm(
                    ReferenceMath.plus(weights.linear(context, name + ".attention.output.dense"), x),
                    name + ".attention.output.LayerNorm",
                    epsilon());
            double[][] inner = ReferenceMath.map(weights.linear(attended, name + ".intermediate.dense"), activation);
            x = weights.layerNorm(
                    ReferenceMath.plus(weights.linear(inner, name + ".output.dense"), attended),
                    name + ".output.LayerNorm",
                    epsilon());
        }
        return x;
    }

    /** Returns 0, 1, .. */
    static long[] range(int length) {
        long[] range = new long[length];
        for (int i = 0; i < length; i++) {
            range[i] = i;
        }
        return range;
    }

    /** create_position_ids_from_input_ids. */
    static long[] positions(long[] ids, int paddingIndex) {
        long[] positions = new long[ids.length];
        int count = 0;
        for (int i = 0; i < ids.length; i++) {
            positions[i] = ids[i] == paddingIndex ? paddingIndex : ++count + paddingIndex;
        }
        return positions;
    }

    /** Returns the first row alone. */
    static double[][] first(double[][] x) {
        return new double[][] {x[0]};
    }
}
