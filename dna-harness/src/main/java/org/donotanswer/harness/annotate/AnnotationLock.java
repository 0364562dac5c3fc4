package org.donotanswer.harness.annotate;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.harness.run.RunDirectory;

/**
 * The right to change the annotations of runs, which one thread of one process has at a time; the others wait. It ends with
 * the process at the latest. Not thread-safe.
 */
final class AnnotationLock implements Closeable {
    private static final String LOCK_FILE = "annotations.lock";
    /** Guards against other threads: a file lock excludes other processes only, and a second one in this process fails. */
    private static final ReentrantLock PROCESS_LOCK = new ReentrantLock();

    private final List<FileLock> locks = new ArrayList<>();

    private AnnotationLock() {
        PROCESS_LOCK.lock();
    }

    /** Returns the right to change the annotations of the runs, as soon as nobody else has it. */
    static AnnotationLock of(List<RunDirectory> runs) throws IOException {
        // In the same order in every process, so that no two wait for each other.
        SortedSet<Path> directories = new TreeSet<>();
        for (RunDirectory run : runs) {
            directories.add(run.path().toRealPath());
        }
        AnnotationLock lock = new AnnotationLock();
        try {
            for (Path directory : directories) {
                lock.add(directory.resolve(LOCK_FILE));
            }
            return lock;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private void add(Path file) throws IOException {
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                locks.add(channel.lock());
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new OutputException(file, e);
        }
    }

    /** Throws if the right has been lost. */
    void requireHeld() throws IOException {
        for (FileLock lock : locks) {
            if (!lock.isValid()) {
                throw new IOException("lock of the annotations must be valid, but was not");
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            for (FileLock lock : locks) {
                lock.acquiredBy().close();
            }
        } finally {
            PROCESS_LOCK.unlock();
        }
    }
}
