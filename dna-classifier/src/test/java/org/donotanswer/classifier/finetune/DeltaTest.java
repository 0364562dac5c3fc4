package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.donotanswer.classifier.transformer.ClassifierSetup;
import org.donotanswer.classifier.transformer.ClassifierSetup.LowRank;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.TrainableClassifier;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeltaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<HeadKind, HeadCalibration> CALIBRATIONS = Map.of(
            HeadKind.HARMFUL, new HeadCalibration(1.25, OptionalDouble.of(0.375)),
            HeadKind.ACTION, new HeadCalibration(2, OptionalDouble.empty()));

    @TempDir
    Path temporary;

    private Path delta;
    private Path whole;
    private Path target;

    @BeforeEach
    void setUp() {
        delta = temporary.resolve("delta");
        whole = temporary.resolve("whole");
        target = temporary.resolve("target");
    }

    private static ClassifierSetup.Builder setup(Path base) {
        return ClassifierSetup.builder(base)
                .heads(List.of(HeadKind.HARMFUL, HeadKind.ACTION))
                .format(InputFormat.SEPARATED_STRING)
                .dropout(0)
                .threads(1);
    }

    /** Trains a classifier, and writes it both as a whole and as a delta. Returns its logits. */
    private float[][] write(ClassifierSetup setup) throws IOException {
        try (TrainableClassifier classifier = setup.open()) {
            TrainedClassifiers.train(classifier);
            ClassifierWriter.writeWhole(classifier, setup, CALIBRATIONS, "card", whole);
            ClassifierWriter.writeDelta(classifier, setup, CALIBRATIONS, "owner/base", "card", delta);
            return classifier.logits(TrainedClassifiers.SEQUENCES);
        }
    }

    private Path bert() throws IOException {
        return CheckpointAccess.copy(temporary.resolve("base"), "bert-action");
    }

    private Path written() throws IOException {
        Path base = bert();
        write(setup(base).lowRank(new LowRank(2, 8, List.of("query", "value"))).build());
        return base;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bert-action", "deberta-v2-harmful", "distilbert-harmful", "longformer-action", "roberta-harmful"
            })
    void merge_delta_isTheWholeClassifier(String name) throws IOException {
        Path base = CheckpointAccess.copy(temporary.resolve("base"), name);
        float[][] trained =
                write(setup(base).lowRank(new LowRank(3, 4, List.of())).build());

        Delta.merge(base, delta, target);

        TrainedClassifiers.assertClose(CheckpointAccess.logits(target, TrainedClassifiers.SEQUENCES), trained);
        TrainedClassifiers.assertClose(CheckpointAccess.logits(whole, TrainedClassifiers.SEQUENCES), trained);
        assertThat(target.resolve("config.json")).hasSameTextualContentAs(whole.resolve("config.json"));
        assertThat(target.resolve("README.md")).hasContent("card");
        assertThat(target.resolve("tokenizer.json")).hasSameBinaryContentAs(base.resolve("tokenizer.json"));
    }

    @Test
    void merge_shardedBaseAndFrozenLayers_isTheWholeClassifier() throws IOException {
        Path base = CheckpointAccess.sharded(temporary.resolve("base"));
        float[][] trained = write(setup(base)
                .frozenLayers(1)
                .lowRank(new LowRank(2, 1.5, List.of("key", "output.dense")))
                .build());

        Delta.merge(base, delta, target);

        TrainedClassifiers.assertClose(CheckpointAccess.logits(target, TrainedClassifiers.SEQUENCES), trained);
        ByteArrayOutputStream shards = new ByteArrayOutputStream();
        shards.write(Files.readAllBytes(base.resolve("model-0.safetensors")));
        shards.write(Files.readAllBytes(base.resolve("model-1.safetensors")));
        assertThat(JSON.readTree(delta.resolve("delta.json").toFile())
                        .get("base_sha256")
                        .textValue())
                .isEqualTo(Sha256.of(shards.toByteArray()));
        assertThat(JSON.readTree(delta.resolve("adapter_config.json").toFile())
                        .get("lora_alpha")
                        .doubleValue())
                .isEqualTo(1.5);
    }

    @Test
    void write_delta_hasTheLayoutOfPeft() throws IOException {
        written();

        assertThat(JSON.readTree(delta.resolve("adapter_config.json").toFile()))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"auto_mapping": null, "base_model_name_or_path": "owner/base", "bias": "none",
                                 "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true,
                                 "lora_alpha": 8, "lora_dropout": 0.0, "modules_to_save": ["classifier", "pooler"],
                                 "peft_type": "LORA", "r": 2, "revision": null,
                                 "target_modules": [
                                  "bert.encoder.layer.0.attention.self.query", "bert.encoder.layer.0.attention.self.value",
                                  "bert.encoder.layer.1.attention.self.query", "bert.encoder.layer.1.attention.self.value",
                                  "bert.encoder.layer.2.attention.self.query", "bert.encoder.layer.2.attention.self.value"],
                                 "task_type": "SEQ_CLS"}"""));
        try (CheckpointWeights weights = CheckpointWeights.openFile(delta.resolve("adapter_model.safetensors"))) {
            assertThat(weights.names())
                    .hasSize(12 + 4)
                    .contains(
                            "base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight",
                            "base_model.model.bert.encoder.layer.2.attention.self.value.lora_B.weight",
                            "base_model.model.bert.pooler.dense.bias",
                            "base_model.model.bert.pooler.dense.weight",
                            "base_model.model.classifier.bias",
                            "base_model.model.classifier.weight");
            assertThat(weights.tensor("base_model.model.bert.encoder.layer.0.attention.self.query.lora_A.weight")
                            .shape())
                    .containsExactly(2L, 48L);
            assertThat(weights.tensor("base_model.model.bert.encoder.layer.0.attention.self.query.lora_B.weight")
                            .shape())
                    .containsExactly(48L, 2L);
        }
    }

    @Test
    void write_delta_hasWhatPeftHasNoPlaceForInAFileOfItsOwn() throws IOException {
        Path base = written();

        ObjectNode own = (ObjectNode) JSON.readTree(delta.resolve("delta.json").toFile());
        ObjectNode config =
                (ObjectNode) JSON.readTree(whole.resolve("config.json").toFile());
        assertThat(own.get("version").intValue()).isEqualTo(1);
        assertThat(own.get("base_sha256").textValue()).isEqualTo(Sha256.of(base.resolve("model.safetensors")));
        assertThat(own.get("input_format").textValue()).isEqualTo("separated_string");
        assertThat(own.get("heads")).isEqualTo(config.get("heads"));
        assertThat(own.get("id2label")).isEqualTo(config.get("id2label"));
    }

    @Test
    void write_setupThatHasNoDelta_isRefused() throws IOException {
        Path base = bert();
        LowRank lowRank = new LowRank(2, 8, List.of());
        assertRefused(setup(base).build(), "setup of a delta must have a low-rank change, but had none");
        assertRefused(
                ClassifierSetup.builder(base).lowRank(lowRank).threads(1).build(),
                "setup of a delta must name its heads, but named none");
        assertRefused(
                setup(base).lowRank(lowRank).fromScratch().build(),
                "setup of a delta must have a base with weights, but started from scratch");
        assertThat(delta).doesNotExist();
    }

    private void assertRefused(ClassifierSetup setup, String message) throws IOException {
        try (TrainableClassifier classifier = setup.open()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> ClassifierWriter.writeDelta(classifier, setup, Map.of(), "owner/base", "card", delta))
                    .withMessage(message);
        }
    }

    @Test
    void merge_anotherBase_isRefused() throws IOException {
        Path base = written();
        String expected = Sha256.of(base.resolve("model.safetensors"));
        rewrite(base.resolve("model.safetensors"), weights -> {
            float[] bias = new float[48];
            weights.put("bert.embeddings.LayerNorm.bias", WeightSource.of(List.of(48L), () -> bias));
        });
        String found = Sha256.of(base.resolve("model.safetensors"));

        assertMergeFails(base, "base must have SHA-256 " + expected + ", but had " + found + " (" + base + ")");
    }

    @Test
    void merge_directoryWithFiles_isRefused() throws IOException {
        Path base = written();
        Files.createDirectories(target);
        Files.writeString(target.resolve("mine"), "mine");
        assertThatIOException()
                .isThrownBy(() -> Delta.merge(base, delta, target))
                .withMessage("directory must be new or empty, but held mine (" + target + ")");
    }

    @Test
    void merge_filesThatAreMissing_isRefused() throws IOException {
        Path base = written();
        for (String file : List.of("adapter_config.json", "delta.json", "README.md", "adapter_model.safetensors")) {
            Path moved = temporary.resolve("moved");
            Files.move(delta.resolve(file), moved);
            assertMergeFails(base, "delta must have " + file + ", but had none (" + delta + ")");
            Files.move(moved, delta.resolve(file));
        }
    }

    @Test
    void merge_truncatedFiles_areRefused() throws IOException {
        Path base = written();
        Path weights = delta.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        for (int length : new int[] {0, 7, 100, bytes.length / 2, bytes.length - 1}) {
            Files.write(weights, Arrays.copyOf(bytes, length));
            assertThatExceptionOfType(CheckpointException.class)
                    .as("%d bytes", length)
                    .isThrownBy(() -> Delta.merge(base, delta, target));
        }
        Files.write(weights, bytes);
        for (String name : List.of("adapter_config.json", "delta.json")) {
            Path file = delta.resolve(name);
            String text = Files.readString(file);
            Files.writeString(file, text.substring(0, text.length() / 2));
            assertMergeFails(base, name + " must be JSON, but was malformed (" + file + ")");
            Files.writeString(file, "[]");
            assertMergeFails(base, name + " must be a JSON object, but was ARRAY (" + file + ")");
            Files.writeString(file, "");
            assertMergeFails(base, name + " must be a JSON object, but was MISSING (" + file + ")");
            Files.writeString(file, text);
        }
        Delta.merge(base, delta, target);
    }

    @Test
    void merge_tensorsThatDoNotSuit_areRefused() throws IOException {
        Path base = written();
        Path file = delta.resolve("adapter_model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        float[] three = new float[3];

        rewrite(file, weights -> weights.remove("base_model.model.classifier.bias"));
        assertMergeFails(
                base,
                "base_model.model.classifier.bias must be in the checkpoint, but was missing"
                        + " (adapter_model.safetensors)");

        Files.write(file, bytes);
        rewrite(file, weights -> weights.put("base_model.model.more", WeightSource.of(List.of(3L), () -> three)));
        assertMergeFails(
                base,
                "tensors must be those of adapter_config.json and the heads, but had base_model.model.more (" + file
                        + ")");

        Files.write(file, bytes);
        rewrite(
                file,
                weights -> weights.put("base_model.model.classifier.bias", WeightSource.of(List.of(3L), () -> three)));
        assertMergeFails(base, "base_model.model.classifier.bias must have shape [8], but was [3] (" + file + ")");
    }

    @Test
    void merge_entriesThatDoNotSuit_areRefused() throws IOException {
        Path base = written();
        Path peft = delta.resolve("adapter_config.json");
        Path own = delta.resolve("delta.json");

        assertEntryRefused(base, peft, "peft_type", "\"LOHA\"", "peft_type must be LORA, but was \"LOHA\"");
        assertEntryRefused(base, peft, "bias", "\"all\"", "bias must be none, but was \"all\"");
        assertEntryRefused(base, peft, "r", "2.5", "r must be an integer, but was 2.5");
        assertEntryRefused(base, peft, "r", "0", "rank must be from 1 to 1024, but was 0");
        assertEntryRefused(base, peft, "lora_alpha", "\"8\"", "lora_alpha must be a number, but was \"8\"");
        assertEntryRefused(
                base, peft, "target_modules", "\"query\"", "target_modules must be a list of names, but was \"query\"");
        assertEntryRefused(base, own, "version", "2", "version must be 1, but was 2");
        assertEntryRefused(base, own, "base_sha256", "5", "base_sha256 must be a string, but was 5");
        assertEntryRefused(
                base,
                own,
                "input_format",
                "\"triple\"",
                "input_format must be one of response_only, instruction_only, separated_string, pair, but was"
                        + " \"triple\"");
        assertEntryRefused(base, own, "heads", "[]", "heads must be a list of heads, but was []");
        assertEntryRefused(
                base,
                own,
                "heads",
                "[{\"kind\": \"mood\"}]",
                "kind must be one of harmful, instruction_risk, refusal, action, harm_type, but was \"mood\"");
        assertEntryRefused(
                base,
                own,
                "heads",
                "[{\"kind\": \"harmful\"}, {\"kind\": \"harmful\"}]",
                "heads must be of different kinds, but was [{\"kind\":\"harmful\"},{\"kind\":\"harmful\"}]");
        assertEntryRefused(
                base,
                own,
                "heads",
                "[{\"kind\": \"harmful\", \"temperature\": 0}, {\"kind\": \"action\"}]",
                "temperature must be from 0.01 to 100.0, but was 0.0");
    }

    private void assertEntryRefused(Path base, Path file, String name, String json, String message) throws IOException {
        String text = Files.readString(file);
        ObjectNode root = (ObjectNode) JSON.readTree(text);
        root.set(name, JSON.readTree(json));
        Files.writeString(file, root.toString());
        assertMergeFails(base, message + " (" + file + ")");
        Files.writeString(file, text);
    }

    private void assertMergeFails(Path base, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> Delta.merge(base, delta, target))
                .withMessage(message);
        assertThat(target).doesNotExist();
    }

    private static void rewrite(Path file, Consumer<Map<String, WeightSource>> change) throws IOException {
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            for (String name : weights.names()) {
                float[] values = weights.tensor(name).toFloats();
                tensors.put(name, WeightSource.of(weights.tensor(name).shape(), () -> values));
            }
        }
        change.accept(tensors);
        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));
    }
}
