package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * RobertaForSequenceClassification of transformers 4.40, models/roberta/modeling_roberta.py, and the classes that are
 * copies of it.
 */
record ReferenceRoberta(JsonNode config, Weights weights, String prefix) implements ReferenceModel {
    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        ReferenceBertEncoder roberta = new ReferenceBertEncoder(config, weights, prefix);
        long[] positions =
                ReferenceBertEncoder.positions(ids, config.path("pad_token_id").asInt(1));
        double[][] x = roberta.encoder(roberta.embeddings(ids, types, positions), mask);
        double[][] dense =
                ReferenceMath.map(weights.linear(ReferenceBertEncoder.first(x), "classifier.dense"), Math::tanh);
        return weights.linear(dense, "classifier.out_proj")[0];
    }
}
