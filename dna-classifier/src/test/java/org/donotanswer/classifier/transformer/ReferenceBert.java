package org.donotanswer.classifier.transformer;

import com.fasterxml.jackson.databind.JsonNode;

/** BertForSequenceClassification of transformers 4.40, models/bert/modeling_bert.py. */
record ReferenceBert(JsonNode config, Weights weights) implements ReferenceModel {
    @Override
    public double[] logits(long[] ids, long[] types, int[] mask) {
        ReferenceBertEncoder bert = new ReferenceBertEncoder(config, weights, "bert.");
        double[][] x = bert.encoder(bert.embeddings(ids, types, ReferenceBertEncoder.range(ids.length)), mask);
        double[][] pooled =
                ReferenceMath.map(weights.linear(ReferenceBertEncoder.first(x), "bert.pooler.dense"), Math::tanh);
        return weights.linear(pooled, "classifier")[0];
    }
}
