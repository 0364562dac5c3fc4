package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.junit.jupiter.params.provider.MethodSource;

final class EmbeddedFuzzTest implements FuzzTests {
    private static final int LENGTH_AT = 5;
    private static final int HEADER_BYTES = 13;

    static Stream<byte[]> files() throws IOException {
        return Stream.of(ModelFile.bytes(model()));
    }

    @MethodSource("files")
    @FuzzTest
    void file(byte[] data) {
        ReaderContract.read(() -> ModelFile.read(data, "fuzz.dna"), ModelFormatException.class);
    }

    static Stream<byte[]> payloads() throws IOException {
        byte[] file = ModelFile.bytes(model());
        return Stream.of(Arrays.copyOfRange(file, HEADER_BYTES, file.length));
    }

    /** The payload alone is fuzzed, in a file with its length and checksum, which no fuzzer guesses. */
    @MethodSource("payloads")
    @FuzzTest
    void payload(byte[] data) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(data);
        byte[] file = ByteBuffer.allocate(HEADER_BYTES + data.length)
                .put(ModelFile.bytes(model()), 0, LENGTH_AT)
                .putInt(data.length)
                .putInt((int) checksum.getValue())
                .put(data)
                .array();

        ReaderContract.read(() -> ModelFile.read(file, "fuzz.dna"), ModelFormatException.class)
                .ifPresent(EmbeddedFuzzTest::use);
    }

    private static void use(EmbeddedModel model) {
        try (EmbeddedEvaluator evaluator = EmbeddedEvaluator.of(model)) {
            byte[] written = ModelFile.bytes(model);
            assertThat(ModelFile.bytes(ModelFile.read(written, "again.dna"))).isEqualTo(written);
            assertThat(evaluator.evaluate(Exchange.of("How do I open the door?", "With the key.")))
                    .isNotNull();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns a model with the smallest tables. */
    private static EmbeddedModel model() {
        SoftmaxRegression calibration = new SoftmaxRegression(new double[2][2]);
        return EmbeddedModel.of(
                new ModelParameters(
                        table(ResponseView.COUNT, ModelParameters.RESPONSE_LANES),
                        table(InstructionView.COUNT, ModelParameters.INSTRUCTION_LANES),
                        table(HarmView.COUNT, ModelParameters.HARM_LANES),
                        norm(HarmHead.INPUTS),
                        norm(HarmHead.BENCHMARK_INPUTS),
                        calibration,
                        calibration,
                        1),
                new Provenance(
                        "fuzz",
                        "1",
                        "2",
                        OptionalLong.of(3),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>()));
    }

    private static ModelParameters.Norm norm(int inputs) {
        return new ModelParameters.Norm(
                new SoftmaxRegression(new double[ModelParameters.ACTIONS][ActionInputs.COUNT + 1]),
                new HarmHead(new SoftmaxRegression(new double[2][inputs + 1])));
    }

    private static WeightTable table(int views, int lanes) {
        int longsPerSlot = (lanes + 8) / 8;
        float[] idf = new float[WeightTable.MAX_IDF_CODE + 1];
        Arrays.fill(idf, 1);
        float[][] scales = new float[views][lanes];
        for (float[] ofView : scales) {
            Arrays.fill(ofView, 0.125f);
        }
        long[] slots = new long[longsPerSlot << 1];
        slots[0] = 0x0101;
        return new WeightTable(slots, longsPerSlot, idf, scales, new float[lanes]);
    }
}
