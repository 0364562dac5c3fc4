package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.donotanswer.classifier.weights.Checkpoints.resource;
import static org.donotanswer.classifier.weights.PickleBytes.little;
import static org.donotanswer.classifier.weights.PickleBytes.pickle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files written by PyTorch come from {@code make_checkpoints.py} next to them. */
class TorchCheckpointTest {
    private static final byte[] TWO_FLOATS = {0, 0, (byte) 0x80, 0x3f, 0, 0, 0, 0x40};

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("pytorch_model.bin");
    }

    private static Map<String, byte[]> entries(byte[] pickle) {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("any/data.pkl", pickle);
        entries.put("any/data/0", TWO_FLOATS);
        entries.put("any/version", "3\n".getBytes(StandardCharsets.UTF_8));
        return entries;
    }

    private Path zip(byte[] pickle) throws IOException {
        return Checkpoints.zip(file(), entries(pickle), false);
    }

    private void assertRefused(byte[] pickle, String message) throws IOException {
        Checkpoints.assertRefused(zip(pickle), message + " (pytorch_model.bin)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.bin", "plain-legacy.bin", "protocol4.bin", "protocol4-legacy.bin"})
    void openFile_plainMapping_returnsItsTensors(String name) throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(resource(name))) {
            assertThat(weights.names()).containsExactly("a", "b", "empty", "scalar");
            assertThat(weights.tensor("a").shape()).containsExactly(2L, 3L);
            assertThat(weights.tensor("a").toFloats()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
            assertThat(weights.tensor("b").toFloats()).containsExactly(0, 0.5f, 1, 1.5f);
            assertThat(weights.tensor("empty").shape()).containsExactly(0L, 3L);
            assertThat(weights.tensor("empty").toFloats()).isEmpty();
            assertThat(weights.tensor("scalar").shape()).isEmpty();
            assertThat(weights.tensor("scalar").toFloats()).containsExactly(1.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"types.bin", "types-legacy.bin"})
    void openFile_everyType_isRead(String name) throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(resource(name))) {
            assertThat(weights.names()).hasSize(TensorType.values().length);
            for (TensorType type : TensorType.values()) {
                WeightTensor tensor = weights.tensor(type.name().toLowerCase(Locale.ROOT));
                assertThat(tensor.type()).isEqualTo(type);
                if (type.isFloating()) {
                    assertThat(tensor.toFloats()).containsExactly(0, 0.5f, 1);
                }
            }
            assertThat(weights.tensor("int64").data().asLongBuffer().get(2)).isEqualTo(1L << 40);
            assertThat(weights.tensor("int16").data().asShortBuffer().get(0)).isEqualTo((short) -1);
            assertThat(weights.tensor("bool").data()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 1}));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"views.bin", "views-legacy.bin"})
    void openFile_views_areReadInRowMajorOrder(String name) throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(resource(name))) {
            float[] base = weights.tensor("base").toFloats();
            assertThat(weights.tensor("shared").toFloats()).isEqualTo(base);
            assertThat(weights.tensor("row").toFloats()).isEqualTo(Arrays.copyOfRange(base, 12, 18));
            assertThat(weights.tensor("rows").shape()).containsExactly(2L, 6L);
            assertThat(weights.tensor("rows").toFloats()).isEqualTo(Arrays.copyOfRange(base, 6, 18));
            assertThat(weights.tensor("column").toFloats()).containsExactly(base[1], base[7], base[13], base[19]);
            assertThat(weights.tensor("one").shape()).containsExactly(1L, 1L);
            assertThat(weights.tensor("one").toFloats()).containsExactly(base[8]);
            assertThat(weights.tensor("transposed").shape()).containsExactly(6L, 4L);
            float[] transposed = weights.tensor("transposed").toFloats();
            float[] permuted = weights.tensor("permuted").toFloats();
            float[] everyOther = weights.tensor("every_other").toFloats();
            for (int i = 0; i < base.length; i++) {
                assertThat(transposed[i]).isEqualTo(base[i % 4 * 6 + i / 4]);
                assertThat(permuted[i]).isEqualTo(base[i % 4 * 6 + i / 4]);
                assertThat(everyOther[i / 2]).isEqualTo(base[i / 2 * 2 + 1]);
            }
            assertThat(weights.tensor("permuted").shape()).containsExactly(6L, 2L, 2L);
            assertThat(weights.tensor("expanded").toFloats())
                    .containsExactly(0, 0, 0, 0, 0.5f, 0.5f, 0.5f, 0.5f, 1, 1, 1, 1);
            assertThat(weights.tensor("transposed_half").toFloats()).containsExactly(0, 1.5f, 0.5f, 2, 1, 2.5f);
            assertThat(weights.tensor("transposed_bool").data())
                    .isEqualTo(ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 1, 1}));
            long[] longs = new long[6];
            weights.tensor("transposed_int64").data().asLongBuffer().get(longs);
            assertThat(longs).containsExactly(0, 3, 1, 4, 2, 5);
            assertThat(weights.tensor("transposed").data().isDirect()).isTrue();
            assertThat(weights.tensor("transposed").data().isReadOnly()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"module", "parameters", "training"})
    void openFile_moduleParametersOrTraining_returnsTheWeights(String name) throws IOException {
        for (String file : new String[] {name + ".bin", name + "-legacy.bin"}) {
            try (CheckpointWeights weights = CheckpointWeights.openFile(resource(file))) {
                assertThat(weights.names()).containsExactly("bias", "weight");
                assertThat(weights.tensor("weight").shape()).containsExactly(1L, 2L);
                assertThat(weights.tensor("weight").toFloats()).containsExactly(1, 2);
                assertThat(weights.tensor("bias").toFloats()).containsExactly(3);
            }
        }
    }

    @Test
    void openFile_wholeModule_isRefusedNamingItsClass() {
        Checkpoints.assertRefused(
                resource("whole-module.bin"),
                "pickle must build only tensors, but referred to class torch.nn.modules.linear.Linear; nothing was executed"
                        + " (whole-module.bin)");
    }

    @Test
    void openFile_torchScript_isRefused() {
        Checkpoints.assertRefused(
                resource("torchscript.bin"),
                "archive must be written by torch.save, but was a TorchScript program (torchscript.bin)");
    }

    @Test
    void openFile_neitherZipNorPickle_isRefused() throws IOException {
        Files.writeString(file(), "<html>");
        Checkpoints.assertRefused(
                file(),
                "file must start with the signature of a zip archive or a pickle, but was 0x3c (pytorch_model.bin)");
        Files.write(file(), new byte[0]);
        Checkpoints.assertRefused(
                file(),
                "file must start with the signature of a zip archive or a pickle, but was empty (pytorch_model.bin)");
    }

    @Test
    void openFile_deflatedEntries_areInflated() throws IOException {
        Checkpoints.zip(file(), entries(PickleBytes.vector(2, 2)), true);

        try (CheckpointWeights weights = CheckpointWeights.openFile(file())) {
            assertThat(weights.tensor("x").toFloats()).containsExactly(1, 2);
            assertThat(weights.tensor("x").data().isDirect()).isTrue();
        }
    }

    /** Returns a zip archive without comments, with all sizes and offsets in 64-bit fields. */
    private static byte[] zip64(byte[] zip) {
        ByteBuffer old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int end = zip.length - 22;
        int begin = old.getInt(end + 16);
        ByteBuffer changed = ByteBuffer.allocate(2 * zip.length + 200).order(ByteOrder.LITTLE_ENDIAN);
        changed.put(zip, 0, begin);
        for (int at = begin; at < end; ) {
            int name = old.getShort(at + 28);
            int extra = old.getShort(at + 30);
            int start = changed.position();
            changed.put(zip, at, 46 + name)
                    .putShort((short) 9)
                    .putShort((short) 1)
                    .put((byte) 0);
            changed.putShort((short) 1).putShort((short) 24).putLong(old.getInt(at + 24));
            changed.putLong(old.getInt(at + 20)).putLong(old.getInt(at + 42));
            changed.putShort(start + 30, (short) 33).putInt(start + 20, -1).putInt(start + 24, -1);
            changed.putInt(start + 42, -1);
            at += 46 + name + extra;
        }
        long end64 = changed.position();
        short entries = old.getShort(end + 10);
        changed.putInt(0x06064b50)
                .putLong(44)
                .putInt(0)
                .putLong(0)
                .putLong(entries)
                .putLong(entries);
        changed.putLong(end64 - begin).putLong(begin);
        changed.putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        changed.putInt(0x06054b50).putInt(0).putInt(-1).putLong(-1).putShort((short) 0);
        return Arrays.copyOf(changed.array(), changed.position());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openFile_zip64_isRead(boolean deflated) throws IOException {
        Checkpoints.zip(file(), entries(PickleBytes.vector(2, 2)), deflated);
        Files.write(file(), zip64(Files.readAllBytes(file())));

        try (CheckpointWeights weights = CheckpointWeights.openFile(file())) {
            assertThat(weights.tensor("x").toFloats()).containsExactly(1, 2);
        }
    }

    @Test
    void openFile_zipBomb_isRefused() throws IOException {
        Map<String, byte[]> entries = entries(PickleBytes.vector(1 << 20, 1 << 20));
        entries.put("any/data/0", new byte[4 << 20]);
        Checkpoints.zip(file(), entries, true);

        Checkpoints.assertRefused(
                file(),
                "any/data/0 must inflate to at most 16 times the size of the file, but was 4194304 bytes"
                        + " (pytorch_model.bin)");
    }

    @Test
    void openFile_bigEndian_isRefused() throws IOException {
        Map<String, byte[]> entries = entries(PickleBytes.vector(2, 2));
        entries.put("any/byteorder", "little".getBytes(StandardCharsets.UTF_8));
        CheckpointWeights.openFile(Checkpoints.zip(file(), entries, false)).close();

        entries.put("any/byteorder", "big".getBytes(StandardCharsets.UTF_8));
        Checkpoints.assertRefused(
                Checkpoints.zip(file(), entries, false), "byte order must be little, but was big (pytorch_model.bin)");
    }

    @Test
    void openFile_storageMissingOrOfWrongSize_isRefused() throws IOException {
        Map<String, byte[]> entries = entries(PickleBytes.vector(2, 2));
        entries.remove("any/data/0");
        Checkpoints.assertRefused(
                Checkpoints.zip(file(), entries, false),
                "storage 0 must be in the archive, but was missing (pytorch_model.bin)");

        assertRefused(PickleBytes.vector(3, 2), "any/data/0 must be 12 bytes long, but was 8");
    }

    @Test
    void openFile_noPickle_isRefused() throws IOException {
        Checkpoints.assertRefused(
                Checkpoints.zip(file(), Map.of("x/y", new byte[1]), false),
                "number of data.pkl in a top-level folder must be 1, but was 0 (pytorch_model.bin)");
    }

    @Test
    void openFile_viewOutsideItsStorage_isRefused() throws IOException {
        long[] one = {1};
        long[] two = {2};
        assertRefused(PickleBytes.vector(2, 3), "end of x must be at most 2, the size of its storage, but was 3");
        assertRefused(
                PickleBytes.tensor(2, 1, two, one), "end of x must be at most 2, the size of its storage, but was 3");
        assertRefused(
                PickleBytes.tensor(2, 0, two, new long[] {Long.MAX_VALUE}),
                "end of x must be at most 2, the size of its storage, but was 9223372036854775807");
        assertRefused(
                PickleBytes.tensor(2, 3, one, one), "offset of x must be in 0..2, the size of its storage, but was 3");
        assertRefused(
                PickleBytes.tensor(2, -1, one, one),
                "offset of x must be in 0..2, the size of its storage, but was -1");
        assertRefused(
                PickleBytes.tensor(2, 0, two, new long[] {-1}), "x must have strides of at least 0, but was [-1]");
        assertRefused(
                PickleBytes.tensor(2, 0, new long[] {-2}, one), "x must have 0 to 2^63 - 1 elements, but was [-2]");
        assertRefused(
                PickleBytes.tensor(2, 0, two, new long[] {1, 1}),
                "number of strides of x must be 1, the number of dimensions, but was 2");
        assertRefused(
                PickleBytes.tensor(2, 0, new long[] {1 << 28}, new long[] {0}),
                "x must not expand to more than the size of its file, but was 1073741824 bytes");
    }

    @Test
    void openFile_storageWithTwoTypesOrSizes_isRefused() throws IOException {
        byte[] pickle = pickle().op('}')
                .text("x")
                .storage("FloatStorage", "0", 2)
                .op('s')
                .text("y")
                .storage("LongStorage", "0", 1)
                .op('s')
                .stop();

        assertRefused(pickle, "storage 0 must be 2 x FLOAT32 throughout, but was 1 x INT64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.bin", "module.bin", "plain-legacy.bin", "module-legacy.bin", "protocol4-legacy.bin"})
    void openFile_anyByteCorrupted_isRefusedOrReadable(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(resource(name));
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Checkpoints.isReadable(file(), changed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.bin", "plain-legacy.bin"})
    void openFile_truncatedAnywhere_isRefused(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(resource(name));
        for (int length = 0; length < bytes.length; length++) {
            assertThat(Checkpoints.isReadable(file(), Arrays.copyOf(bytes, length)))
                    .as("%s bytes", length)
                    .isFalse();
        }
    }

    private static PickleBytes legacyStart(boolean littleEndian) {
        return new PickleBytes()
                .op(0x80, 2, 0x8a, 10)
                .raw(new byte[] {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19
                })
                .op('.')
                .op(0x80, 2, 'M', 0xe9, 3, '.')
                .op(0x80, 2, '}')
                .text("little_endian")
                .op(littleEndian ? 0x88 : 0x89, 's', '.');
    }

    private Path legacy(boolean littleEndian, String key, long elements, byte[] data) throws IOException {
        byte[] keys = pickle().op(']').text(key).op('a').stop();
        return Files.write(
                file(),
                legacyStart(littleEndian)
                        .raw(PickleBytes.vector(2, 2))
                        .raw(keys)
                        .raw(little(elements, 8))
                        .raw(data)
                        .toByteArray());
    }

    @Test
    void openFile_legacyFormat_isReadOrRefused() throws IOException {
        try (CheckpointWeights weights = CheckpointWeights.openFile(legacy(true, "0", 2, TWO_FLOATS))) {
            assertThat(weights.tensor("x").toFloats()).containsExactly(1, 2);
        }
        Checkpoints.assertRefused(
                legacy(false, "0", 2, TWO_FLOATS), "byte order must be little, but was big (pytorch_model.bin)");
        Checkpoints.assertRefused(
                legacy(true, "0", 3, TWO_FLOATS), "storage 0 must have 2 elements, but was 3 (pytorch_model.bin)");
        Checkpoints.assertRefused(
                legacy(true, "0", 2, new byte[7]),
                "storage 0 must be 8 bytes long, but was truncated (pytorch_model.bin)");
        Checkpoints.assertRefused(
                legacy(true, "1", 2, TWO_FLOATS),
                "storage key must occur in the pickle, and once in the list, but was a string (pytorch_model.bin)");
        Path longer = legacy(true, "0", 2, new byte[9]);
        Checkpoints.assertRefused(
                longer,
                "size of the file must be " + (Files.size(longer) - 1) + ", the end of the last storage, but was "
                        + Files.size(longer) + " (pytorch_model.bin)");
    }
}
