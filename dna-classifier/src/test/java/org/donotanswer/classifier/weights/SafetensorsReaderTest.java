package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.donotanswer.classifier.weights.Checkpoints.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SafetensorsReaderTest {
    private static final String SMALL =
            """
            {"__metadata__":{"format":"pt"},\
            "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"F16","shape":[2],"data_offsets":[24,28]}}""";

    @TempDir
    private Path directory;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("m.safetensors"), bytes);
    }

    private void assertRefused(String header, int dataBytes, String message) throws IOException {
        Checkpoints.assertRefused(file(safetensors(header, dataBytes)), message + " (m.safetensors)");
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"x\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape + ",\"data_offsets\":" + offsets + "}}";
    }

    @Test
    void read_smallFile_returnsItsTensors() throws IOException {
        Path file = file(safetensors(SMALL, 28));

        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            assertThat(weights.names()).containsExactly("a", "b");
            WeightTensor a = weights.tensor("a");
            assertThat(a.name()).isEqualTo("a");
            assertThat(a.type()).isEqualTo(TensorType.FLOAT32);
            assertThat(a.shape()).containsExactly(2L, 3L);
            assertThat(a.elements()).isEqualTo(6);
            assertThat(a.file()).isEqualTo(file);
            assertThat(a.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(a).hasToString("a FLOAT32 [2, 3]");
            assertThat(weights.tensor("b").shape()).containsExactly(2L);
        }
    }

    @Test
    void data_isANewReadOnlyDirectLittleEndianBufferAtEachCall() throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(file(safetensors(SMALL, 28)))) {
            WeightTensor b = weights.tensor("b");
            ByteBuffer data = b.data();
            data.getShort();

            assertThat(b.data().position()).isZero();
            assertThat(b.data().remaining()).isEqualTo(4);
            assertThat(data.isReadOnly()).isTrue();
            assertThat(data.isDirect()).isTrue();
            assertThat(data.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void read_everyType_isSupported(TensorType type) throws IOException {
        String header = tensor(type.safetensorsName(), "[2]", "[0," + 2 * type.bytes() + "]");

        try (CheckpointWeights weights = CheckpointWeights.openFile(file(safetensors(header, 2 * type.bytes())))) {
            assertThat(weights.tensor("x").type()).isEqualTo(type);
            assertThat(weights.tensor("x").data().remaining()).isEqualTo(2 * type.bytes());
        }
    }

    @Test
    void toFloats_ofIntegers_isRefused() throws IOException {
        try (CheckpointWeights weights =
                CheckpointWeights.openFile(file(safetensors(tensor("I64", "[1]", "[0,8]"), 8)))) {
            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> weights.tensor("x").toFloats())
                    .withMessage("x must hold floating-point numbers, but was INT64 (m.safetensors)");
        }
    }

    @Test
    void read_scalarAndEmptyTensors_areTensors() throws IOException {
        String header =
                """
                {"s":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
                "e":{"dtype":"F32","shape":[0,7],"data_offsets":[4,4]}}""";

        try (CheckpointWeights weights = CheckpointWeights.openFile(file(safetensors(header, 4)))) {
            assertThat(weights.tensor("s").toFloats()).containsExactly(0);
            assertThat(weights.tensor("s").elements()).isEqualTo(1);
            assertThat(weights.tensor("e").toFloats()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "F8_E4M3 | [4]   | [0,4]  | dtype of x must be one of F32, F16, BF16, F64, I64, I32, I16, I8, U8, BOOL, but was F8_E4M3",
                "F32 | [2]       | [0,4]  | data_offsets of x must span 8 bytes for FLOAT32 [2], but was 4",
                "F32 | [1]       | [4,0]  | data_offsets of x must be a start and an end, but was [4, 0]",
                "F32 | [1]       | [0]    | data_offsets of x must be a start and an end, but was [0]",
                "F32 | [1]       | [0,4,8]| data_offsets of x must have at most 2 numbers, but was longer",
                "F32 | [2]       | [0,8]  | end of x must be at most 4, the size of the data, but was 8",
                "F32 | [0]       | [0,0]  | size of the data must be 0, the end of the last tensor, but was 4",
                "F32 | [1]       | [4,8]  | start of x must be 0, where the previous tensor ends, but was 4",
                "F32 | [-1]      | [0,4]  | shape of x must consist of integers from 0 to 2^63 - 1, but was -1",
                "F32 | [1.0]     | [0,4]  | shape of x must consist of integers from 0 to 2^63 - 1, but was 1.0",
                "F32 | [null]    | [0,4]  | shape of x must consist of integers from 0 to 2^63 - 1, but was VALUE_NULL",
                "F32 | [99999999999999999999] | [0,4] | shape of x must consist of integers from 0 to 2^63 - 1, but was 99999999999999999999",
                "F32 | 1         | [0,4]  | shape of x must be an array, but was VALUE_NUMBER_INT",
                "F32 | [4294967296,4294967296] | [0,4] | x must have 0 to 2^63 - 1 elements, but was [4294967296, 4294967296]",
                "F32 | [2147483648] | [0,4] | x must be at most 2147483647 bytes long, but was 8589934592",
            })
    void read_invalidTensor_isRefused(String dtype, String shape, String offsets, String message) throws IOException {
        assertRefused(tensor(dtype, shape, offsets), 4, message);
    }

    @Test
    void read_invalidHeader_isRefused() throws IOException {
        assertRefused("[]", 0, "header must start with {, but was byte 91");
        assertRefused("", 0, "header must start with {, but was empty");
        assertRefused("{", 0, "header must be a JSON object, but was malformed at character 1");
        assertRefused("{}x", 0, "header must be a JSON object, but was malformed at character 2");
        assertRefused("{} {}", 0, "header must end after its JSON object, but was longer");
        assertRefused("{\"x\":1}", 0, "x must be a JSON object, but was VALUE_NUMBER_INT");
        assertRefused("{\"x\":{}}", 0, "x must have dtype, shape and data_offsets, but was without dtype");
        assertRefused("{\"x\":{\"y\":1}}", 0, "field of x must be dtype, shape or data_offsets, but was y");
        assertRefused("{\"x\":{\"dtype\":1}}", 0, "dtype of x must be a string, but was VALUE_NUMBER_INT");
        assertRefused(
                "{\"__metadata__\":{\"a\":1}}",
                0,
                "__metadata__ must map strings to strings, but was VALUE_NUMBER_INT");
        assertRefused(
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[" + "1,".repeat(64) + "1]}}",
                0,
                "shape of x must have at most 64 numbers, but was longer");
    }

    @Test
    void read_unprintableTextInTheFile_isSanitisedInTheMessage() throws IOException {
        assertRefused("{\"\\u001b[31m\\n\":1}", 0, "?[31m? must be a JSON object, but was VALUE_NUMBER_INT");
        assertRefused(
                "{\"" + "n".repeat(500) + "\":1}",
                0,
                "n".repeat(160) + "... must be a JSON object, but was VALUE_NUMBER_INT");
    }

    @Test
    void read_duplicateName_isRefused() throws IOException {
        String x = "\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";

        assertRefused(
                "{" + x + "," + x + "}",
                0,
                "header must be a JSON object, but was malformed at character " + (x.length() + 5));
    }

    @Test
    void read_overlapOrGap_isRefused() throws IOException {
        String header =
                """
                {"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},\
                "b":{"dtype":"F32","shape":[1],"data_offsets":[%s]}}""";

        assertRefused(header.formatted("4,8"), 8, "start of b must be 8, where the previous tensor ends, but was 4");
        assertRefused(
                header.formatted("12,16"), 16, "start of b must be 8, where the previous tensor ends, but was 12");
        assertRefused(
                header.formatted("8,12"), 16, "size of the data must be 12, the end of the last tensor, but was 16");
    }

    @Test
    void read_malformedUtf8_isRefused() throws IOException {
        byte[] bytes = safetensors("{\"?\":1}", 0);
        bytes[10] = (byte) 0xff;

        Checkpoints.assertRefused(file(bytes), "header must be UTF-8, but was malformed (m.safetensors)");
    }

    @Test
    void read_invalidLength_isRefused() throws IOException {
        Checkpoints.assertRefused(file(new byte[7]), "file must be at least 8 bytes long, but was 7 (m.safetensors)");
        byte[] bytes = safetensors("{}", 0);
        bytes[0] = 3;
        Checkpoints.assertRefused(file(bytes), "header must be at most 2 bytes long, but was 3 (m.safetensors)");
        Arrays.fill(bytes, 0, 8, (byte) 0xff);
        Checkpoints.assertRefused(
                file(bytes), "header must be at most 2 bytes long, but was 18446744073709551615 (m.safetensors)");
    }

    @Test
    void read_gitLfsPointer_isReportedAsSuch() throws IOException {
        byte[] pointer =
                "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n".getBytes(StandardCharsets.UTF_8);

        Checkpoints.assertRefused(
                file(pointer),
                "file must hold weights, but was a Git LFS pointer, whose file has not been downloaded (m.safetensors)");
    }

    @Test
    void read_anyBitFlipped_isRefusedOrReadable() throws IOException {
        byte[] bytes = safetensors(SMALL, 28);
        int header = bytes.length - 28;
        for (int bit = 0; bit < 8 * header; bit++) {
            byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            Checkpoints.isReadable(directory.resolve("m.safetensors"), changed);
        }
    }

    @Test
    void read_truncatedAnywhere_isRefused() throws IOException {
        byte[] bytes = safetensors(SMALL, 28);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(Checkpoints.isReadable(directory.resolve("m.safetensors"), Arrays.copyOf(bytes, length)))
                    .as("%s bytes", length)
                    .isFalse();
        }
    }

    @Test
    void read_randomShapesAndOffsets_areRefusedOrReadable() throws IOException {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 500; i++) {
            List<Long> shape = new ArrayList<>();
            for (int dimension = random.nextInt(5); dimension > 0; dimension--) {
                shape.add(random.nextLong() >> random.nextInt(64));
            }
            long begin = random.nextLong() >> random.nextInt(64);
            long end = begin + (random.nextLong() >> random.nextInt(64));
            String header = tensor("F32", shape.toString(), "[" + begin + "," + end + "]");
            Checkpoints.isReadable(directory.resolve("m.safetensors"), safetensors(header, 4));
        }
    }

    @Test
    void read_fileBeyondTwoGibibytes_isRead() throws IOException {
        long each = (1L << 30) - 4;
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i < 3; i++) {
            header.append("\"big%d\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[%d,%d]},"
                    .formatted(i, each, i * each, (i + 1) * each));
        }
        header.append("\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}"
                .formatted(3 * each, 3 * each + 4));
        byte[] start = safetensors(header.toString(), 0);
        Path file = directory.resolve("big.safetensors");
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(start));
            channel.write(ByteBuffer.wrap(new byte[] {0, 0, (byte) 0x80, 0x3f}), start.length + 3 * each);
        }

        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            assertThat(weights.tensor("last").toFloats()).containsExactly(1);
            assertThat(weights.tensor("big2").data().get((int) each - 1)).isZero();
        }
    }

    /** A sparse file of any size costs nothing, so its size says nothing about what may be read into memory. */
    @Test
    void read_hugeHeader_isRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = directory.resolve("m.safetensors");
        for (long length : new long[] {100_000_001, Integer.MAX_VALUE, 1L << 50, Long.MIN_VALUE}) {
            ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
            Files.write(file, start.putLong(length).put((byte) '{').array());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.allocate(1), (1L << 40) - 1);
            }
            Checkpoints.assertRefused(
                    file,
                    "header must be at most 100000000 bytes long, but was " + Long.toUnsignedString(length)
                            + " (m.safetensors)");
            Files.delete(file);
        }
    }

    @Test
    void read_largestHeaderOfZeros_isRefusedAtItsSecondByte() throws IOException {
        Path file = directory.resolve("m.safetensors");
        ByteBuffer start = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(file, start.putLong(100_000_000).put((byte) '{').array());
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), 100_000_007);
        }
        Checkpoints.assertRefused(
                file, "header must be a JSON object, but was malformed at character 2 (m.safetensors)");
    }

    @Test
    void read_moreTensorsThanAnyModelHas_isRefused() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= SafetensorsReader.MAX_TENSORS; i++) {
            header.append('"').append(i).append("\":{\"dtype\":\"I8\",\"shape\":[0],\"data_offsets\":[0,0]},");
        }
        assertRefused(header.toString(), 0, "header must describe at most 131072 tensors, but was longer");
    }

    @Test
    void read_deepNestingAndHugeNumbers_areRefused() throws IOException {
        assertRefused("{\"x\":" + "[".repeat(100_000), 0, "x must be a JSON object, but was START_ARRAY");
        assertRefused(
                tensor("F32", "[" + "[".repeat(100_000), "[0,4]"),
                0,
                "shape of x must consist of integers from 0 to 2^63 - 1, but was START_ARRAY");
        assertRefused(
                tensor("F32", "[1e999]", "[0,4]"),
                0,
                "shape of x must consist of integers from 0 to 2^63 - 1, but was 1e999");
        assertRefused(
                tensor("F32", "[9223372036854775807,9223372036854775807]", "[0,4]"),
                0,
                "x must have 0 to 2^63 - 1 elements, but was [9223372036854775807, 9223372036854775807]");
    }
}
