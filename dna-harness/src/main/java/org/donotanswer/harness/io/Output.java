package org.donotanswer.harness.io;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * A destination of results: the standard output, or a file that is written under a temporary name and moved to its own name
 * when it is complete. Not thread-safe.
 */
public final class Output implements Closeable {
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream stream;
    private final boolean standard;
    private final Optional<Path> temporary;
    private final Path target;
    private boolean committed;

    private Output(OutputStream stream, boolean standard, Optional<Path> temporary, Path target) {
        this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
        this.standard = standard;
        this.temporary = temporary;
        this.target = target;
    }

    /** Returns the standard output. It is not closed. */
    public static Output standard(OutputStream out) {
        return new Output(out, true, Optional.empty(), Path.of("-"));
    }

    /**
     * Returns a file. If it exists, it is replaced when the output is complete; a device or pipe is written to directly.
     *
     * @throws IOException if it cannot be written, or is a directory or in none
     */
    public static Output file(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("output must be a file, but was a directory (" + file + ")");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return new Output(Files.newOutputStream(file), false, Optional.empty(), file);
        }
        // Replaces the target of a link, not the link.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("directory of the output must exist, but was missing (" + file + ")");
        }
        Path temporary = target.resolveSibling(
                target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        // In case the process is interrupted. After the move, there is nothing left to delete.
        temporary.toFile().deleteOnExit();
        return new Output(Files.newOutputStream(temporary), false, Optional.of(temporary), target);
    }

    /** Returns the buffered stream to write to. */
    public OutputStream stream() {
        return stream;
    }

    /**
     * Returns the temporary file, for writers that need a path instead of a stream.
     *
     * @throws IOException if the output is not a regular file
     */
    public Path temporary() throws IOException {
        return temporary.orElseThrow(
                () -> new IOException("output must be a regular file, but was not (" + target + ")"));
    }

    /**
     * Declares the output complete and moves the file to its name.
     *
     * @throws IOException if that fails
     */
    public void commit() throws IOException {
        stream.flush();
        if (temporary.isPresent()) {
            stream.close();
            move(temporary.get(), target);
        }
        committed = true;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Closes the file, and deletes it if it is not complete. */
    @Override
    public void close() throws IOException {
        if (standard || (committed && temporary.isPresent())) {
            return;
        }
        try {
            stream.close();
        } finally {
            if (temporary.isPresent()) {
                Files.deleteIfExists(temporary.get());
            }
        }
    }
}
