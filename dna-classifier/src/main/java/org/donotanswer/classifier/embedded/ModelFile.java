package org.donotanswer.classifier.embedded;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.internal.TemporaryFile;

/**
 * The file format of a model: a header with four magic bytes, the version, and the length and CRC-32 of the payload,
 * followed by the payload as written by {@link ModelPayload}. All numbers are big-endian.
 */
final class ModelFile {
    static final String RESOURCE = "embedded-model.dna";

    /** The version that is written, and the only one that can be read. */
    static final int VERSION = 2;

    private static final int MAGIC = 0x444e414d; // "DNAM"
    private static final int HEADER_BYTES = 13;

    private ModelFile() {}

    /** Returns whether a path is a file that starts with the magic bytes of a model. */
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

    /** Reads a model from bytes; messages name {@code where}. */
    static EmbeddedModel read(byte[] bytes, String where) throws IOException {
        if (bytes.length < HEADER_BYTES) {
            throw new ModelFormatException("model must be at least " + HEADER_BYTES + " bytes long, but was "
                    + bytes.length + " (" + where + ")");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new ModelFormatException("embedded model must start with " + Integer.toHexString(MAGIC)
                    + ", but started with " + Integer.toHexString(magic) + " (" + where + ")");
        }
        int version = header.get() & 0xff;
        if (version != VERSION) {
            throw new ModelFormatException("model version must be " + VERSION + ", but was " + version + " (" + where
                    + "): "
                    + (version > VERSION
                            ? "a newer release of this library may read it"
                            : "it is too old and must be trained again"));
        }
        int length = header.getInt();
        int checksum = header.getInt();
        if (length != bytes.length - HEADER_BYTES) {
            throw new ModelFormatException("model must have a payload of " + length + " bytes, but had "
                    + (bytes.length - HEADER_BYTES) + " (" + where + "): it is truncated or damaged");
        }
        int actual = crc(bytes, HEADER_BYTES, length);
        if (actual != checksum) {
            throw new ModelFormatException("model must have the checksum " + Integer.toHexString(checksum)
                    + ", but had " + Integer.toHexString(actual) + " (" + where + "): it is damaged");
        }
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes, HEADER_BYTES, length))) {
            return ModelPayload.read(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new ModelFormatException("model must have a valid payload, but was damaged (" + where + ")", e);
        }
    }

    static byte[] bytes(EmbeddedModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelPayload.write(model, new DataOutputStream(out));
        byte[] payload = out.toByteArray();
        return ByteBuffer.allocate(HEADER_BYTES + payload.length)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .putInt(payload.length)
                .putInt(crc(payload, 0, payload.length))
                .put(payload)
                .array();
    }

    static void write(EmbeddedModel model, Path file) throws IOException {
        try (TemporaryFile temporary = TemporaryFile.create(file);
                OutputStream out = Channels.newOutputStream(temporary.channel())) {
            out.write(bytes(model));
            temporary.replace();
        }
    }

    private static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }
}
