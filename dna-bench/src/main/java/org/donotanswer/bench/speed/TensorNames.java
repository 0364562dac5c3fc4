package org.donotanswer.bench.speed;

/** The names of the tensors of a classifier's checkpoint. Immutable, hence thread-safe. */
record TensorNames(BenchmarkArchitecture architecture, String embeddings, String pooler, String classifier) {
    static TensorNames of(BenchmarkArchitecture architecture) {
        String embeddings = architecture.prefix() + ".embeddings.";
        return switch (architecture) {
            case BERT -> new TensorNames(architecture, embeddings, "bert.pooler.dense", "classifier");
            case ROBERTA -> new TensorNames(architecture, embeddings, "classifier.dense", "classifier.out_proj");
            case DISTILBERT -> new TensorNames(architecture, embeddings, "pre_classifier", "classifier");
            case LONGFORMER, DEBERTA_V2 ->
                throw new IllegalArgumentException(
                        "architecture must be bert, roberta or distilbert, but was " + architecture.modelType());
        };
    }

    /** The prefixes of the names of a layer's weights and biases. Immutable, hence thread-safe. */
    record Layer(
            String query,
            String key,
            String value,
            String attentionOutput,
            String attentionNorm,
            String intermediate,
            String output,
            String outputNorm) {}

    Layer layer(int index) {
        if (architecture == BenchmarkArchitecture.DISTILBERT) {
            String prefix = "distilbert.transformer.layer." + index + ".";
            return new Layer(
                    prefix + "attention.q_lin",
                    prefix + "attention.k_lin",
                    prefix + "attention.v_lin",
                    prefix + "attention.out_lin",
                    prefix + "sa_layer_norm",
                    prefix + "ffn.lin1",
                    prefix + "ffn.lin2",
                    prefix + "output_layer_norm");
        }
        String prefix = architecture.prefix() + ".encoder.layer." + index + ".";
        return new Layer(
                prefix + "attention.self.query",
                prefix + "attention.self.key",
                prefix + "attention.self.value",
                prefix + "attention.output.dense",
                prefix + "attention.output.LayerNorm",
                prefix + "intermediate.dense",
                prefix + "output.dense",
                prefix + "output.LayerNorm");
    }
}
