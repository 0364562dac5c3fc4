package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** Lets one thread of one process at a time work in a directory. */
final class DirectoryLock {
    private static final String FILE = ".lock";
    /** File locks hold between processes only; within one, a second lock on a file is an error. */
    private static final ReentrantLock WITHIN_PROCESS = new ReentrantLock();

    private DirectoryLock() {}

    /** Work that reads and writes files. */
    interface Work {
        void run() throws IOException;
    }

    /** Runs the work when the directory, which is made if need be, is free. */
    static void run(Path directory, Work work) throws IOException {
        Files.createDirectories(directory);
        WITHIN_PROCESS.lock();
        try (FileChannel channel =
                        FileChannel.open(directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new IOException("lock must be valid, but was not (" + directory.resolve(FILE) + ")");
            }
            work.run();
        } finally {
            WITHIN_PROCESS.unlock();
        }
    }
}
