package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class EncoderFuzzTest implements FuzzTests {
    private static final JsonMapper JSON = new JsonMapper();
    private static final TypeReference<Map<String, String>> ENTRIES = new TypeReference<>() {};
    private static final TinyEncoder TINY = tiny();
    private static final String CONFIG = "config.json";

    private static TinyEncoder tiny() {
        try {
            return new TinyEncoder(Seeds.directory("encoder"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Path model() throws IOException {
        Path file = Seeds.directory("model").resolve("model.safetensors");
        TINY.writer().write(file);
        return file;
    }

    static Stream<byte[]> models() throws IOException {
        return Stream.of(Files.readAllBytes(model()));
    }

    @MethodSource("models")
    @FuzzTest
    void model(byte[] data) throws IOException {
        Path file = Seeds.file("fuzz.safetensors", data);

        ReaderContract.read(() -> EncoderModel.load(file, TINY), ModelFormatException.class)
                .ifPresent(EncoderFuzzTest::readAll);
    }

    private static void readAll(EncoderModel model) {
        try {
            for (String name : model.tensorNames()) {
                for (float value : model.tensor(name)) {
                    assertThat(value).isFinite();
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static Stream<byte[]> entries() throws IOException {
        EncoderMetadata metadata = new EncoderMetadata(
                "group:artifact:1",
                TinyEncoder.SHA256,
                List.of(HeadKind.HARMFUL, HeadKind.ACTION),
                TinyEncoder.WINDOWS,
                Map.of(HeadKind.HARMFUL, 1.5, HeadKind.ACTION, 1.0),
                TinyEncoder.STAGE,
                TinyEncoder.BENCHMARK_STAGE,
                TinyEncoder.PROVENANCE);
        return Stream.of(JSON.writeValueAsBytes(metadata.entries()));
    }

    /** The entries of the header, as an object of strings. */
    @MethodSource("entries")
    @FuzzTest
    void metadata(byte[] data) {
        Map<String, String> entries;
        try {
            entries = JSON.readValue(data, ENTRIES);
        } catch (IOException e) {
            return;
        }
        if (entries != null) {
            entries.values().removeIf(value -> value == null);
            ReaderContract.read(() -> EncoderMetadata.parse(entries, "fuzz"), ModelFormatException.class)
                    .ifPresent(read -> {
                        try {
                            assertThat(EncoderMetadata.parse(read.entries(), "again"))
                                    .isEqualTo(read);
                        } catch (ModelFormatException e) {
                            throw new AssertionError(e);
                        }
                    });
        }
    }

    static Stream<byte[]> configs() {
        return Seeds.texts(
                TinyEncoder.CONFIG,
                "{\"model_type\": \"bert\", \"hidden_act\": \"gelu\", \"num_attention_heads\": 2, \"heads\": []}");
    }

    /** The configuration of a classifier that is made a model, and of one that is run. */
    @MethodSource("configs")
    @FuzzTest
    void config(byte[] data) throws IOException {
        Path config = TINY.classifier().resolve(CONFIG);
        Path target = Seeds.directory("written").resolve("model.safetensors");
        Files.write(config, data);
        try {
            ReaderContract.read(
                    () -> {
                        TINY.writer().write(target);
                        return EncoderModel.load(target, TINY);
                    },
                    ModelFormatException.class);
            ReaderContract.read(
                    () -> {
                        try (CheckpointTensors tensors = CheckpointTensors.open(TINY.classifier())) {
                            return tensors.heads();
                        }
                    },
                    ModelFormatException.class);
        } finally {
            Files.write(config, TinyEncoder.CONFIG.getBytes(StandardCharsets.UTF_8));
        }
    }
}
