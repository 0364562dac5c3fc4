package org.donotanswer.harness.run;

import com.google.common.io.ByteStreams;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.NoSuchElementException;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.IdIndex;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.harness.io.LineReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the responses or the reviews of a run, one in memory at a time. It reads what was complete when it was opened. Not
 * thread-safe.
 *
 * <pre>{@code
 * try (RunReader<CollectedResponse> responses = run.readResponses()) {
 *     for (CollectedResponse response = responses.next(); response != null; response = responses.next()) {
 *         ...
 *     }
 * }
 * }</pre>
 *
 * @param <T> {@link CollectedResponse} or {@link StoredReview}
 */
public final class RunReader<T> implements Closeable {
    private final Path file;
    private final @Nullable FileChannel channel;
    private final long length;
    private final JsonRecord.Mapping<T> mapping;
    private final IdIndex ids = new IdIndex();
    private LineReader lines;
    /** Where the lines of the reader start in the file. */
    private long start;
    /** Where the last record starts in the file. */
    private long position;

    private RunReader(Path file, @Nullable FileChannel channel, long length, JsonRecord.Mapping<T> mapping) {
        this.file = file;
        this.channel = channel;
        this.length = length;
        this.mapping = mapping;
        lines = new LineReader(
                channel == null
                        ? InputStream.nullInputStream()
                        : ByteStreams.limit(Channels.newInputStream(channel), length));
    }

    /** Opens a file; one that does not exist has no records. */
    static <T> RunReader<T> open(Path file, JsonRecord.Mapping<T> mapping) throws IOException {
        if (!Files.exists(file)) {
            return new RunReader<>(file, null, 0, mapping);
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new RunReader<>(file, channel, AppendLog.completeLength(channel), mapping);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /**
     * Returns the next record, or null at the end.
     *
     * @throws BadInputException if a line is malformed or repeats an id
     * @throws IOException if the file cannot be read
     */
    public @Nullable T next() throws IOException {
        position = start + lines.position();
        LineReader.Line line = lines.next();
        if (line == null) {
            return null;
        }
        JsonRecord json = JsonRecord.parse(line, file.toString());
        T value = mapping.map(json);
        if (!ids.add(json.string("id"))) {
            throw new BadInputException("id must be unique, but was repeated", json.file(), json.line(), "id");
        }
        return value;
    }

    /**
     * Reads and checks all records that are left.
     *
     * @return the number of records of the file
     * @throws IOException as {@link #next}
     */
    public int skipAll() throws IOException {
        while (next() != null) {
            // Each is checked.
        }
        return ids.size();
    }

    /** Returns whether the file had no records when it was opened. */
    boolean isEmpty() {
        return length == 0;
    }

    /** Returns the ids so far, numbered in the order of the file; they grow with each record. */
    public IdIndex ids() {
        return ids;
    }

    /** Returns the position of the last record, for {@link #at}. */
    public long position() {
        return position;
    }

    /**
     * Returns the record at a position, after all were read by {@link #next}. Records are read fastest in the order of the file.
     *
     * @throws IOException if the file cannot be read, or was overwritten meanwhile
     */
    public T at(long recordPosition) throws IOException {
        if (channel == null) {
            throw new NoSuchElementException("no records");
        }
        if (start + lines.position() != recordPosition) {
            channel.position(recordPosition);
            start = recordPosition;
            lines = new LineReader(ByteStreams.limit(Channels.newInputStream(channel), length - start));
        }
        LineReader.Line line = lines.next();
        if (line == null) {
            throw new IOException("file must not change while it is read, but did (" + file + ")");
        }
        return mapping.map(JsonRecord.parse(line, file.toString()));
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
