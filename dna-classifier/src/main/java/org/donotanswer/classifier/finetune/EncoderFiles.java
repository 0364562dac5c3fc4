package org.donotanswer.classifier.finetune;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.internal.TemporaryFile;

/** Reads resources into memory outside the heap, and writes files of JSON. Stateless, hence thread-safe. */
final class EncoderFiles {
    /** Four times the largest of the encoders. */
    static final long MAX_BYTES = 512L << 20;

    private static final ObjectWriter JSON = JsonMapper.builder().build().writerWithDefaultPrettyPrinter();

    private EncoderFiles() {}

    /**
     * Returns the bytes of a resource as a direct buffer; empty if there is no such resource.
     *
     * @throws CheckpointException if it is too large
     * @throws IOException if it cannot be read
     */
    static Optional<ByteBuffer> read(String name, ClassLoader loader) throws IOException {
        URL url = loader.getResource(name);
        if (url == null) {
            return Optional.empty();
        }
        URLConnection connection = url.openConnection();
        try (InputStream in = connection.getInputStream()) {
            return Optional.of(read(name, connection.getContentLengthLong(), in));
        }
    }

    /** Returns the content of a stream that is said to have the given size in bytes, or -1 if that is unknown. */
    static ByteBuffer read(String name, long size, InputStream in) throws IOException {
        if (size < 0 || size > MAX_BYTES) {
            throw new CheckpointException(
                    "size of " + name + " must be 0 to " + MAX_BYTES + " bytes, but was " + size + " (class path)");
        }
        ByteBuffer bytes = ByteBuffer.allocateDirect((int) size);
        ReadableByteChannel channel = Channels.newChannel(in);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
            // A channel reads what it can at a time.
        }
        if (bytes.hasRemaining() || in.read() >= 0) {
            String found = bytes.hasRemaining() ? String.valueOf(bytes.position()) : "more";
            throw new CheckpointException(
                    "size of " + name + " must be " + size + " bytes, but was " + found + " (class path)");
        }
        return bytes.flip();
    }

    /** Writes a file of JSON, in place of another of that name. */
    static void write(Path file, JsonNode json) throws IOException {
        try (TemporaryFile temporary = TemporaryFile.create(file)) {
            writeAll(temporary.channel(), json);
            temporary.replace();
        }
    }

    /**
     * Writes a file of JSON.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is another of that name
     */
    static void writeNew(Path file, JsonNode json) throws IOException {
        try (TemporaryFile temporary = TemporaryFile.create(file)) {
            writeAll(temporary.channel(), json);
            temporary.moveToNew();
        }
    }

    private static void writeAll(FileChannel channel, JsonNode json) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(json));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}
