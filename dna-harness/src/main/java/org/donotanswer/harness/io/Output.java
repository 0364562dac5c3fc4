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
 * Where results are written: the standard output, or a file that appears under its name, or replaces the one that was there,
 * only when it is complete. Not thread-safe.
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

    /** Returns the standard output, which is not closed. */
    public static Output standard(OutputStream out) {
        return new Output(out, true, Optional.empty(), Path.of("-"));
    }

    /**
     * Returns a file.
     *
     * @throws IOException if it cannot be written
     */
    public static Output file(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException("output must be a file, but was a directory (" + file + ")");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            // A device or pipe, such as /dev/null, is written to and not replaced.
            return new Output(Files.newOutputStream(file), false, Optional.empty(), file);
        }
        // The file that a link leads to is replaced, not the link.
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path directory = target.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IOException("directory of the output must exist, but was missing (" + file + ")");
        }
        Path temporary = target.resolveSibling(
                target.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        // Also where the process is interrupted. Once the file has its own name, there is nothing to delete.
        temporary.toFile().deleteOnExit();
        return new Output(Files.newOutputStream(temporary), false, Optional.of(temporary), target);
    }

    public OutputStream stream() {
        return stream;
    }

    /**
     * Returns the file to write to until the output is complete.
     *
     * @throws IOException if the output is no file that can be replaced
     */
    public Path temporary() throws IOException {
        return temporary.orElseThrow(
                () -> new IOException("output must be a regular file, but was not (" + target + ")"));
    }

    /** Declares the output complete: a file gets its name. */
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

    /** Closes a file; one that is not complete is deleted. */
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
