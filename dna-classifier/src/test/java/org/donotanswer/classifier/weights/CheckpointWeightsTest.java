package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointWeightsTest {
    @TempDir
    private Path directory;

    private Path write(String file, String... names) throws IOException {
        Map<String, WeightSource> tensors = new LinkedHashMap<>();
        for (String name : names) {
            tensors.put(name, WeightSource.of(List.of(), () -> new float[] {name.length()}));
        }
        Path written = directory.resolve(file);
        SafetensorsWriter.write(written, tensors, Map.of());
        return written;
    }

    private void writeIndex(String weightMap) throws IOException {
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "{\"metadata\":{\"total_size\":8},\"weight_map\":" + weightMap + "}");
    }

    private void assertRefused(String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointWeights.open(directory).close())
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert-action",
                "deberta-v2-harmful",
                "distilbert-harmful",
                "longformer-action",
                "longformer-harmful",
                "roberta-harmful"
            })
    void openFile_bothFormatsOfACheckpoint_areBitIdentical(String name) throws IOException {
        Path checkpoint = Checkpoints.resource("/checkpoints/" + name);
        try (CheckpointWeights safetensors = CheckpointWeights.open(checkpoint);
                CheckpointWeights torch = CheckpointWeights.openFile(checkpoint.resolve("pytorch_model.bin"))) {
            assertThat(safetensors.files()).containsExactly(checkpoint.resolve("model.safetensors"));
            assertThat(torch.names()).isEqualTo(safetensors.names()).isNotEmpty();
            for (String tensor : torch.names()) {
                WeightTensor expected = safetensors.tensor(tensor);
                WeightTensor actual = torch.tensor(tensor);
                assertThat(actual).hasToString(expected.toString());
                assertThat(actual.data()).isEqualTo(expected.data());
                assertThat(actual.data().isDirect()).isTrue();
            }
        }
    }

    @Test
    void open_severalFormats_prefersSafetensorsAndUnshardedFiles() throws IOException {
        Files.copy(Checkpoints.resource("module.bin"), directory.resolve("pytorch_model.bin"));
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("bias", "weight");
        }

        write("s.safetensors", "sharded");
        writeIndex("{\"sharded\":\"s.safetensors\"}");
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("sharded");
        }

        write("model.safetensors", "whole");
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("whole");
        }
    }

    @Test
    void open_shards_returnsAllTensorsAndFiles() throws IOException {
        Path first = write("model-00001-of-00002.safetensors", "a", "cc");
        Path second = write("model-00002-of-00002.safetensors", "bbb");
        writeIndex(
                """
                {"a":"model-00001-of-00002.safetensors","bbb":"model-00002-of-00002.safetensors",\
                "cc":"model-00001-of-00002.safetensors"}""");

        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("a", "bbb", "cc");
            assertThat(weights.files()).containsExactly(first, second);
            assertThat(weights.tensor("bbb").toFloats()).containsExactly(3);
            assertThat(weights.tensor("bbb").file()).isEqualTo(second);
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> weights.tensor("d"))
                    .withMessage("d must be in the checkpoint, but was missing"
                            + " (model-00001-of-00002.safetensors, model-00002-of-00002.safetensors)");
        }
    }

    @Test
    void open_torchShards_returnsAllTensors() throws IOException {
        Files.copy(Checkpoints.resource("module.bin"), directory.resolve("one.bin"));
        Files.copy(Checkpoints.resource("plain-legacy.bin"), directory.resolve("two.bin"));
        Files.writeString(
                directory.resolve("pytorch_model.bin.index.json"),
                """
                {"weight_map":{"weight":"one.bin","bias":"one.bin","a":"two.bin","b":"two.bin","empty":"two.bin",\
                "scalar":"two.bin"}}""");

        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("a", "b", "bias", "empty", "scalar", "weight");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../s.safetensors",
                "/s.safetensors",
                "..",
                ".",
                "",
                "d/s",
                "d\\\\s",
                "C:s",
                "s\\u0000",
                ".hidden"
            })
    void open_shardOutsideTheDirectory_isRefused(String shard) throws IOException {
        write("s.safetensors", "a");
        writeIndex("{\"a\":\"" + shard + "\"}");

        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointWeights.open(directory).close())
                .withMessageStartingWith("a must map to a file next to its index, but was ");
    }

    @Test
    void open_invalidIndex_isRefused() throws IOException {
        write("s.safetensors", "a", "b");
        String where = " (model.safetensors.index.json)";

        writeIndex("{\"a\":\"s.safetensors\"}");
        assertRefused("b must be in the index, but was only in s.safetensors" + where);
        writeIndex("{\"a\":\"s.safetensors\",\"b\":\"s.safetensors\",\"c\":\"s.safetensors\"}");
        assertRefused("c must be in s.safetensors, but was missing" + where);
        writeIndex("{\"a\":\"s.safetensors\",\"b\":\"t.safetensors\"}");
        assertRefused("b must be in t.safetensors, but was only in s.safetensors" + where);
        writeIndex("{\"a\":\"r.safetensors\"}");
        assertRefused("shard r.safetensors must be a file next to its index, but was missing" + where);
        writeIndex("{\"a\":1}");
        assertRefused("a must map to a file name, but was NUMBER" + where);
        writeIndex("{}");
        assertRefused("weight_map must map tensor names to files, but was OBJECT" + where);
        Files.writeString(directory.resolve("model.safetensors.index.json"), "[]");
        assertRefused("index must be a JSON object, but was malformed" + where);
        Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\":[[]]}");
        assertRefused("weight_map must map tensor names to files, but was ARRAY" + where);
        Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\":{}} {}");
        assertRefused("index must be a JSON object, but was malformed" + where);
        Files.write(directory.resolve("model.safetensors.index.json"), new byte[] {0, 0, 0, '{', 1, 1, 1, 1});
        assertRefused("index must be a JSON object, but was malformed" + where);
        Files.writeString(directory.resolve("model.safetensors.index.json"), "");
        assertRefused("weight_map must map tensor names to files, but was MISSING" + where);
    }

    /** As in Python, the last of several entries counts, and numbers may be NaN. */
    @Test
    void open_indexThatPythonReads_isRead() throws IOException {
        write("s.safetensors", "a", "b");
        Files.writeString(
                directory.resolve("model.safetensors.index.json"),
                "\ufeff{\"metadata\":{\"total_size\":NaN,\"x\":[-Infinity]},\"weight_map\":{\"z\":\"z.safetensors\"},"
                        + "\"weight_map\":{\"a\":\"z.safetensors\",\"a\":\"s.safetensors\",\"b\":\"s.safetensors\"}}");
        try (CheckpointWeights weights = CheckpointWeights.open(directory)) {
            assertThat(weights.names()).containsExactly("a", "b");
        }
    }

    @Test
    void open_indexOfHugeSizeOrDepth_isRefused() throws IOException {
        Path index = directory.resolve("model.safetensors.index.json");
        String where = " (model.safetensors.index.json)";
        Files.writeString(index, "{\"x\":" + "[".repeat(100_000));
        assertRefused("index must be a JSON object, but was malformed" + where);
        Files.writeString(index, "{\"x\":" + "9".repeat(100_000) + "}");
        assertRefused("index must be a JSON object, but was malformed" + where);
        StringBuilder map = new StringBuilder("{\"weight_map\":{");
        for (int i = 0; i <= SafetensorsReader.MAX_TENSORS; i++) {
            map.append('"').append(i).append("\":\"s\",");
        }
        Files.writeString(index, map);
        assertRefused("weight_map must have at most 131072 tensors, but was longer" + where);
        try (RandomAccessFile sparse = new RandomAccessFile(index.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertRefused("index must be at most 100000000 bytes long, but was 1099511627776" + where);
    }

    @Test
    void open_noWeights_namesTheExpectedFiles() {
        assertRefused("checkpoint must have model.safetensors, model.safetensors.index.json, pytorch_model.bin or"
                + " pytorch_model.bin.index.json, but had none of them (" + directory + ")");
    }

    @Test
    void open_missingDirectory_throwsIoException() throws IOException {
        Path file = write("s.safetensors", "a");

        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> CheckpointWeights.open(directory.resolve("missing")));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> CheckpointWeights.openFile(directory.resolve("missing.bin")));
        assertThatExceptionOfType(NotDirectoryException.class).isThrownBy(() -> CheckpointWeights.open(file));
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointWeights.openFile(directory))
                .withMessage("checkpoint must be a file, but was a directory (" + directory.getFileName() + ")");
    }

    @Test
    void tensor_missing_namesTensorAndFile() throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(write("s.safetensors", "a"))) {
            assertThat(weights.contains("a")).isTrue();
            assertThat(weights.contains("b")).isFalse();
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> weights.tensor("b"))
                    .withMessage("b must be in the checkpoint, but was missing (s.safetensors)");
        }
    }

    @Test
    void close_twice_hasNoFurtherEffectAndTensorsStayValid() throws IOException {
        CheckpointWeights weights = CheckpointWeights.openFile(write("s.safetensors", "aa"));
        WeightTensor tensor = weights.tensor("aa");

        weights.close();
        weights.close();

        assertThat(tensor.toFloats()).containsExactly(2);
        for (ThrowingCallable use : List.<ThrowingCallable>of(
                weights::names, weights::files, () -> weights.contains("aa"), () -> weights.tensor("aa"))) {
            assertThatIllegalStateException().isThrownBy(use).withMessage("CheckpointWeights is closed");
        }
    }
}
