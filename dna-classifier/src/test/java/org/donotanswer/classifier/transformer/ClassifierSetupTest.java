package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.TrainableClassifier.AdamW;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.WeightSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClassifierSetupTest {
    private static final List<HeadKind> HEADS = List.of(HeadKind.HARMFUL);

    @TempDir
    private Path directory;

    private ClassifierSetup.Builder setup(String type) throws IOException {
        return ClassifierSetup.builder(TinyCheckpoint.of(type).write(directory))
                .heads(HEADS)
                .threads(1);
    }

    private static void assertRefused(ClassifierSetup setup, String message) {
        assertThatIllegalArgumentException().isThrownBy(setup::open).withMessage(message);
    }

    private static void assertMalformed(ClassifierSetup setup, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(setup::open)
                .withMessage(message);
    }

    @Test
    void open_moreTokensThanPositions_isRefused() throws IOException {
        assertRefused(
                setup("bert").maxTokens(101).build(),
                "maxTokens must be at most 100, the positions of the base, but was 101");
    }

    @Test
    void open_rankAboveTheSizeOfAMatrix_isRefused() throws IOException {
        assertRefused(
                setup("bert").lowRank(new LowRank(17, 1, List.of())).build(),
                "rank must be at most the size of bert.encoder.layer.0.attention.self.query.weight (16), but was 17");
    }

    @Test
    void open_unknownTargets_areRefused() throws IOException {
        assertRefused(
                setup("bert").lowRank(new LowRank(2, 1, List.of("q_proj"))).build(),
                "targets must name linear maps of the encoder, but were [q_proj] (" + directory + ")");
    }

    @Test
    void open_moreFrozenLayersThanThereAre_isRefused() throws IOException {
        assertRefused(
                setup("bert").frozenLayers(3).build(),
                "frozenLayers must be at most 2, the layers of the base with weights of their own, but was 3");
    }

    @Test
    void open_tokenizerWithMoreTokensThanEmbeddings_isRefused() throws IOException {
        Path base = TinyCheckpoint.of("bert").set("vocab_size", "53").write(directory);

        assertMalformed(
                ClassifierSetup.builder(base).heads(HEADS).build(),
                "number of tokens of tokenizer.json must be at most vocab_size (53), but was 56 (" + base + ")");
    }

    @Test
    void open_noEncoder_isRefused() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"model_type\": \"gpt2\"}");

        assertMalformed(
                ClassifierSetup.builder(directory).heads(HEADS).build(),
                "model_type must be " + Architecture.MODEL_TYPES + ", but was gpt2 (" + directory.resolve("config.json")
                        + ")");
    }

    @Test
    void open_missingWeight_isRefused() throws IOException {
        ClassifierSetup setup = setup("bert").build();
        TinyCheckpoint.rewrite(directory, weights -> weights.remove("bert.embeddings.LayerNorm.weight"));

        assertMalformed(
                setup, "bert.embeddings.LayerNorm.weight must be in the base, but was missing (" + directory + ")");
    }

    @Test
    void open_weightOfAnotherShape_isRefused() throws IOException {
        ClassifierSetup setup = setup("bert").build();
        TinyCheckpoint.setWeight(directory, "bert.embeddings.LayerNorm.weight", List.of(15L), 1);

        assertMalformed(
                setup, "bert.embeddings.LayerNorm.weight must have shape [16], but was [15] (model.safetensors)");
    }

    @Test
    void build_valuesOutOfRange_areRefused() {
        ClassifierSetup.Builder builder = ClassifierSetup.builder(directory);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.maxTokens(2).build())
                .withMessage("maxTokens must be at least 3, but was 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassifierSetup.builder(directory).dropout(1).build())
                .withMessage("dropout must be at least 0 and below 1, but was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassifierSetup.builder(directory)
                        .heads(List.of(HeadKind.ACTION, HeadKind.ACTION))
                        .build())
                .withMessage("heads must be distinct, but were [ACTION, ACTION]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ClassifierSetup.builder(directory)
                        .precision(Precision.FLOAT16)
                        .build())
                .withMessage("precision must be FLOAT32 or BFLOAT16, but was FLOAT16");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRank(0, 1, List.of()))
                .withMessage("rank must be from 1 to 1024, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRank(1_025, 1, List.of()))
                .withMessage("rank must be from 1 to 1024, but was 1025");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LowRank(1, 0, List.of()))
                .withMessage("alpha must be above 0 and at most 1024, but was 0.0");
        assertThatIllegalStateException()
                .isThrownBy(() -> builder.maxTokens(3))
                .withMessage("maxTokens must be set once, but was 2 and then 3");
    }

    private static Map<String, float[]> merged(TrainableClassifier classifier) throws IOException {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Map.Entry<String, WeightSource> weight : classifier.mergedWeights().entrySet()) {
            values.put(weight.getKey(), weight.getValue().values().get());
        }
        return values;
    }

    /** Takes steps that change every weight that is trained, and returns the names of those that changed. */
    private static List<String> changed(TrainableClassifier classifier) throws IOException {
        Map<String, float[]> before = merged(classifier);
        for (int step = 1; step <= 2; step++) {
            List<TokenSequence> batch = CheckpointAccess.sequences(4, step);
            classifier.addGradients(batch, new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}});
            classifier.update(AdamW.DEFAULT, step, 0.05, 1);
        }
        List<String> changed = new ArrayList<>();
        merged(classifier).forEach((name, values) -> {
            if (!Arrays.equals(values, before.get(name))) {
                changed.add(name);
            }
        });
        Collections.sort(changed);
        return changed;
    }

    /** What is frozen is the same bit for bit after steps. */
    @ParameterizedTest
    @CsvSource({
        "bert, layer.0.",
        "deberta-v2, layer.0.",
        "distilbert, layer.0.",
        "electra, layer.0.",
        "longformer, layer.0.",
        "modernbert, layers.0.",
        "mpnet, layer.0.",
        "roberta, layer.0."
    })
    void update_frozenEmbeddingsAndLayer_areKept(String type, String layer) throws IOException {
        ClassifierSetup setup = setup(type).frozenEmbeddings().frozenLayers(1).build();
        try (TrainableClassifier classifier = setup.open()) {
            assertThat(changed(classifier))
                    .hasSizeGreaterThan(10)
                    .noneMatch(name -> name.contains("embeddings.") || name.contains(layer))
                    .anyMatch(name -> name.contains(layer.replace('0', '1')));
        }
    }

    @Test
    void update_frozenLayerThatIsShared_isKept() throws IOException {
        try (TrainableClassifier classifier =
                setup("albert").frozenLayers(1).build().open()) {
            assertThat(changed(classifier))
                    .contains("albert.embeddings.word_embeddings.weight")
                    .noneMatch(name -> name.contains("albert_layers"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "albert, albert_layers.0.attention.query.weight",
        "bert, layer.1.attention.self.query.weight",
        "deberta-v2, layer.1.attention.self.query_proj.weight",
        "distilbert, layer.1.attention.q_lin.weight",
        "electra, layer.1.attention.self.query.weight",
        "longformer, layer.1.attention.self.query_global.weight",
        "modernbert, layers.1.attn.Wqkv.weight",
        "mpnet, layer.1.attention.attn.q.weight",
        "roberta, layer.1.attention.self.query.weight"
    })
    void update_lowRankChange_changesMatricesOfLayersAndHeadsAlone(String type, String matrix) throws IOException {
        ClassifierSetup setup =
                setup(type).lowRank(new LowRank(2, 4, List.of())).build();
        try (TrainableClassifier classifier = setup.open()) {
            String prefix = classifier.model().architecture().basePrefix();
            assertThat(changed(classifier))
                    .anyMatch(name -> name.endsWith(matrix))
                    .allMatch(name -> !name.startsWith(prefix)
                            || name.contains("pooler.")
                            || name.matches(".*[._]layers?\\.\\d+\\..*\\.weight"))
                    .noneMatch(name -> name.startsWith(prefix) && name.contains("orm.weight"));
        }
    }

    /** After use, the classifier holds the arrays that it was made of and no others. */
    @Test
    void heldArrays_afterSteps_areThoseOfTheStart() throws IOException {
        try (TrainableClassifier classifier = setup("bert").build().open()) {
            int before = classifier.heldArrays();
            assertThat(before).isEqualTo(4 * classifier.trainedNames().size());
            assertThat(changed(classifier)).isNotEmpty();
            classifier.logits(CheckpointAccess.sequences(3, 1));
            assertThat(classifier.gradientNorm()).isZero();
            assertThat(classifier.weightNorm()).isPositive();

            assertThat(classifier.heldArrays()).isEqualTo(before);
        }
    }

    @Test
    void close_twice_isClosedOnce() throws IOException {
        TrainableClassifier classifier = setup("bert").build().open();
        classifier.close();
        classifier.close();

        assertThatIllegalStateException()
                .isThrownBy(classifier::gradientNorm)
                .withMessage("TrainableClassifier is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> classifier.logits(CheckpointAccess.sequences(1, 1)))
                .withMessage("TrainableClassifier is closed");
    }

    @Test
    void restore_missingTensorOrOtherSize_isRefused() throws IOException {
        try (TrainableClassifier classifier = setup("bert").build().open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> classifier.restore(Map.of(), false))
                    .withMessage("number of elements of bert.embeddings.word_embeddings.weight must be 4800, but was"
                            + " missing");
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            classifier.restore(Map.of("bert.embeddings.word_embeddings.weight", new float[3]), false))
                    .withMessage(
                            "number of elements of bert.embeddings.word_embeddings.weight must be 4800, but was 3");
        }
    }
}
