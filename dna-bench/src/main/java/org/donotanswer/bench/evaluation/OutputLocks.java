package org.donotanswer.bench.evaluation;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.internal.TemporaryFile;

/** Keeps other processes from writing the same outputs meanwhile, by temporary files beside them. Not thread-safe. */
final class OutputLocks implements Closeable {
    private final Map<Path, TemporaryFile> held = new HashMap<>();
    private final Path base;

    /**
     * Creates locks.
     *
     * @param base locked until these are closed
     * @throws IOException as {@link #acquire}
     */
    OutputLocks(Path base) throws IOException {
        this.base = base;
        acquire(base);
    }

    /**
     * Locks an output, unless it is locked by this.
     *
     * @throws TemporaryFile.InUseException if another process, or another thread of this one, writes it
     * @throws IOException if it cannot be locked
     */
    void acquire(Path output) throws IOException {
        if (held.containsKey(output)) {
            return;
        }
        try {
            held.put(output, TemporaryFile.create(output));
        } catch (FileSystemException e) {
            throw new OutputException(output, e);
        }
    }

    /** Returns the outputs that are locked. */
    List<Path> held() {
        return List.copyOf(held.keySet());
    }

    /** Unlocks an output unless it is the base. */
    void release(Path output) throws IOException {
        if (!output.equals(base)) {
            unlock(output);
        }
    }

    private void unlock(Path output) throws IOException {
        TemporaryFile lock = held.remove(output);
        if (lock != null) {
            lock.close();
        }
    }

    @Override
    public void close() throws IOException {
        for (Path output : held()) {
            unlock(output);
        }
    }
}
