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

/** Lets one thread of one process at a time work on a blob. */
final class BlobLock {
    /** File locks hold between processes only; within one, a second lock on a file is an error. */
    private static final ReentrantLock[] WITHIN_PROCESS =
            IntStream.range(0, 64).mapToObj(i -> new ReentrantLock()).toArray(ReentrantLock[]::new);

    private BlobLock() {}

    /** LockedAction that reads and writes files. */
    interface LockedAction {
        void run() throws IOException, InterruptedException;
    }

    /** Runs the work when the lock, whose file is made if need be, is free. */
    static void run(Path file, LockedAction work) throws IOException, InterruptedException {
        Files.createDirectories(file.getParent());
        ReentrantLock within = WITHIN_PROCESS[Math.floorMod(file.hashCode(), WITHIN_PROCESS.length)];
        within.lockInterruptibly();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (!lock.isValid()) {
                throw new HubException("lock must be valid, but was not (" + file + ")");
            }
            work.run();
        } catch (OverlappingFileLockException e) {
            throw new HubException("lock must be free in this process, but another copy of the library has it", e);
        } finally {
            within.unlock();
        }
    }
}
