package org.donotanswer.harness.io;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.donotanswer.internal.TemporaryFile;
import org.jspecify.annotations.Nullable;

/**
 * A destination of results: the standard output, or a file that is written under a temporary name and moved to its own name
 * when it is complete. A file that is replaced keeps its permissions; a link stays a link. What a killed process left is
 * deleted by the next that writes the same file; while one writes it, others fail. Not thread-safe.
 */
public final class Output implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_LINKS = 40;
    /** Names of the streams of this process, which may be files. */
    private static final List<Path> STREAMS =
            List.of(Path.of("/dev/stdout"), Path.of("/dev/stderr"), Path.of("/dev/fd"));

    private final OutputStream stream;
    private final Optional<TemporaryFile> temporary;
    private final Path file;
    private final Path target;
    private final boolean isReplacing;
    private final boolean isStandard;

    private Output(
            OutputStream stream, Optional<TemporaryFile> temporary, Path file, Path target, boolean isReplacing) {
        this.isStandard = false;
        this.stream = new BufferedOutputStream(new FileStream(stream, file), BUFFER_BYTES);
        this.temporary = temporary;
        this.file = file;
        this.target = target;
        this.isReplacing = isReplacing;
    }

    private Output(OutputStream standard) {
        isStandard = true;
        stream = new BufferedOutputStream(standard, BUFFER_BYTES);
        temporary = Optional.empty();
        file = Path.of("-");
        target = file;
        isReplacing = false;
    }

    /** Names the file in failures, for example when the disk is full. */
    private static final class FileStream extends FilterOutputStream {
        private final Path file;

        FileStream(OutputStream out, Path file) {
            super(out);
            this.file = file;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw new OutputException(file, e);
            }
        }
    }

    /** Returns the standard output. It is not closed. */
    public static Output standard(OutputStream out) {
        return new Output(out);
    }

    /**
     * Returns a new file, which appears when the output is complete. A device or pipe is written to directly.
     *
     * @throws IOException if it exists, cannot be written, is a directory or in none, or is being written in this or another
     *     process
     */
    public static Output file(Path file) throws IOException {
        return open(file, false);
    }

    /**
     * Returns a file that replaces the one of that name, if there is one, when the output is complete; otherwise as
     * {@link #file}.
     *
     * @throws IOException if it cannot be written, is a directory or in none, or is being written in this or another process
     */
    public static Output replacing(Path file) throws IOException {
        return open(file, true);
    }

    private static Output open(Path file, boolean isReplacing) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("output must be a file, but was a directory (" + file + ")");
        }
        if (isDevice(file)) {
            // Appends, as /dev/stdout may be a file that already has something in it.
            OutputStream device = Files.newOutputStream(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            return new Output(device, Optional.empty(), file, file, true);
        }
        Path target = target(file);
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("directory of the output must exist, but was missing (" + file + ")");
        }
        if (Files.exists(target)) {
            if (!isReplacing) {
                throw exists(file, null);
            }
            if (!Files.isWritable(target)) {
                throw new IOException("output must be writable, but was not (" + file + ")");
            }
        }
        TemporaryFile temporary;
        try {
            temporary = TemporaryFile.create(target);
        } catch (FileSystemException e) {
            throw new OutputException(file, e);
        }
        return new Output(
                Channels.newOutputStream(temporary.channel()), Optional.of(temporary), file, target, isReplacing);
    }

    private static IOException exists(Path file, @Nullable FileAlreadyExistsException cause) {
        return new IOException("output must not exist, but did (" + file + ")", cause);
    }

    /** Returns whether the path names a device, a pipe or a stream of this process, which is written to directly. */
    public static boolean isDevice(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        return (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file))
                || STREAMS.stream().anyMatch(absolute::startsWith);
    }

    /**
     * Returns the absolute path of the file that would be written: links are followed, also those to files that do not exist.
     *
     * @throws IOException if links form a circle, or cannot be read
     */
    public static Path target(Path file) throws IOException {
        Path target = file.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(target); links++) {
            if (links == MAX_LINKS) {
                throw new IOException("output must not be a link to itself, but was (" + file + ")");
            }
            target = target.resolveSibling(Files.readSymbolicLink(target));
        }
        Path directory = target.getParent();
        return directory == null || target.getFileName() == null || !Files.isDirectory(directory)
                ? target.normalize()
                : directory.toRealPath().resolve(target.getFileName());
    }

    /** Returns the buffered stream to write to. */
    public OutputStream stream() {
        return stream;
    }

    /**
     * Declares the output complete and moves the file to its name.
     *
     * @throws IOException if that fails, or there is a file of that name by now that must not be replaced
     */
    public void commit() throws IOException {
        commit(false);
    }

    /**
     * Declares the output complete, as {@link #commit}, and forces it to disk, so that not even a failure of the machine
     * loses it.
     *
     * @throws IOException as {@link #commit}
     */
    public void commitToDisk() throws IOException {
        commit(true);
    }

    private void commit(boolean toDisk) throws IOException {
        stream.flush();
        if (temporary.isEmpty()) {
            return;
        }
        try {
            if (toDisk) {
                temporary.get().force();
            }
            if (isReplacing) {
                temporary.get().replace();
            } else {
                temporary.get().moveToNew();
            }
            if (toDisk) {
                TemporaryFile.forceDirectory(target.getParent());
            }
        } catch (FileAlreadyExistsException e) {
            throw exists(file, e);
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Closes the file, and deletes it if it is not complete. */
    @Override
    public void close() throws IOException {
        if (temporary.isPresent()) {
            // Not the stream, which would write the rest of an incomplete file first.
            temporary.get().close();
        } else if (!isStandard) {
            stream.close();
        }
    }
}
