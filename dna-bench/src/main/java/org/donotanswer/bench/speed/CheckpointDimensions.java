package org.donotanswer.bench.speed;

import java.util.List;

/**
 * The dimensions of a checkpoint and the names of its labels. Immutable, hence thread-safe.
 *
 * @param positions the rows of the position table, including the two that RoBERTa and Longformer skip
 * @param typeVocabulary the number of token types; 0 for architectures without them
 * @param window the number of tokens that a token of Longformer attends to; else 0
 * @param buckets the number of relative positions that DeBERTa distinguishes; else 0
 * @param labels in the order of the logits
 */
record CheckpointDimensions(
        int vocabulary,
        int hidden,
        int layers,
        int heads,
        int intermediate,
        int positions,
        int typeVocabulary,
        int window,
        int buckets,
        List<String> labels) {
    private static final int HIDDEN = 768;
    private static final int LAYERS = 12;
    private static final int HEADS = 12;
    private static final int INTERMEDIATE = 3072;
    private static final List<String> LABELS = List.of("LABEL_0", "LABEL_1");

    CheckpointDimensions {
        labels = List.copyOf(labels);
        requirePositive("vocabulary", vocabulary);
        requirePositive("hidden", hidden);
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("intermediate", intermediate);
        requirePositive("positions", positions);
        requirePositive("labels", labels.size());
        if (hidden % heads != 0) {
            throw new IllegalArgumentException("hidden must be a multiple of heads " + heads + ", but was " + hidden);
        }
        if (window < 0 || window % 2 != 0) {
            throw new IllegalArgumentException("window must be even and not negative, but was " + window);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
    }

    /**
     * Returns the dimensions of an architecture's usual base checkpoint: bert-base-uncased, roberta-base,
     * distilbert-base-uncased, longformer-base-4096 or deberta-v3-base.
     */
    static CheckpointDimensions base(BenchmarkArchitecture architecture) {
        return switch (architecture) {
            case BERT -> base(30_522, LAYERS, 512, 2, 0, 0);
            case ROBERTA -> base(50_265, LAYERS, 514, 1, 0, 0);
            case DISTILBERT -> base(30_522, LAYERS / 2, 512, 0, 0, 0);
            case LONGFORMER -> base(50_265, LAYERS, 4098, 1, 512, 0);
            case DEBERTA_V2 -> base(128_100, LAYERS, 512, 0, 0, 256);
        };
    }

    private static CheckpointDimensions base(
            int vocabulary, int layers, int positions, int typeVocabulary, int window, int buckets) {
        return new CheckpointDimensions(
                vocabulary, HIDDEN, layers, HEADS, INTERMEDIATE, positions, typeVocabulary, window, buckets, LABELS);
    }
}
