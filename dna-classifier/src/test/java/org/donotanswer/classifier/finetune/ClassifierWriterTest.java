package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClassifierWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temporary;

    private Path written;

    static List<String> names() {
        return CheckpointAccess.NAMES;
    }

    @BeforeEach
    void setUp() {
        written = temporary.resolve("written");
    }

    private ClassifierSetup setup(String name) throws IOException {
        return ClassifierSetup.builder(CheckpointAccess.copy(temporary.resolve("base"), name))
                .format(InputFormat.RESPONSE_ONLY)
                .dropout(0)
                .threads(1)
                .build();
    }

    private ClassifierSetup setupWithHeads() throws IOException {
        return ClassifierSetup.builder(CheckpointAccess.copy(temporary.resolve("base"), "bert-action"))
                .heads(List.of(HeadKind.HARMFUL, HeadKind.ACTION))
                .format(InputFormat.PAIR)
                .threads(1)
                .build();
    }

    @ParameterizedTest
    @MethodSource("names")
    void write_everyCheckpoint_hasTheTensorsOfTheReference(String name) throws IOException {
        ClassifierSetup setup = setup(name);
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }

        assertThat(shapes(written)).isEqualTo(shapes(setup.base()));
        try (CheckpointWeights own = CheckpointWeights.open(written);
                CheckpointWeights base = CheckpointWeights.open(setup.base())) {
            for (String tensor : base.names()) {
                assertThat(own.tensor(tensor).toFloats())
                        .as(tensor)
                        .isEqualTo(base.tensor(tensor).toFloats());
            }
        }
    }

    private static Map<String, List<Long>> shapes(Path directory) throws IOException {
        Map<String, List<Long>> shapes = new TreeMap<>();
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            for (String name : weights.names()) {
                shapes.put(name, weights.tensor(name).shape());
            }
        }
        return shapes;
    }

    @ParameterizedTest
    @MethodSource("names")
    void write_untrained_hasTheLogitsOfTheBase(String name) throws IOException {
        ClassifierSetup setup = setup(name);
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }

        // Not equal to the last digit, as sums are in another order if the memory of a tensor is aligned otherwise.
        TrainedClassifiers.assertClose(
                CheckpointAccess.logits(written, TrainedClassifiers.SEQUENCES),
                CheckpointAccess.logits(setup.base(), TrainedClassifiers.SEQUENCES));
    }

    @ParameterizedTest
    @MethodSource("names")
    void write_trained_hasTheLogitsOfTheClassifier(String name) throws IOException {
        ClassifierSetup setup = setup(name);
        float[][] trained;
        try (TrainableClassifier classifier = setup.open()) {
            TrainedClassifiers.train(classifier);
            trained = classifier.logits(TrainedClassifiers.SEQUENCES);
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }

        TrainedClassifiers.assertClose(CheckpointAccess.logits(written, TrainedClassifiers.SEQUENCES), trained);
        assertThat(TrainedClassifiers.maxDifference(
                        trained, CheckpointAccess.logits(setup.base(), TrainedClassifiers.SEQUENCES)))
                .isGreaterThan(0.01);
    }

    @ParameterizedTest
    @MethodSource("names")
    void write_trainedLowRankChange_hasTheLogitsOfTheClassifier(String name) throws IOException {
        ClassifierSetup setup = ClassifierSetup.builder(setup(name).base())
                .lowRank(new LowRank(2, 8, List.of()))
                .dropout(0)
                .threads(1)
                .build();
        float[][] trained;
        try (TrainableClassifier classifier = setup.open()) {
            TrainedClassifiers.train(classifier);
            trained = classifier.logits(TrainedClassifiers.SEQUENCES);
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }

        TrainedClassifiers.assertClose(CheckpointAccess.logits(written, TrainedClassifiers.SEQUENCES), trained);
        assertThat(shapes(written)).isEqualTo(shapes(setup.base()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "roberta-harmful"})
    void write_untrained_isEvaluatedLikeTheBase(String name) throws IOException {
        ClassifierSetup setup = setup(name);
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }
        Exchange exchange = Exchange.of("What is this?", "A test, and no more than that.");

        try (SafetyEvaluator own = CheckpointAccess.evaluator(written);
                SafetyEvaluator base = CheckpointAccess.evaluator(setup.base())) {
            assertThat(probability(own.evaluate(exchange)))
                    .isCloseTo(probability(base.evaluate(exchange)), within(1e-5))
                    .isBetween(0.001, 0.999);
        }
    }

    private static double probability(Assessment assessment) {
        Assessment.Scored scored = (Assessment.Scored) assessment;
        return scored.actions()
                .map(actions -> actions.probability(ResponseAction.FOLLOW_INSTRUCTION))
                .orElseGet(() -> scored.harmful().orElseThrow());
    }

    @Test
    void write_calibratedHeads_areEvaluatedWithTheirTemperaturesAndThresholds() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        float[] logits;
        try (TrainableClassifier classifier = setup.open()) {
            TrainedClassifiers.train(classifier);
            logits = classifier
                    .logits(classifier.encode("What is this?", "A test.").windows())[0];
            ClassifierWriter.writeWhole(
                    classifier,
                    setup,
                    Map.of(HeadKind.HARMFUL, new HeadCalibration(1.25, OptionalDouble.of(0.375))),
                    "card",
                    written);
        }

        try (SafetyEvaluator evaluator =
                TransformerEvaluator.builder().checkpoint(written).build()) {
            Assessment.Scored scored = (Assessment.Scored) evaluator.evaluate(Exchange.of("What is this?", "A test."));
            double logOdds = (logits[1] - logits[0]) / 1.25 - Math.log(0.375 / 0.625);
            assertThat(scored.harmful().orElseThrow()).isCloseTo(1 / (1 + Math.exp(-logOdds)), within(1e-5));
            assertThat(scored.actions()).isPresent();
        }
    }

    @Test
    void write_configuration_hasTheEntriesOfTheBaseAndTheCalibratedHeads() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(
                    classifier,
                    setup,
                    Map.of(
                            HeadKind.HARMFUL, new HeadCalibration(1.25, OptionalDouble.of(0.375)),
                            HeadKind.ACTION, new HeadCalibration(2, OptionalDouble.empty())),
                    "card",
                    written);
        }

        JsonNode config = JSON.readTree(written.resolve("config.json").toFile());
        assertThat(config.get("heads"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                [{"kind": "harmful", "outputs": [0, 1], "temperature": 1.25, "threshold": 0.375},
                                 {"kind": "action", "outputs": [2, 3, 4, 5, 6, 7], "temperature": 2.0}]"""));
        assertThat(config.get("torch_dtype").textValue()).isEqualTo("float32");
        assertThat(config.get("id2label")).hasSize(8);
        assertThat(config.get("id2label").get("1").textValue()).isEqualTo("harmful");
        assertThat(config.get("architectures").get(0).textValue()).isEqualTo("BertForSequenceClassification");
        ObjectNode base =
                (ObjectNode) JSON.readTree(setup.base().resolve("config.json").toFile());
        base.remove(List.of("_name_or_path", "problem_type", "finetuning_task", "task_specific_params"));
        List<String> kept = new ArrayList<>();
        config.fieldNames().forEachRemaining(kept::add);
        List<String> expected = new ArrayList<>();
        base.fieldNames().forEachRemaining(expected::add);
        assertThat(kept).startsWith(expected.toArray(String[]::new)).endsWith("input_format", "heads");
        assertThat(config.get("layer_norm_eps").doubleValue()).isEqualTo(1e-12);
    }

    @Test
    void write_classifierOfCalibratedHeads_hasNoneOfTheirOldCalibrations() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(
                    classifier,
                    setup,
                    Map.of(HeadKind.HARMFUL, new HeadCalibration(1.25, OptionalDouble.of(0.375))),
                    "card",
                    written);
        }
        ClassifierSetup again = ClassifierSetup.builder(written).threads(1).build();
        Path second = temporary.resolve("second");
        try (TrainableClassifier classifier = again.open()) {
            ClassifierWriter.writeWhole(
                    classifier,
                    again,
                    Map.of(HeadKind.ACTION, new HeadCalibration(3, OptionalDouble.empty())),
                    "card",
                    second);
        }

        assertThat(JSON.readTree(second.resolve("config.json").toFile()).get("heads"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                [{"kind": "harmful", "outputs": [0, 1]},
                                 {"kind": "action", "outputs": [2, 3, 4, 5, 6, 7], "temperature": 3.0}]"""));
    }

    @Test
    void write_calibrationOfAnotherHead_isRefused() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        try (TrainableClassifier classifier = setup.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ClassifierWriter.writeWhole(
                            classifier,
                            setup,
                            Map.of(HeadKind.REFUSAL, new HeadCalibration(1, OptionalDouble.empty())),
                            "card",
                            written))
                    .withMessage("calibrations must be of heads of the classifier, but were of [REFUSAL]");
        }
        assertThat(written).doesNotExist();
    }

    @Test
    void write_files_areThoseOfTheTokenizerWeightsCardAndNotices() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        Files.writeString(setup.base().resolve("vocab.txt"), "a\nb\n");
        Files.writeString(setup.base().resolve("tokenizer_config.json"), "{\"do_lower_case\": true}");
        Files.writeString(setup.base().resolve("LICENSE"), "licence of the base");
        Files.writeString(setup.base().resolve("README.md"), "card of the base");
        Files.writeString(setup.base().resolve("training_args.bin"), "not ours");
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card of the classifier\n", written);
        }

        assertThat(files(written))
                .containsExactly(
                        "LICENSE",
                        "README.md",
                        "config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "vocab.txt");
        assertThat(written.resolve("README.md")).hasContent("card of the classifier\n");
        assertThat(written.resolve("vocab.txt")).hasContent("a\nb\n");
        assertThat(written.resolve("tokenizer.json"))
                .hasSameBinaryContentAs(setup.base().resolve("tokenizer.json"));
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void write_directoryWithFiles_isRefused() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        Files.createDirectories(written);
        Files.writeString(written.resolve("notes.txt"), "mine");
        try (TrainableClassifier classifier = setup.open()) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written))
                    .withMessage("directory must be new or empty, but held notes.txt (" + written + ")");
        }
        assertThat(files(written)).containsExactly("notes.txt");
    }

    @Test
    void write_directoryOfATraining_keepsItsState() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        Path state = Files.createDirectories(written.resolve(".training")).resolve("state.json");
        Files.writeString(state, "{}");
        try (TrainableClassifier classifier = setup.open()) {
            ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written);
        }

        assertThat(files(written))
                .containsExactly(".training", "README.md", "config.json", "model.safetensors", "tokenizer.json");
        assertThat(state).hasContent("{}");
    }

    @Test
    void write_failureOnTheWay_leavesNothing() throws IOException {
        ClassifierSetup setup = setupWithHeads();
        TrainableClassifier classifier = setup.open();
        classifier.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> ClassifierWriter.writeWhole(classifier, setup, Map.of(), "card", written))
                .withMessage("TrainableClassifier is closed");
        assertThat(written).doesNotExist();
    }
}
