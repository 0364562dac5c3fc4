package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.donotanswer.classifier.weights.OnnxBytes.floats;
import static org.donotanswer.classifier.weights.OnnxBytes.model;
import static org.donotanswer.classifier.weights.OnnxBytes.node;
import static org.donotanswer.classifier.weights.OnnxBytes.tensor;
import static org.donotanswer.classifier.weights.OnnxBytes.varint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxReaderTest {
    private static final Path NAME = Path.of("m.onnx");

    @TempDir
    private Path directory;

    private static OnnxFile read(byte[] bytes) throws CheckpointException {
        return OnnxReader.read(OnnxBytes.direct(bytes), NAME);
    }

    private static OnnxFile readTensor(byte[] tensor) throws CheckpointException {
        return read(model(new OnnxBytes().bytes(5, tensor)));
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> read(bytes))
                .withMessage(message + " (m.onnx)");
    }

    private static void assertTensorRefused(byte[] tensor, String message) {
        assertRefused(model(new OnnxBytes().bytes(5, tensor)), message);
    }

    private static byte[] small() {
        return model(new OnnxBytes()
                .bytes(1, node("/a/MatMul", "MatMul", List.of("x", "w"), List.of("y")))
                .text(2, "graph's name")
                .bytes(5, tensor("w", List.of(2L, 3L), 1, floats(0, 1, 2, 3, 4, 5)))
                .bytes(5, tensor("ids", List.of(1L), 7, new byte[8])));
    }

    @Test
    void read_smallFile_returnsNodesAndInitializers() throws IOException {
        OnnxFile file = read(small());

        assertThat(file.nodes()).containsExactly(new OnnxNode("/a/MatMul", "MatMul", List.of("x", "w"), List.of("y")));
        assertThat(file.tensors().keySet()).containsExactly("w");
        WeightTensor w = file.tensors().get("w");
        assertThat(w).hasToString("w FLOAT32 [2, 3]");
        assertThat(w.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(w.file()).isEqualTo(NAME);
        assertThat(w.data().isDirect()).isTrue();
        assertThat(file.otherTypes()).containsOnlyKeys("ids").containsValue(7L);
    }

    @Test
    void read_mappedFile_isTheSame() throws IOException {
        Path path = Files.write(directory.resolve("m.onnx"), small());

        OnnxFile file = OnnxReader.read(path);

        assertThat(file.nodes()).isEqualTo(read(small()).nodes());
        assertThat(file.tensors().get("w").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(file.tensors().get("w").file()).isEqualTo(path);
    }

    @Test
    void read_bufferWithinAnother_keepsItsPosition() throws IOException {
        byte[] bytes = small();
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + 9)
                .position(5)
                .put(bytes)
                .limit(5 + bytes.length)
                .position(5);

        OnnxFile file = OnnxReader.read(buffer, NAME);

        assertThat(file.tensors().get("w").toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(buffer.position()).isEqualTo(5);
    }

    @Test
    void transposed_isTheOtherOrderOfElements() throws IOException {
        WeightTensor transposed = read(small()).tensors().get("w").transposed("t");

        assertThat(transposed).hasToString("t FLOAT32 [3, 2]");
        assertThat(transposed.toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
    }

    @Test
    void read_floatFields_packedOrNotOrBoth_areElements() throws IOException {
        byte[] packed = new OnnxBytes()
                .bytes(1, new byte[] {2, 2})
                .integer(2, 1)
                .text(8, "p")
                .bytes(4, floats(1, 2, 3))
                .raw((byte) ((4 << 3) | 5))
                .raw(floats(4))
                .done();

        WeightTensor tensor = readTensor(packed).tensors().get("p");

        assertThat(tensor.shape()).containsExactly(2L, 2L);
        assertThat(tensor.toFloats()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void read_scalarAndEmptyTensor_areTensors() throws IOException {
        assertThat(readTensor(tensor("s", List.of(), 1, floats(7)))
                        .tensors()
                        .get("s")
                        .toFloats())
                .containsExactly(7);
        assertThat(readTensor(tensor("e", List.of(0L, 5L), 1, new byte[0]))
                        .tensors()
                        .get("e")
                        .toFloats())
                .isEmpty();
    }

    @Test
    void read_unknownFieldsOfEveryWireType_areSkipped() throws IOException {
        byte[] graph = new OnnxBytes()
                .integer(90, -1)
                .raw((byte) ((11 << 3) | 1))
                .raw(new byte[8])
                .raw((byte) ((12 << 3) | 5))
                .raw(new byte[4])
                .text(13, "?")
                .done();

        assertThat(read(model(new OnnxBytes().raw(graph))).nodes()).isEmpty();
    }

    @Test
    void read_withoutGraphOrWithTwo_isRefused() {
        assertRefused(new byte[0], "graph must occur once in the model, but was missing");
        assertRefused(new OnnxBytes().integer(1, 6).done(), "graph must occur once in the model, but was missing");
        assertRefused(
                new OnnxBytes().bytes(7, new byte[0]).bytes(7, new byte[0]).done(),
                "graph must occur once in the model, but was repeated");
    }

    @Test
    void read_lengthsBeyondTheMessage_areRefused() {
        assertRefused(
                new OnnxBytes()
                        .raw((byte) ((7 << 3) | 2))
                        .raw(varint(5))
                        .raw(new byte[4])
                        .done(),
                "length at byte 1 must be at most 4, what is left of the model, but was 5");
        assertRefused(
                new OnnxBytes().raw((byte) ((7 << 3) | 2)).raw(varint(-1)).done(),
                "length at byte 1 must be at most 0, what is left of the model, but was 18446744073709551615");
        assertRefused(
                new OnnxBytes()
                        .raw((byte) ((7 << 3) | 2))
                        .raw(varint(1L << 31))
                        .raw(new byte[3])
                        .done(),
                "length at byte 1 must be at most 3, what is left of the model, but was 2147483648");
        byte[] inner =
                new OnnxBytes().raw((byte) ((5 << 3) | 2)).raw(varint(100)).done();
        assertRefused(
                new OnnxBytes().bytes(7, inner).raw(new byte[200]).done(),
                "length at byte 3 must be at most 0, what is left of the graph, but was 100");
    }

    @Test
    void read_brokenNumbers_areRefused() {
        assertRefused(new byte[] {(byte) 0x80}, "number at byte 0 must end inside the model, but was cut off");
        assertRefused(new byte[] {8}, "number at byte 1 must end inside the model, but was cut off");
        assertRefused(new byte[] {9, 0, 0}, "number at byte 1 must end inside the model, but was cut off");
        byte[] long10 = new byte[12];
        Arrays.fill(long10, (byte) 0xff);
        long10[0] = 8;
        assertRefused(long10, "number at byte 1 must have at most 64 bits, but was longer");
    }

    @Test
    void read_fieldNumbersOutOfRange_areRefused() {
        assertRefused(new byte[] {0, 0}, "field number at byte 0 must be 1 to 536870911, but was 0");
        assertRefused(
                new OnnxBytes().raw(varint(1L << 32)).done(),
                "field number at byte 0 must be 1 to 536870911, but was 536870912");
    }

    @Test
    void read_groupsAndUnknownWireTypes_areRefused() {
        for (int type : List.of(3, 4, 6, 7)) {
            assertRefused(
                    new byte[] {8, 1, (byte) ((7 << 3) | type)},
                    "wire type of field 7 of the model at byte 2 must be 0, 1, 2 or 5, but was " + type);
        }
    }

    @Test
    void read_deepNesting_isSkippedWithoutRecursion() throws IOException {
        byte[] nested = new byte[0];
        for (int i = 0; i < 10_000; i++) {
            nested = new OnnxBytes().bytes(5, nested).done();
        }

        OnnxFile file = read(model(new OnnxBytes()
                .bytes(1, new OnnxBytes().text(3, "n").bytes(5, nested).done())));

        assertThat(file.nodes()).containsExactly(new OnnxNode("n", "", List.of(), List.of()));
    }

    @Test
    void read_wrongWireTypes_areRefused() {
        assertRefused(
                new OnnxBytes().integer(7, 1).done(),
                "wire type of field 7 of the model at byte 0 must be 2, but was 0");
        assertRefused(
                new OnnxBytes().bytes(7, new OnnxBytes().integer(1, 1).done()).done(),
                "wire type of field 1 of the graph at byte 2 must be 2, but was 0");
        assertTensorRefused(
                new OnnxBytes().text(2, "1").done(),
                "wire type of field 2 of the initializer at byte 15 must be 0, but was 2");
        assertTensorRefused(
                new OnnxBytes().integer(4, 1).done(),
                "wire type of field 4 of the initializer at byte 15 must be 2, but was 0");
    }

    @Test
    void read_malformedText_isRefused() {
        assertRefused(
                model(new OnnxBytes()
                        .bytes(
                                1,
                                new OnnxBytes()
                                        .bytes(3, new byte[] {(byte) 0xff})
                                        .done())),
                "field 3 of the node at byte 15 must be UTF-8, but was malformed");
    }

    @Test
    void read_shapesThatDoNotFitTheData_areRefused() {
        assertTensorRefused(
                tensor("w", List.of(3L), 1, floats(1, 2)), "data of w must be 12 bytes long for shape [3], but was 8");
        assertTensorRefused(
                tensor("w", List.of(-1L), 1, floats(1)), "w must have 0 to 2^63 - 1 elements, but was [-1]");
        assertTensorRefused(
                tensor("w", List.of(1L << 40, 1L << 40), 1, floats(1)),
                "w must have 0 to 2^63 - 1 elements, but was [1099511627776, 1099511627776]");
        assertTensorRefused(
                tensor("w", List.of(1L << 32), 1, floats(1)),
                "w must be at most 2147483647 bytes long, but was 17179869184");
        assertTensorRefused(
                new OnnxBytes().integer(1, 1 << 29).integer(2, 1).text(8, "w").done(),
                "w must be at most 2147483647 bytes long, but was 2147483648");
        assertTensorRefused(
                new OnnxBytes().bytes(1, new byte[65]).done(),
                "shape of an initializer must have at most 64 dimensions, but was longer");
    }

    @Test
    void read_dataInTwoPlaces_isRefused() {
        assertTensorRefused(
                new OnnxBytes()
                        .integer(1, 1)
                        .integer(2, 1)
                        .text(8, "w")
                        .bytes(9, floats(1))
                        .bytes(4, floats(1))
                        .done(),
                "w must have its elements once, but was with raw_data and float_data");
        assertTensorRefused(
                new OnnxBytes().text(8, "w").bytes(4, new byte[5]).done(),
                "float_data at byte 20 must be a multiple of 4 bytes long, but was 5");
    }

    @Test
    void read_dataOutsideTheFile_isRefused() {
        byte[] located =
                new OnnxBytes().integer(2, 1).text(8, "w").integer(14, 1).done();
        byte[] external = new OnnxBytes()
                .integer(2, 1)
                .text(8, "w")
                .bytes(13, new byte[0])
                .done();
        byte[] segment =
                new OnnxBytes().integer(2, 1).text(8, "w").bytes(3, new byte[0]).done();

        assertTensorRefused(located, "w must lie in the file as a whole, but was external data");
        assertTensorRefused(external, "w must lie in the file as a whole, but was external data");
        assertTensorRefused(segment, "w must lie in the file as a whole, but was a segment");
    }

    @Test
    void read_initializersWithoutNameOrTwice_areRefused() {
        assertTensorRefused(
                tensor("", List.of(1L), 1, floats(1)), "initializer at byte 15 must have a name, but was without one");
        byte[] w = tensor("w", List.of(1L), 1, floats(1));
        byte[] ids = tensor("w", List.of(1L), 7, new byte[8]);
        String message = "w must occur once among the initializers, but was repeated";
        assertRefused(model(new OnnxBytes().bytes(5, w).bytes(5, w)), message);
        assertRefused(model(new OnnxBytes().bytes(5, w).bytes(5, ids)), message);
        assertRefused(model(new OnnxBytes().bytes(5, ids).bytes(5, w)), message);
    }

    @Test
    void read_tooMany_isRefused() {
        OnnxBytes node = new OnnxBytes();
        for (int i = 0; i <= OnnxReader.MAX_NAMES; i++) {
            node.text(1, "");
        }
        assertRefused(
                model(new OnnxBytes().bytes(1, node.done())),
                "node must have at most 4096 inputs and as many outputs, but was longer");
        OnnxBytes nodes = new OnnxBytes();
        for (int i = 0; i <= OnnxReader.MAX_NODES; i++) {
            nodes.bytes(1, new byte[0]);
        }
        assertRefused(model(nodes), "graph must have at most 262144 nodes, but was longer");
        OnnxBytes tensors = new OnnxBytes();
        for (int i = 0; i <= SafetensorsReader.MAX_TENSORS; i++) {
            tensors.bytes(5, new OnnxBytes().text(8, "t" + i).done());
        }
        assertRefused(model(tensors), "graph must have at most 131072 initializers, but was longer");
    }

    @Test
    void read_everyPrefix_isRefusedOrRead() {
        byte[] whole = small();
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            refused += isRead(Arrays.copyOf(whole, length)) ? 0 : 1;
        }

        // Cut inside the graph, or before it; what follows the graph is skipped.
        assertThat(refused).isBetween(whole.length - 5, whole.length - 1);
        assertThat(isRead(whole)).isTrue();
    }

    @Test
    void read_randomlyChangedBytes_areRefusedOrRead() {
        SplittableRandom random = new SplittableRandom(7);
        int refused = 0;
        for (int trial = 0; trial < 20_000; trial++) {
            byte[] bytes = small();
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            refused += isRead(bytes) ? 0 : 1;
        }

        assertThat(refused).isBetween(5_000, 19_000);
    }

    private static boolean isRead(byte[] bytes) {
        try {
            for (WeightTensor tensor : read(bytes).tensors().values()) {
                assertThat(tensor.toFloats()).hasSize((int) tensor.elements());
            }
            return true;
        } catch (CheckpointException e) {
            return false;
        }
    }

    @Test
    void ofOnnx_bufferOnTheHeap_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CheckpointWeights.ofOnnx(ByteBuffer.allocate(1), NAME))
                .withMessage("model must be a direct buffer, but was a buffer on the heap");
    }
}
