package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.donotanswer.classifier.embedded.training.TinyModel;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {
    private static final int VERSION_AT = 4;
    private static final int LENGTH_AT = 5;
    private static final int CHECKSUM_AT = 9;
    private static final int HEADER_BYTES = 13;

    @TempDir
    private Path directory;

    private byte[] bytes;

    @BeforeEach
    void writeModel() throws IOException {
        bytes = ModelFile.bytes(TinyModel.get());
    }

    @Test
    void partBytes_addUpToThePayload() {
        assertThat(TinyModel.get().partBytes().values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(bytes.length - HEADER_BYTES);
        assertThat(TinyModel.get().partBytes()).containsKeys("responses", "instructions", "harm");
    }

    private static ThrowableAssertAlternative<ModelFormatException> assertThatReading(byte[] bytes) {
        return assertThatExceptionOfType(ModelFormatException.class).isThrownBy(() -> ModelFile.read(bytes, "m.dna"));
    }

    private byte[] withFlipped(int position) {
        byte[] changed = bytes.clone();
        changed[position] ^= 1;
        return changed;
    }

    private static int crc(byte[] file) {
        CRC32 crc = new CRC32();
        crc.update(file, HEADER_BYTES, file.length - HEADER_BYTES);
        return (int) crc.getValue();
    }

    private static byte[] withValidHeader(byte[] file) {
        ByteBuffer.wrap(file).putInt(LENGTH_AT, file.length - HEADER_BYTES).putInt(CHECKSUM_AT, crc(file));
        return file;
    }

    @Test
    void read_written_hasSameBytes() throws IOException {
        assertThat(ModelFile.bytes(ModelFile.read(bytes, "m.dna"))).isEqualTo(bytes);
    }

    @Test
    void read_shipped_hasSameBytesAndProvenance() throws IOException {
        EmbeddedModel shipped = EmbeddedModel.shipped();
        EmbeddedModel again = ModelFile.read(ModelFile.bytes(shipped), "m.dna");
        assertThat(ModelFile.bytes(again)).isEqualTo(ModelFile.bytes(shipped));
        assertThat(again.provenance()).isEqualTo(shipped.provenance());
    }

    @Test
    void saveAndLoad_model_givesEqualAssessments() throws IOException {
        Path file = directory.resolve("m.dna");
        TinyModel.get().save(file);
        assertThat(file).hasBinaryContent(bytes);
        List<Exchange> exchanges = TestExchanges.invariance();
        try (SafetyEvaluator original = EmbeddedEvaluator.of(TinyModel.get());
                SafetyEvaluator loaded = EmbeddedEvaluator.of(EmbeddedModel.load(file))) {
            assertThat(loaded.evaluateAll(exchanges)).isEqualTo(original.evaluateAll(exchanges));
        }
    }

    @Test
    void save_existingFile_replacesItAndLeavesNothingElse() throws IOException {
        Path file = directory.resolve("m.dna");
        Files.writeString(file, "old");
        TinyModel.get().save(file);
        assertThat(file).hasBinaryContent(bytes);
        assertThat(directory).isDirectoryNotContaining(path -> !path.equals(file));
    }

    @Test
    void save_failing_leavesNothing() throws IOException {
        Path full = Files.createDirectories(directory.resolve("taken"));
        Files.writeString(full.resolve("inside"), "x");
        assertThatIOException().isThrownBy(() -> TinyModel.get().save(full));
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).containsExactly(full);
        }
        assertThatIOException().isThrownBy(() -> TinyModel.get().save(directory.resolve("no/such/m.dna")));
    }

    @Test
    void save_newFile_hasDefaultPermissions() throws IOException {
        Path usual = Files.writeString(directory.resolve("usual"), "x");
        Path file = directory.resolve("m.dna");
        TinyModel.get().save(file);
        if (Files.getFileStore(directory).supportsFileAttributeView("posix")) {
            assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(usual));
        }
    }

    @Test
    void loadAndSave_null_namesParameter() {
        assertThatNullPointerException()
                .isThrownBy(() -> EmbeddedModel.load(null))
                .withMessage("file");
        assertThatNullPointerException()
                .isThrownBy(() -> TinyModel.get().save(null))
                .withMessage("file");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 12})
    void read_shorterThanHeader_throws(int length) {
        assertThatReading(Arrays.copyOf(bytes, length))
                .withMessage("model must be at least 13 bytes long, but was " + length + " (m.dna)");
    }

    @Test
    void read_truncated_throws() {
        int whole = bytes.length - HEADER_BYTES;
        for (int length : new int[] {0, 1, 1_000, whole / 2, whole - 1}) {
            assertThatReading(Arrays.copyOf(bytes, HEADER_BYTES + length))
                    .withMessage("model must have a payload of " + whole + " bytes, but had " + length
                            + " (m.dna): it is truncated or damaged");
        }
    }

    @Test
    void read_tooLong_throws() {
        int whole = bytes.length - HEADER_BYTES;
        assertThatReading(Arrays.copyOf(bytes, bytes.length + 1))
                .withMessage("model must have a payload of " + whole + " bytes, but had " + (whole + 1)
                        + " (m.dna): it is truncated or damaged");
    }

    @Test
    void read_wrongMagic_throws() {
        assertThatReading(withFlipped(3))
                .withMessage("embedded model must start with 444e414d, but started with 444e414c (m.dna)");
        assertThatReading("It is only a text, not a model.".getBytes(StandardCharsets.UTF_8))
                .withMessage("embedded model must start with 444e414d, but started with 49742069 (m.dna)");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 255})
    void read_newerVersion_throws(int version) {
        bytes[VERSION_AT] = (byte) version;
        assertThatReading(bytes)
                .withMessage("model version must be 2, but was " + version
                        + " (m.dna): a newer release of this library may read it");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void read_olderVersion_throws(int version) {
        bytes[VERSION_AT] = (byte) version;
        assertThatReading(bytes)
                .withMessage("model version must be 2, but was " + version
                        + " (m.dna): it is too old and must be trained again");
    }

    @Test
    void read_wrongLength_throws() {
        int whole = bytes.length - HEADER_BYTES;
        for (int length : new int[] {0, whole + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
            ByteBuffer.wrap(bytes).putInt(LENGTH_AT, length);
            assertThatReading(bytes)
                    .withMessage("model must have a payload of " + length + " bytes, but had " + whole
                            + " (m.dna): it is truncated or damaged");
        }
    }

    @Test
    void read_wrongChecksum_throws() {
        String actual = Integer.toHexString(crc(bytes));
        ByteBuffer.wrap(bytes).putInt(CHECKSUM_AT, 0x12345678);
        assertThatReading(bytes)
                .withMessage("model must have the checksum 12345678, but had " + actual + " (m.dna): it is damaged");
    }

    @Test
    void read_flippedByteInPayload_throws() {
        String checksum = Integer.toHexString(crc(bytes));
        for (int position = HEADER_BYTES; position < bytes.length; position += 1 + bytes.length / 50) {
            byte[] changed = withFlipped(position);
            assertThatReading(changed)
                    .withMessage("model must have the checksum " + checksum + ", but had "
                            + Integer.toHexString(crc(changed)) + " (m.dna): it is damaged");
        }
    }

    @Test
    void read_payloadOfWrongLengthUnderValidHeader_throws() {
        for (int length : new int[] {
            HEADER_BYTES, HEADER_BYTES + 3, HEADER_BYTES + 40, bytes.length / 2, bytes.length - 1, bytes.length + 1
        }) {
            assertThatReading(withValidHeader(Arrays.copyOf(bytes, length)))
                    .withMessage("model must have a valid payload, but was damaged (m.dna)");
        }
    }

    @Test
    void read_randomPayloadUnderValidHeader_throwsModelFormatExceptionOnly() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            byte[] changed = bytes.clone();
            int region = round % 2 == 0 ? 2_500 : bytes.length - HEADER_BYTES;
            for (int i = 0; i <= round % 4; i++) {
                changed[HEADER_BYTES + random.nextInt(region)] = (byte) random.nextInt(256);
            }
            withValidHeader(changed);
            try {
                assertThat(ModelFile.read(changed, "m.dna")).isNotNull();
            } catch (ModelFormatException e) {
                assertThat(e).hasMessage("model must have a valid payload, but was damaged (m.dna)");
            }
        }
    }

    @Test
    void load_brokenFile_namesFile() throws IOException {
        Path file = directory.resolve("broken.dna");
        Files.write(file, new byte[0]);
        assertThatExceptionOfType(ModelFormatException.class)
                .isThrownBy(() -> EmbeddedModel.load(file))
                .withMessage("model must be at least 13 bytes long, but was 0 (" + file + ")");
    }

    @Test
    void load_directoryOrNothing_throws() {
        assertThatIOException().isThrownBy(() -> EmbeddedModel.load(directory));
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> EmbeddedModel.load(directory.resolve("none")));
    }

    @Test
    void load_otherKindOfFile_throws() throws IOException {
        Path text = Files.writeString(directory.resolve("text"), "DNA is not DNAM");
        for (Path other : List.of(text, directory)) {
            assertThatExceptionOfType(ModelFormatException.class)
                    .isThrownBy(() -> SafetyEvaluator.load(other))
                    .withMessage(
                            "model must be of a kind that a provider on the class path knows (embedded, transformer), but was "
                                    + other);
        }
    }

    @Test
    void isModel_anyPath_checksMagic() throws IOException {
        Path model = directory.resolve("model");
        TinyModel.get().save(model);
        assertThat(ModelFile.isModel(model)).isTrue();
        assertThat(ModelFile.isModel(Files.writeString(directory.resolve("begins"), "DNAM")))
                .isTrue();
        assertThat(ModelFile.isModel(Files.writeString(directory.resolve("short"), "DNA")))
                .isFalse();
        assertThat(ModelFile.isModel(Files.writeString(directory.resolve("empty"), "")))
                .isFalse();
        assertThat(ModelFile.isModel(Files.writeString(directory.resolve("text"), "Some text.")))
                .isFalse();
        assertThat(ModelFile.isModel(directory)).isFalse();
        assertThat(ModelFile.isModel(directory.resolve("none"))).isFalse();
    }
}
