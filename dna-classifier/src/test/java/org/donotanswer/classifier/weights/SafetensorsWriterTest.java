package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsWriterTest {
    private static final Map<String, String> NO_METADATA = Map.of();

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void setFile() {
        file = directory.resolve("model.safetensors");
    }

    private void assertDirectoryEmpty() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void write_severalTypes_roundTrip() throws IOException {
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        tensors.put("half", new WeightSource(TensorType.FLOAT16, List.of(3L), () -> new float[] {1, -2, 0.5f}));
        tensors.put("z \"quoted\" ü", WeightSource.of(List.of(2L, 2L), () -> new float[] {1, 2, 3, Float.NaN}));
        tensors.put("a", WeightSource.of(List.of(), () -> new float[] {7}));
        tensors.put("brain", new WeightSource(TensorType.BFLOAT16, List.of(1L), () -> new float[] {-3}));
        tensors.put("empty", WeightSource.of(List.of(0L, 4L), () -> new float[0]));

        SafetensorsWriter.write(file, tensors, Map.of("format", "pt"));

        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("a", "brain", "empty", "half", "z \"quoted\" ü");
            assertThat(weights.tensor("half").type()).isEqualTo(TensorType.FLOAT16);
            assertThat(weights.tensor("half").toFloats()).containsExactly(1, -2, 0.5f);
            assertThat(weights.tensor("brain").toFloats()).containsExactly(-3);
            assertThat(weights.tensor("a").toFloats()).containsExactly(7);
            assertThat(weights.tensor("z \"quoted\" ü").shape()).containsExactly(2L, 2L);
            assertThat(weights.tensor("z \"quoted\" ü").toFloats()).containsExactly(1, 2, 3, Float.NaN);
            assertThat(weights.tensor("empty").toFloats()).isEmpty();
        }
    }

    @Test
    void write_smallTensor_producesTheExactBytes() throws IOException {
        SafetensorsWriter.write(
                file, Map.of("x", WeightSource.of(List.of(1L), () -> new float[] {1})), Map.of("format", "pt"));

        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                .isEqualTo("X\0\0\0\0\0\0\0{\"__metadata__\":{\"format\":\"pt\"},"
                        + "\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}   " + "\0\0\u0080?");
    }

    @Test
    void write_integersOfAByte_followTheLargerTypes() throws IOException {
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        tensors.put("codes", new WeightSource(TensorType.INT8, List.of(3L), () -> new float[] {-128, 0, 127}));
        tensors.put("half", new WeightSource(TensorType.FLOAT16, List.of(1L), () -> new float[] {1}));

        SafetensorsWriter.write(file, tensors, NO_METADATA);

        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            byte[] codes = new byte[3];
            weights.tensor("codes").data().get(codes);
            assertThat(codes).containsExactly(-128, 0, 127);
            assertThat(weights.tensor("half").toFloats()).containsExactly(1);
        }
    }

    @Test
    void write_valuesThatAreNoIntegersOfAByte_areRefused() {
        for (float value : new float[] {128, -129, 0.5f, Float.NaN}) {
            WeightSource source = new WeightSource(TensorType.INT8, List.of(1L), () -> new float[] {value});

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SafetensorsWriter.write(file, Map.of("codes", source), NO_METADATA))
                    .withMessage("elements of codes must be integers from -128 to 127, but was " + value);
        }
    }

    @Test
    void write_metadata_isReadAgain() throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("z", "{\"a\": [1]}");
        metadata.put("a", "ü");
        SafetensorsWriter.write(file, Map.of("x", WeightSource.of(List.of(), () -> new float[] {7})), metadata);
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();

        try (CheckpointWeights opened = CheckpointWeights.open(directory);
                CheckpointWeights of = CheckpointWeights.ofSafetensors(direct, Path.of("resource"))) {
            assertThat(opened.metadata()).containsExactlyEntriesOf(metadata);
            assertThat(of.metadata()).containsExactlyEntriesOf(metadata);
            assertThat(of.tensor("x").toFloats()).containsExactly(7);
            assertThat(of.tensor("x").file()).isEqualTo(Path.of("resource"));
        }
    }

    @Test
    void ofSafetensors_malformedContentOrBufferOnTheHeap_isRefused() {
        ByteBuffer tooShort = ByteBuffer.allocateDirect(3);

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointWeights.ofSafetensors(tooShort, Path.of("resource")))
                .withMessage("file must be at least 8 bytes long, but was 3 (resource)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointWeights.ofSafetensors(ByteBuffer.allocate(9), Path.of("resource")))
                .withMessage("content must be a direct buffer, but was a buffer on the heap");
    }

    @Test
    void write_moreThanOneChunk_roundTrips() throws IOException {
        float[] values = new float[700_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = i;
        }

        SafetensorsWriter.write(file, Map.of("x", WeightSource.of(List.of(700_001L), () -> values)), NO_METADATA);

        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            assertThat(weights.tensor("x").toFloats()).isEqualTo(values);
        }
    }

    @Test
    void write_weightsReadFromAFile_keepsTheirBytes() throws IOException {
        Path original = Checkpoints.resource("/checkpoints/bert-action/model.safetensors");
        try (CheckpointWeights weights = CheckpointWeights.openFile(original)) {
            Map<String, WeightSource> tensors = new LinkedHashMap<>();
            for (String name : weights.names()) {
                WeightTensor tensor = weights.tensor(name);
                tensors.put(name, WeightSource.of(tensor.shape(), tensor::toFloats));
            }
            SafetensorsWriter.write(file, tensors, NO_METADATA);

            try (CheckpointWeights written = CheckpointWeights.openFile(file)) {
                assertThat(written.names()).isEqualTo(weights.names());
                for (String name : weights.names()) {
                    assertThat(written.tensor(name).data())
                            .isEqualTo(weights.tensor(name).data());
                }
            }
        }
    }

    @Test
    void write_failure_keepsTheExistingFile() throws IOException {
        Files.writeString(file, "before");
        Map<String, WeightSource> tensors = Map.of("x", WeightSource.of(List.of(1L), () -> {
            throw new IOException("no values");
        }));

        assertThatIOException()
                .isThrownBy(() -> SafetensorsWriter.write(file, tensors, NO_METADATA))
                .withMessage("no values");
        assertThat(file).hasContent("before");
        Files.delete(file);
        assertDirectoryEmpty();
    }

    @Test
    void write_wrongNumberOfElements_isRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(
                        file, Map.of("x", WeightSource.of(List.of(2L), () -> new float[3])), NO_METADATA))
                .withMessage("number of elements of x must be 2, but was 3");
        assertDirectoryEmpty();
    }

    @Test
    void write_keyOfTheMetadataAsName_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SafetensorsWriter.write(
                        file, Map.of("__metadata__", WeightSource.of(List.of(), () -> new float[1])), NO_METADATA))
                .withMessage("tensor name must differ from the key of the metadata, but was __metadata__");
    }

    @Test
    void weightSource_invalidComponents_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WeightSource(TensorType.INT64, List.of(1L), () -> new float[1]))
                .withMessage("type must be FLOAT32, FLOAT16, BFLOAT16 or INT8, but was INT64");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeightSource.of(List.of(-1L), () -> new float[1]))
                .withMessage("shape must fit into an array, but was [-1]");
    }
}
