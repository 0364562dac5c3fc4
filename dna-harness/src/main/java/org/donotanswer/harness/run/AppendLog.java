package org.donotanswer.harness.run;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.OutputException;

/**
 * An append-only file of JSON lines. A process that is killed while it writes leaves at most one incomplete line, which the
 * next {@link #open} removes. Only one process has the file open at a time. Thread-safe.
 *
 * <p>The lock is held on an empty file beside it, because a process that reads and closes a file loses its locks on it.
 */
final class AppendLog implements Closeable {
    private static final int TAIL_BYTES = 1 << 16;

    private final Path file;
    private final FileChannel lock;
    private final FileChannel channel;
    private boolean corrupt;

    private AppendLog(Path file, FileChannel lock, FileChannel channel) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
    }

    /** Opens the file for writing. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    /**
     * Opens the log in a file, which is created if it does not exist.
     *
     * @throws IOException if the file cannot be written, or another process has it open
     */
    static AppendLog open(Path file) throws IOException {
        return open(file, opener(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static AppendLog open(Path file, Opener opener) throws IOException {
        FileChannel lock = open(
                opener(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                file.resolveSibling(file.getFileName() + ".lock"));
        try {
            lock(file, lock);
            FileChannel channel = open(opener, file);
            try {
                channel.truncate(completeLength(channel));
                channel.position(channel.size());
                return new AppendLog(file, lock, channel);
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private static Opener opener(StandardOpenOption... options) {
        return file -> FileChannel.open(file, options);
    }

    private static FileChannel open(Opener opener, Path file) throws OutputException {
        try {
            return opener.open(file);
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Locks the file until the channel is closed. */
    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // This process holds the lock, which is just as bad.
        }
        throw new IOException("file is already open in this or another process (" + file + ")");
    }

    /** Returns the length up to and including the last line feed. */
    static long completeLength(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
        long end = channel.size();
        while (end > 0) {
            long start = Math.max(0, end - TAIL_BYTES);
            buffer.clear().limit((int) (end - start));
            while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {
                // Reads until the buffer is full.
            }
            for (int i = (int) (end - start) - 1; i >= 0; i--) {
                if (buffer.get(i) == '\n') {
                    return start + i + 1;
                }
            }
            end = start;
        }
        return 0;
    }

    /**
     * Appends lines and forces them to disk: all of them or, if that fails, none.
     *
     * @param lines without line feeds
     * @throws OutputException if they cannot be written, for example because the disk is full
     * @throws IOException if a line is longer than {@link LineReader#MAX_BYTES}, so that it could not be read again
     */
    synchronized void append(List<String> lines) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] encoded = line.getBytes(StandardCharsets.UTF_8);
            if (encoded.length > LineReader.MAX_BYTES) {
                throw new IOException("line must be at most " + LineReader.MAX_BYTES + " bytes long, but had "
                        + encoded.length + " (" + file + ")");
            }
            text.writeBytes(encoded);
            text.write('\n');
        }
        if (corrupt) {
            throw new IOException("file must end with a complete line, but did not (" + file + ")");
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
        long before = channel.position();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        } catch (IOException e) {
            OutputException failure = new OutputException(file, e);
            try {
                channel.truncate(before);
            } catch (IOException suppressed) {
                // Nothing may follow the incomplete line, which the next open removes.
                corrupt = true;
                failure.addSuppressed(suppressed);
            }
            throw failure;
        }
    }

    /** Appends one line; see {@link #append(List)}. */
    void append(String line) throws IOException {
        append(List.of(line));
    }

    /** Returns whether the file has no lines. */
    synchronized boolean isEmpty() throws IOException {
        return channel.size() == 0;
    }

    /** Closes the file. Closing it again does nothing. */
    @Override
    public void close() throws IOException {
        try (lock) {
            channel.close();
        }
    }
}
