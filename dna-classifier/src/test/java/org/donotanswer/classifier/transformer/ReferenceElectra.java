package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;

/** ElectraForSequenceClassification of transformers 4.40, models/electra/modeling_electra.py. */
record ReferenceElectra(JsonNode config, Weights weights) implements ReferenceModel {
    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        ReferenceBertEncoder electra = new ReferenceBertEncoder(config, weights, "electra.");
        double[][] x = electra.embeddings(ids, types, ReferenceBertEncoder.range(ids.length));
        if (config.path("embedding_size").asInt(128)
                != config.path("hidden_size").asInt(256)) {
            x = weights.linear(x, "electra.embeddings_project");
        }
        x = electra.encoder(x, mask);
        // ElectraClassificationHead: its activation is always GELU.
        double[][] dense = ReferenceMath.map(
                weights.linear(ReferenceBertEncoder.first(x), "classifier.dense"), ReferenceMath.activation("gelu"));
        return weights.linear(dense, "classifier.out_proj")[0];
    }
}
