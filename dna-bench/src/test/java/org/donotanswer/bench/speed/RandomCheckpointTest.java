package org.donotanswer.bench.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomCheckpointTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

    @TempDir
    private Path directory;

    @RealData
    @ParameterizedTest
    @CsvSource({
        "BERT, bert-action",
        "ROBERTA, roberta-harmful",
        "DISTILBERT, distilbert-harmful",
        "LONGFORMER, longformer-action",
        "DEBERTA_V2, deberta-v2-harmful"
    })
    void write_createsTheTensorsAndFieldsOfTheReference(BenchmarkArchitecture architecture, String name)
            throws IOException {
        Path reference = RealDataDirectories.doNotAnswer().resolveSibling("checkpoints/" + name);
        JsonNode wanted = config(reference);

        Path written = TinyCheckpoints.write(
                TinyCheckpoints.of(architecture).labels(labels(wanted)).build(), directory.resolve(name));

        assertThat(shapes(written)).isEqualTo(shapes(reference));
        config(written).properties().forEach(field -> {
            if (!List.of("torch_dtype", "attention_window").contains(field.getKey())) {
                assertThat(field.getValue().asText())
                        .as(field.getKey())
                        .isEqualTo(wanted.required(field.getKey()).asText());
            }
        });
    }

    private static List<String> labels(JsonNode config) {
        return config.required("id2label").valueStream().map(JsonNode::asText).toList();
    }

    private static JsonNode config(Path checkpoint) throws IOException {
        return JSON.readTree(Files.readAllBytes(checkpoint.resolve("config.json")));
    }

    private static Map<String, List<Integer>> shapes(Path checkpoint) throws IOException {
        Map<String, List<Integer>> shapes = new TreeMap<>();
        RandomCheckpointHeader.read(checkpoint.resolve("model.safetensors"))
                .tensors()
                .forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return shapes;
    }

    @ParameterizedTest
    @CsvSource({"BERT, 109483778", "ROBERTA, 124647170", "LONGFORMER, 148660994", "DISTILBERT, 66955010"})
    void base_hasAsManyParametersAsThePublishedCheckpoint(BenchmarkArchitecture architecture, long parameters) {
        long counted = RandomTensor.all(architecture, CheckpointDimensions.base(architecture)).stream()
                .mapToLong(tensor -> tensor.shape().stream().reduce(1, (a, b) -> a * b))
                .sum();

        assertThat(counted).isEqualTo(parameters);
    }

    @Test
    void write_drawsWeightsWithTheExpectedDeviation() throws IOException {
        Path written = TinyCheckpoints.write(
                TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), directory.resolve("bert"));
        TensorValues values = new TensorValues(written);

        assertThat(mean(values.get("bert.embeddings.word_embeddings.weight"))).isCloseTo(0, within(0.001));
        assertThat(deviation(values.get("bert.embeddings.word_embeddings.weight")))
                .isCloseTo(0.02, within(0.001));
        assertThat(mean(values.get("bert.embeddings.LayerNorm.weight"))).isCloseTo(1, within(0.01));
        assertThat(values.get("bert.encoder.layer.0.output.dense.bias"))
                .isNotEqualTo(values.get("bert.encoder.layer.1.output.dense.bias"));
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private static double deviation(float[] values) {
        double mean = mean(values);
        double sum = 0;
        for (float value : values) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / values.length);
    }

    @Test
    void write_toDirectoryWithTheSameCheckpoint_keepsItsWeights() throws IOException {
        Path checkpoint = directory.resolve("bert");
        Path weights = checkpoint.resolve("model.safetensors");
        TinyCheckpoints.write(TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), checkpoint);
        byte[] first = Files.readAllBytes(weights);
        Files.setLastModifiedTime(weights, LONG_AGO);

        TinyCheckpoints.write(TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), checkpoint);
        assertThat(Files.getLastModifiedTime(weights)).isEqualTo(LONG_AGO);

        TinyCheckpoints.write(
                TinyCheckpoints.of(BenchmarkArchitecture.BERT).seed(1).build(), checkpoint);
        assertThat(Files.readAllBytes(weights)).hasSameSizeAs(first).isNotEqualTo(first);

        TinyCheckpoints.write(TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), checkpoint);
        assertThat(Files.readAllBytes(weights)).isEqualTo(first);
        try (var files = Files.list(checkpoint)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
        }
    }

    @Test
    void write_toDirectoryWithDamagedWeights_isRefused() throws IOException {
        Path checkpoint = directory.resolve("bert");
        Path weights = checkpoint.resolve("model.safetensors");
        TinyCheckpoints.write(TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), checkpoint);
        byte[] whole = Files.readAllBytes(weights);
        byte[] half = Arrays.copyOf(whole, whole.length / 2);
        Files.write(weights, half);

        assertThatIOException()
                .isThrownBy(() -> TinyCheckpoints.write(
                        TinyCheckpoints.of(BenchmarkArchitecture.BERT).build(), checkpoint))
                .withMessage(
                        "checkpoint must be one of random weights to be replaced, but was not (" + checkpoint + ")");

        assertThat(Files.readAllBytes(weights)).isEqualTo(half);
    }

    @Test
    void build_withInvalidDimensions_throws() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomCheckpoint.base(BenchmarkArchitecture.BERT)
                        .hidden(50, 4, 80)
                        .build())
                .withMessage("hidden must be a multiple of heads 4, but was 50");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RandomCheckpoint.base(BenchmarkArchitecture.BERT)
                        .layers(0)
                        .build())
                .withMessage("layers must be positive, but was 0");
    }
}
