package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A tensor of a checkpoint: its Hugging Face name, its shape, and the distribution of its random values. Immutable, hence
 * thread-safe.
 */
record RandomTensor(String name, List<Integer> shape, Kind kind) {
    /** The standard deviation of the values, that of untrained checkpoints. */
    static final double DEVIATION = 0.02;

    RandomTensor {
        shape = List.copyOf(shape);
    }

    /** The mean of the values. Biases vary around 0 and gains around 1, so that tests notice if a tensor is left out. */
    enum Kind {
        WEIGHT(0),
        BIAS(0),
        GAIN(1);

        private final double mean;

        Kind(double mean) {
            this.mean = mean;
        }

        float[] values(RandomGenerator random, List<Long> shape) {
            float[] values = new float[Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact))];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian(mean, DEVIATION);
            }
            return values;
        }
    }

    static List<RandomTensor> all(BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        List<RandomTensor> tensors = new ArrayList<>();
        Names names = new Names(architecture.prefix() + ".", tensors);
        addEmbeddings(names, architecture, dimensions);
        for (int layer = 0; layer < dimensions.layers(); layer++) {
            if (architecture == BenchmarkArchitecture.DISTILBERT) {
                addDistilBertLayer(names.under("transformer.layer." + layer + "."), dimensions);
            } else {
                addLayer(names.under("encoder.layer." + layer + "."), architecture, dimensions);
            }
        }
        if (architecture == BenchmarkArchitecture.DEBERTA_V2) {
            names.weight("encoder.rel_embeddings", 2 * dimensions.buckets(), dimensions.hidden());
            names.layerNorm("encoder.LayerNorm", dimensions.hidden());
        }
        addHead(names, new Names("", tensors), architecture, dimensions);
        return tensors;
    }

    private static void addEmbeddings(
            Names names, BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        names.weight("embeddings.word_embeddings", dimensions.vocabulary(), dimensions.hidden());
        if (architecture != BenchmarkArchitecture.DEBERTA_V2) {
            names.weight("embeddings.position_embeddings", dimensions.positions(), dimensions.hidden());
        }
        if (dimensions.typeVocabulary() > 0) {
            names.weight("embeddings.token_type_embeddings", dimensions.typeVocabulary(), dimensions.hidden());
        }
        names.layerNorm("embeddings.LayerNorm", dimensions.hidden());
    }

    private static void addLayer(Names names, BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        List<String> projections =
                switch (architecture) {
                    case LONGFORMER -> List.of("query", "key", "value", "query_global", "key_global", "value_global");
                    case DEBERTA_V2 -> List.of("query_proj", "key_proj", "value_proj");
                    default -> List.of("query", "key", "value");
                };
        for (String projection : projections) {
            names.linear("attention.self." + projection, dimensions.hidden(), dimensions.hidden());
        }
        names.linear("attention.output.dense", dimensions.hidden(), dimensions.hidden());
        names.layerNorm("attention.output.LayerNorm", dimensions.hidden());
        names.linear("intermediate.dense", dimensions.intermediate(), dimensions.hidden());
        names.linear("output.dense", dimensions.hidden(), dimensions.intermediate());
        names.layerNorm("output.LayerNorm", dimensions.hidden());
    }

    private static void addDistilBertLayer(Names names, CheckpointDimensions dimensions) {
        for (String projection : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
            names.linear("attention." + projection, dimensions.hidden(), dimensions.hidden());
        }
        names.layerNorm("sa_layer_norm", dimensions.hidden());
        names.linear("ffn.lin1", dimensions.intermediate(), dimensions.hidden());
        names.linear("ffn.lin2", dimensions.hidden(), dimensions.intermediate());
        names.layerNorm("output_layer_norm", dimensions.hidden());
    }

    private static void addHead(
            Names encoder, Names root, BenchmarkArchitecture architecture, CheckpointDimensions dimensions) {
        int labels = dimensions.labels().size();
        switch (architecture) {
            case BERT -> {
                encoder.linear("pooler.dense", dimensions.hidden(), dimensions.hidden());
                root.linear("classifier", labels, dimensions.hidden());
            }
            case ROBERTA, LONGFORMER -> {
                root.linear("classifier.dense", dimensions.hidden(), dimensions.hidden());
                root.linear("classifier.out_proj", labels, dimensions.hidden());
            }
            case DISTILBERT -> {
                root.linear("pre_classifier", dimensions.hidden(), dimensions.hidden());
                root.linear("classifier", labels, dimensions.hidden());
            }
            case DEBERTA_V2 -> {
                root.linear("pooler.dense", dimensions.hidden(), dimensions.hidden());
                root.linear("classifier", labels, dimensions.hidden());
            }
        }
    }

    /** Adds tensors whose names share a prefix. */
    private record Names(String prefix, List<RandomTensor> tensors) {
        Names under(String suffix) {
            return new Names(prefix + suffix, tensors);
        }

        void weight(String name, int rows, int columns) {
            tensors.add(new RandomTensor(prefix + name + ".weight", List.of(rows, columns), Kind.WEIGHT));
        }

        void linear(String name, int out, int in) {
            weight(name, out, in);
            tensors.add(new RandomTensor(prefix + name + ".bias", List.of(out), Kind.BIAS));
        }

        void layerNorm(String name, int size) {
            tensors.add(new RandomTensor(prefix + name + ".weight", List.of(size), Kind.GAIN));
            tensors.add(new RandomTensor(prefix + name + ".bias", List.of(size), Kind.BIAS));
        }
    }
}
