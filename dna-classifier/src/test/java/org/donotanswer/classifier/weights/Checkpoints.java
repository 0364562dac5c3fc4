package org.donotanswer.classifier.weights;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Checkpoint files for tests: resources next to the tests, and generated files. */
final class Checkpoints {
    private Checkpoints() {}

    static Path resource(String name) {
        try {
            return Path.of(Checkpoints.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the bytes of a safetensors file with the given header. */
    static byte[] safetensors(String header, int dataBytes) {
        byte[] utf8 = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + utf8.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(utf8.length).put(utf8);
        for (int i = 0; i < dataBytes / 4; i++) {
            file.putFloat(i);
        }
        return file.array();
    }

    /** Writes a zip archive; entries are stored unless {@code deflated}. */
    static Path zip(Path file, Map<String, byte[]> entries, boolean deflated) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                ZipEntry header = new ZipEntry(entry.getKey());
                if (!deflated) {
                    CRC32 crc = new CRC32();
                    crc.update(entry.getValue());
                    header.setMethod(ZipEntry.STORED);
                    header.setSize(entry.getValue().length);
                    header.setCrc(crc.getValue());
                }
                zip.putNextEntry(header);
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    static void assertRefused(Path file, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> CheckpointWeights.openFile(file).close())
                .withMessage(message);
    }

    /**
     * Opens a file with arbitrary content, which must either be refused or be completely readable. The file is created
     * anew at each call, as truncating a file that is mapped many times is slow.
     */
    static boolean isReadable(Path file, byte[] bytes) throws IOException {
        Files.deleteIfExists(file);
        Files.write(file, bytes);
        try (CheckpointWeights weights = CheckpointWeights.openFile(file)) {
            for (String name : weights.names()) {
                WeightTensor tensor = weights.tensor(name);
                if (tensor.type().isFloating()) {
                    tensor.toFloats();
                }
                tensor.data();
            }
            return true;
        } catch (CheckpointException e) {
            return false;
        }
    }
}
