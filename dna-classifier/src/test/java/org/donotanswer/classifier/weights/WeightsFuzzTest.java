package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class WeightsFuzzTest implements FuzzTests {
    private static final String HEADER =
            """
            {"__metadata__":{"format":"pt"},\
            "a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},\
            "b":{"dtype":"F16","shape":[2],"data_offsets":[24,28]}}""";

    private static final Path NAME = Path.of("fuzz.safetensors");

    static Stream<byte[]> safetensorsFiles() {
        return Stream.of(Checkpoints.safetensors(HEADER, 28), Checkpoints.safetensors("{}", 0));
    }

    @MethodSource("safetensorsFiles")
    @FuzzTest
    void safetensors(byte[] data) {
        readSafetensors(data);
    }

    static Stream<byte[]> safetensorsHeaders() {
        return Seeds.texts(HEADER, "{\"x\":{\"dtype\":\"I8\",\"shape\":[28],\"data_offsets\":[0,28]}}");
    }

    /** The header alone is fuzzed, in a file that has its length and the data. */
    @MethodSource("safetensorsHeaders")
    @FuzzTest
    void safetensorsHeader(byte[] data) {
        ByteBuffer file = ByteBuffer.allocate(8 + data.length + 28).order(ByteOrder.LITTLE_ENDIAN);

        readSafetensors(file.putLong(data.length).put(data).array());
    }

    private static void readSafetensors(byte[] data) {
        ByteBuffer content = ByteBuffer.allocateDirect(data.length).put(data).flip();
        ReaderContract.read(() -> CheckpointWeights.ofSafetensors(content, NAME), CheckpointException.class)
                .ifPresent(WeightsFuzzTest::readAll);
    }

    /** What was read without an error can be used: its tensors lie inside the file. */
    private static void readAll(CheckpointWeights weights) {
        for (String name : weights.names()) {
            try {
                WeightTensor tensor = weights.tensor(name);
                if (tensor.type().isFloating()) {
                    assertThat(tensor.toFloats()).hasSize((int) tensor.elements());
                }
            } catch (CheckpointException e) {
                throw new AssertionError(e);
            }
        }
    }

    static Stream<byte[]> pickles() {
        return Stream.of(
                PickleBytes.vector(4, 4),
                PickleBytes.tensor(6, 0, new long[] {2, 3}, new long[] {1, 2}),
                PickleBytes.pickle()
                        .name("collections", "OrderedDict")
                        .op(')', 'R', 'q', 0, '(')
                        .text("y")
                        .tensor("HalfStorage", "0", 6, 1, new long[] {2}, new long[] {2})
                        .op('u')
                        .stop());
    }

    @MethodSource("pickles")
    @FuzzTest
    void pickle(byte[] data) {
        FileErrors errors = new FileErrors("fuzz.bin");
        ReaderContract.read(() -> new Unpickler(ByteBuffer.wrap(data), errors).read(), CheckpointException.class)
                .ifPresent(root -> ReaderContract.read(
                        () -> new TorchTensors(NAME, 64, errors, (storage, begin, length) -> zeros(begin, length))
                                .of(root),
                        CheckpointException.class));
    }

    /** A storage is as long as the pickle says: what is sliced must lie inside. */
    private static ByteBuffer zeros(long begin, long length) {
        assertThat(begin).isNotNegative();
        assertThat(length).isBetween(0L, (long) Integer.MAX_VALUE);
        return ByteBuffer.allocate((int) Math.min(length, 64));
    }

    /** The pickle is fuzzed in a whole archive with one storage. */
    @MethodSource("pickles")
    @FuzzTest
    void torchZip(byte[] data) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("m/data.pkl", data);
        entries.put("m/data/0", new byte[24]);
        Path file = Checkpoints.zip(Seeds.file("torch.zip", new byte[0]), entries, data.length % 2 == 1);

        readFile(file);
    }

    static Stream<byte[]> torchFiles() throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        entries.put("m/data.pkl", PickleBytes.vector(2, 2));
        entries.put("m/byteorder", "little".getBytes(StandardCharsets.UTF_8));
        entries.put("m/data/0", new byte[8]);
        Path directory = Seeds.directory("torch");
        return Stream.of(
                Files.readAllBytes(Checkpoints.zip(directory.resolve("stored.bin"), entries, false)),
                Files.readAllBytes(Checkpoints.zip(directory.resolve("deflated.bin"), entries, true)),
                legacy());
    }

    /** Returns a file as PyTorch wrote them before 1.6. */
    private static byte[] legacy() {
        byte[] magic = {0x6c, (byte) 0xfc, (byte) 0x9c, 0x46, (byte) 0xf9, 0x20, 0x6a, (byte) 0xa8, 0x50, 0x19};
        return PickleBytes.pickle()
                .op(0x8a, magic.length)
                .raw(magic)
                .op('.')
                .op(0x80, 2)
                .integer(1001)
                .op('.')
                .op(0x80, 2, '}')
                .text("little_endian")
                .op(0x88, 's', '.')
                .raw(PickleBytes.vector(2, 2))
                .op(0x80, 2, ']')
                .text("0")
                .op('a', '.')
                .raw(PickleBytes.little(2, 8))
                .raw(new byte[8])
                .toByteArray();
    }

    @MethodSource("torchFiles")
    @FuzzTest
    void torchFile(byte[] data) throws IOException {
        readFile(Seeds.file("torch.bin", data));
    }

    private static void readFile(Path file) {
        ReaderContract.read(() -> CheckpointWeights.openFile(file), CheckpointException.class)
                .ifPresent(WeightsFuzzTest::readAll);
    }

    static Stream<byte[]> shardIndices() {
        return Seeds.texts(
                "{\"metadata\":{\"total_size\":28},\"weight_map\":{\"a\":\"s.safetensors\",\"b\":\"s.safetensors\"}}");
    }

    @MethodSource("shardIndices")
    @FuzzTest
    void shardIndex(byte[] data) throws IOException {
        Path directory = Seeds.file("shards/model.safetensors.index.json", data).getParent();
        if (!Files.exists(directory.resolve("s.safetensors"))) {
            Seeds.file("shards/s.safetensors", Checkpoints.safetensors(HEADER, 28));
        }

        ReaderContract.read(() -> CheckpointWeights.open(directory), CheckpointException.class)
                .ifPresent(WeightsFuzzTest::readAll);
    }

    static Stream<byte[]> onnxFiles() {
        return Stream.of(new TinyOnnxBert(3, 2, 1, 2, 2).bytes());
    }

    @MethodSource("onnxFiles")
    @FuzzTest
    void onnx(byte[] data) {
        ByteBuffer content = ByteBuffer.allocateDirect(data.length).put(data).flip();

        ReaderContract.read(() -> CheckpointWeights.ofOnnx(content, Path.of("fuzz.onnx")), CheckpointException.class)
                .ifPresent(WeightsFuzzTest::readAll);
    }
}
