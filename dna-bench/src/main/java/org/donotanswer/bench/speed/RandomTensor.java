package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A tensor of a checkpoint, by the name that Hugging Face has for it, and how its values are drawn. */
record RandomTensor(String name, List<Integer> shape, Kind kind) {
    /** How far weights are from zero, as in the checkpoints before they were trained. */
    static final double DEVIATION = 0.02;

    RandomTensor {
        shape = List.copyOf(shape);
    }

    /** Around what the values are. Not all biases are zero nor all gains one, that none can be left out unnoticed. */
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

    static List<RandomTensor> all(BenchmarkArchitecture architecture, CheckpointDimensions sizes) {
        List<RandomTensor> tensors = new ArrayList<>();
        Names names = new Names(architecture.prefix() + ".", tensors);
        embeddings(names, architecture, sizes);
        for (int layer = 0; layer < sizes.layers(); layer++) {
            if (architecture == BenchmarkArchitecture.DISTILBERT) {
                distilBertLayer(names.in("transformer.layer." + layer + "."), sizes);
            } else {
                layer(names.in("encoder.layer." + layer + "."), architecture, sizes);
            }
        }
        if (architecture == BenchmarkArchitecture.DEBERTA_V2) {
            names.weight("encoder.rel_embeddings", 2 * sizes.buckets(), sizes.hidden());
            names.layerNorm("encoder.LayerNorm", sizes.hidden());
        }
        head(names, new Names("", tensors), architecture, sizes);
        return tensors;
    }

    private static void embeddings(Names names, BenchmarkArchitecture architecture, CheckpointDimensions sizes) {
        names.weight("embeddings.word_embeddings", sizes.vocabulary(), sizes.hidden());
        if (architecture != BenchmarkArchitecture.DEBERTA_V2) {
            names.weight("embeddings.position_embeddings", sizes.positions(), sizes.hidden());
        }
        if (sizes.typeVocabulary() > 0) {
            names.weight("embeddings.token_type_embeddings", sizes.typeVocabulary(), sizes.hidden());
        }
        names.layerNorm("embeddings.LayerNorm", sizes.hidden());
    }

    private static void layer(Names names, BenchmarkArchitecture architecture, CheckpointDimensions sizes) {
        List<String> projections =
                switch (architecture) {
                    case LONGFORMER -> List.of("query", "key", "value", "query_global", "key_global", "value_global");
                    case DEBERTA_V2 -> List.of("query_proj", "key_proj", "value_proj");
                    default -> List.of("query", "key", "value");
                };
        for (String projection : projections) {
            names.linear("attention.self." + projection, sizes.hidden(), sizes.hidden());
        }
        names.linear("attention.output.dense", sizes.hidden(), sizes.hidden());
        names.layerNorm("attention.output.LayerNorm", sizes.hidden());
        names.linear("intermediate.dense", sizes.intermediate(), sizes.hidden());
        names.linear("output.dense", sizes.hidden(), sizes.intermediate());
        names.layerNorm("output.LayerNorm", sizes.hidden());
    }

    private static void distilBertLayer(Names names, CheckpointDimensions sizes) {
        for (String projection : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
            names.linear("attention." + projection, sizes.hidden(), sizes.hidden());
        }
        names.layerNorm("sa_layer_norm", sizes.hidden());
        names.linear("ffn.lin1", sizes.intermediate(), sizes.hidden());
        names.linear("ffn.lin2", sizes.hidden(), sizes.intermediate());
        names.layerNorm("output_layer_norm", sizes.hidden());
    }

    private static void head(
            Names encoder, Names root, BenchmarkArchitecture architecture, CheckpointDimensions sizes) {
        int labels = sizes.labels().size();
        switch (architecture) {
            case BERT -> {
                encoder.linear("pooler.dense", sizes.hidden(), sizes.hidden());
                root.linear("classifier", labels, sizes.hidden());
            }
            case ROBERTA, LONGFORMER -> {
                root.linear("classifier.dense", sizes.hidden(), sizes.hidden());
                root.linear("classifier.out_proj", labels, sizes.hidden());
            }
            case DISTILBERT -> {
                root.linear("pre_classifier", sizes.hidden(), sizes.hidden());
                root.linear("classifier", labels, sizes.hidden());
            }
            case DEBERTA_V2 -> {
                root.linear("pooler.dense", sizes.hidden(), sizes.hidden());
                root.linear("classifier", labels, sizes.hidden());
            }
        }
    }

    /** Adds tensors whose names begin alike. */
    private record Names(String prefix, List<RandomTensor> tensors) {
        Names in(String suffix) {
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
