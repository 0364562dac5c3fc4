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
 * A file of JSON lines that only ever grows. A process that is killed while it writes leaves at most one line without its
 * end, which the next to open the file cuts off. Thread-safe; one at a time has the file open.
 *
 * <p>The lock is on an empty file beside it, as a process that reads and closes a file loses its locks on that file.
 */
final class AppendLog implements Closeable {
    private static final int TAIL_BYTES = 1 << 16;

    private final Path file;
    private final FileChannel lock;
    private final FileChannel channel;
    private boolean broken;

    private AppendLog(Path file, FileChannel lock, FileChannel channel) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
    }

    /** Opens the file to write to. */
    @FunctionalInterface
    interface Opener {
        FileChannel open(Path file) throws IOException;
    }

    /**
     * Returns the log in a file, which is created if need be.
     *
     * @throws IOException if the file cannot be written, or another process has it open
     */
    static AppendLog open(Path file) throws IOException {
        return open(
                file,
                path -> FileChannel.open(
                        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    static AppendLog open(Path file, Opener opener) throws IOException {
        FileChannel lock = opened(
                file.resolveSibling(file.getFileName() + ".lock"),
                path -> FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE));
        try {
            lock(file, lock);
            FileChannel channel = opened(file, opener);
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

    private static FileChannel opened(Path file, Opener opener) throws OutputException {
        try {
            return opener.open(file);
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Locks the file for as long as it is open. */
    private static void lock(Path file, FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Held by this process: the same answer.
        }
        throw new IOException("file must be free to write, but was in use by another process (" + file + ")");
    }

    /** Returns the length up to and with the last line feed. */
    static long completeLength(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
        long end = channel.size();
        while (end > 0) {
            long start = Math.max(0, end - TAIL_BYTES);
            buffer.clear().limit((int) (end - start));
            while (buffer.hasRemaining() && channel.read(buffer, start + buffer.position()) >= 0) {
                // Reads on until the buffer is full.
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
     * Appends lines, and returns when they are on the disk: all of them, or, if that fails, none.
     *
     * @param lines without line feeds
     * @throws OutputException if they cannot be written, as where the disk is full
     * @throws IOException if one is longer than {@link LineReader#MAX_BYTES}, which nobody would read
     */
    synchronized void append(List<String> lines) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (String line : lines) {
            byte[] encoded = line.getBytes(StandardCharsets.UTF_8);
            if (encoded.length > LineReader.MAX_BYTES) {
                throw new IOException("line must be at most " + LineReader.MAX_BYTES + " bytes long, but was of "
                        + encoded.length + " (" + file + ")");
            }
            text.writeBytes(encoded);
            text.write('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(text.toByteArray());
        if (broken) {
            throw new IOException("file must be sound, but was left with half a line (" + file + ")");
        }
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
            } catch (IOException alsoFailed) {
                // Nothing more may follow what is there of the line; the next to open the file cuts it off.
                broken = true;
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }

    /** Appends one line; see {@link #append(List)}. */
    void append(String line) throws IOException {
        append(List.of(line));
    }

    /** Returns whether there is no line. */
    synchronized boolean isEmpty() throws IOException {
        return channel.size() == 0;
    }

    /** Returns the file. */
    Path file() {
        return file;
    }

    /** Closes the file. Closing it again does nothing. */
    @Override
    public void close() throws IOException {
        try (lock) {
            channel.close();
        }
    }
}
