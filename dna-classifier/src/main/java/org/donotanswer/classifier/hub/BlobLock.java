package org.donotanswer.classifier.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/** Lets only one thread of one process at a time work on a blob. Thread-safe. */
final class BlobLock {
    private static final int STRIPES = 64;

    /** File locks exclude other processes only; within a process, a second lock on the same file is an error. */
    private static final ReentrantLock[] WITHIN_PROCESS =
            IntStream.range(0, STRIPES).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    private BlobLock() {}

    /** An action that reads and writes files. */
    interface LockedAction {
        void run() throws IOException, InterruptedException;
    }

    /** Runs an action while holding the lock of a file, which is created if necessary. */
    static void run(Path file, LockedAction action) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        ReentrantLock within = WITHIN_PROCESS[Math.floorMod(file.hashCode(), WITHIN_PROCESS.length)];
        within.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new HubException("lock must be valid, but was not (" + file + ")");
            }
            action.run();
        } catch (OverlappingFileLockException e) {
            throw new HubException(
                    "lock must be free in this process, but was held by another copy of the library (" + file + ")", e);
        } finally {
            within.unlock();
        }
    }
}
