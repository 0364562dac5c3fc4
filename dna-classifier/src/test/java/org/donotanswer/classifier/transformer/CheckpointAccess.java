package org.donotanswer.classifier.transformer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.evaluate.SafetyEvaluator;

/** What tests of other packages need of checkpoints: those of the test resources, their logits, sequences of tokens. */
public final class CheckpointAccess {
    /** The checkpoints of the test resources. */
    public static final List<String> NAMES = List.of(
            "bert-action",
            "deberta-v2-harmful",
            "distilbert-harmful",
            "longformer-action",
            "longformer-harmful",
            "roberta-harmful");

    private static final int SPECIAL_IDS = 5;
    private static final int VOCABULARY = 300;

    private CheckpointAccess() {}

    /** Copies a checkpoint of the test resources, with a matching tokenizer, into a new directory of the same name. */
    public static Path copy(Path parent, String name) throws IOException {
        return TinyCheckpoint.copy(parent, name);
    }

    /** Writes a checkpoint with random weights in two shards into a new directory. */
    public static Path sharded(Path directory) throws IOException {
        return TinyCheckpoint.of("bert").shards(2).write(directory);
    }

    /** Writes a checkpoint of an architecture, with random weights and two layers 16 wide, into a new directory. */
    public static Path tiny(Path directory, String modelType) throws IOException {
        return TinyCheckpoint.of(modelType).write(directory);
    }

    /** Writes a BERT of another width, with 400 positions, into a new directory. */
    public static Path wide(Path directory, int width) throws IOException {
        return TinyCheckpoint.of("bert")
                .set("hidden_size", String.valueOf(width))
                .set("max_position_embeddings", "400")
                .write(directory);
    }

    /** Sets an entry of a directory's config.json; the value is JSON, or empty to remove the entry. */
    public static void setConfig(Path directory, String name, String json) throws IOException {
        TinyCheckpoint.setConfig(directory, name, json);
    }

    /** Changes one tensor of a directory with a single file of weights. */
    public static void change(Path directory, String name, Consumer<float[]> change) throws IOException {
        List<Long> shape;
        float[] values;
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            shape = weights.tensor(name).shape();
            values = weights.tensor(name).toFloats();
        }
        change.accept(values);
        TinyCheckpoint.rewrite(directory, weights -> weights.put(name, WeightSource.of(shape, () -> values)));
    }

    /** Returns the logits that a directory has for inference. */
    public static float[][] logits(Path directory, List<TokenSequence> sequences) throws IOException {
        CheckpointConfig config = CheckpointConfig.read(directory);
        try (CheckpointWeights weights = CheckpointWeights.open(directory);
                CheckpointModel model = CheckpointModel.load(
                        Architecture.of(config),
                        config.labelCount(),
                        weights,
                        new Kernels(Precision.FLOAT32, false),
                        1)) {
            return model.logits(sequences);
        }
    }

    /** Opens a checkpoint of the test resources, or one with the same labels, as an evaluator. */
    public static SafetyEvaluator evaluator(Path directory) throws IOException {
        return TinyCheckpoint.open(directory);
    }

    /** Returns sequences of random tokens, of different lengths. */
    public static List<TokenSequence> sequences(int count, long seed) {
        Random random = new Random(seed);
        List<TokenSequence> sequences = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            long[] ids = new long[4 + random.nextInt(20)];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = (long) SPECIAL_IDS + random.nextInt(VOCABULARY - SPECIAL_IDS);
            }
            sequences.add(new TokenSequence(ids, new long[ids.length]));
        }
        return sequences;
    }
}
