package org.donotanswer.classifier.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32;
import org.donotanswer.evaluate.ModelFormatException;

/**
 * The file of a model: four bytes that tell the kind of file, a version, the length and the CRC-32 of what follows, and the
 * parts of the model as {@link ModelPayload} writes them. All numbers are big-endian.
 */
final class ModelFile {
    static final String RESOURCE = "embedded-model.dna";

    /** The version that this library writes, and the highest that it reads. */
    static final int VERSION = 1;

    private static final int MAGIC = 0x444e414d; // "DNAM"
    private static final int HEADER = 13;

    private ModelFile() {}

    /** Returns whether a path is a file that begins like a model. */
    static boolean isModel(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream stream = Files.newInputStream(path)) {
            byte[] start = stream.readNBytes(4);
            return start.length == 4 && ByteBuffer.wrap(start).getInt() == MAGIC;
        }
    }

    static EmbeddedModel read(Path file) throws IOException {
        return read(Files.readAllBytes(file), file.toString());
    }

    /** Reads a model from bytes; {@code where} is named in messages. */
    static EmbeddedModel read(byte[] bytes, String where) throws IOException {
        if (bytes.length < HEADER) {
            throw new ModelFormatException("model must have a header of " + HEADER + " bytes, but was " + bytes.length
                    + " bytes long (" + where + ")");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new ModelFormatException("model must begin with " + Integer.toHexString(MAGIC) + ", but was "
                    + Integer.toHexString(magic) + " (" + where + "): it is not an embedded model");
        }
        int version = header.get() & 0xff;
        if (version == 0 || version > VERSION) {
            throw new ModelFormatException("model must be of version 1 to " + VERSION + ", but was " + version + " ("
                    + where + "): a newer release of this library may read it");
        }
        int length = header.getInt();
        int checksum = header.getInt();
        if (length != bytes.length - HEADER) {
            throw new ModelFormatException("model must have " + length + " bytes behind its header, but was "
                    + (bytes.length - HEADER) + " (" + where + "): it is cut off or damaged");
        }
        int actual = crc(bytes, HEADER, length);
        if (actual != checksum) {
            throw new ModelFormatException("model must have the checksum " + Integer.toHexString(checksum)
                    + ", but was " + Integer.toHexString(actual) + " (" + where + "): it is damaged");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HEADER, length))) {
            return ModelPayload.read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelFormatException("model must hold a model's parts, but was damaged (" + where + ")", e);
        }
    }

    static byte[] bytes(EmbeddedModel model) throws IOException {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        ModelPayload.write(model, new DataOutputStream(payload));
        byte[] parts = payload.toByteArray();
        return ByteBuffer.allocate(HEADER + parts.length)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .putInt(parts.length)
                .putInt(crc(parts, 0, parts.length))
                .put(parts)
                .array();
    }

    static void write(EmbeddedModel model, Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        // not createTempFile: its files are for their owner alone
        Path temporary = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(temporary, bytes(model), StandardOpenOption.CREATE_NEW);
            Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
