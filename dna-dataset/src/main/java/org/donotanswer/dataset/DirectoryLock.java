package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Runs work in a directory in one thread of one process at a time. */
final class DirectoryLock {
    private static final String LOCK_FILE = ".lock";
    /** Guards against other threads: a file lock excludes other processes only, and a second one in this process fails. */
    private static final ReentrantLock PROCESS_LOCK = new ReentrantLock();

    private DirectoryLock() {}

    /** Work that reads and writes files. */
    interface Work {
        void run() throws IOException;
    }

    /** Runs the work as soon as no other thread or process works in the directory, which is created if absent. */
    static void run(Path directory, Work work) throws IOException {
        Files.createDirectories(directory);
        PROCESS_LOCK.lock();
        try (FileChannel channel = FileChannel.open(
                        directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("lock must be valid, but was not (" + directory.resolve(LOCK_FILE) + ")");
            }
            work.run();
        } finally {
            PROCESS_LOCK.unlock();
        }
    }
}
