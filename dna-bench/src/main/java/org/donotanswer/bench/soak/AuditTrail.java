package org.donotanswer.bench.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.audit.AuditLog;

/** Logs the verdicts of all guards, in one file after the other, and reads every file when it is complete. Thread-safe. */
final class AuditTrail implements GuardListener, AutoCloseable {
    private static final long MAX_LINES = 20_000;

    private final Path file;
    private final Clock clock;
    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong received = new AtomicLong();

    /** The log that is open; guarded by the lock. */
    private AuditLog log;
    /** Of the logs before; guarded by the lock. */
    private AuditCount closed = AuditCount.NONE;

    AuditTrail(Path directory, Clock clock) throws IOException {
        file = directory.resolve("audit.jsonl");
        this.clock = clock;
        log = open();
    }

    private AuditLog open() throws IOException {
        return AuditLog.builder().clock(clock).open(file);
    }

    @Override
    public void checked(Verdict verdict, String instruction, String text) {
        lock.readLock().lock();
        try {
            received.incrementAndGet();
            log.checked(verdict, instruction, text);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Begins a new file if the current one is long. */
    void rotateIfLong() throws IOException {
        if (received.get() < MAX_LINES || !lock.writeLock().tryLock()) {
            return;
        }
        try {
            if (received.get() >= MAX_LINES) {
                try {
                    end();
                } finally {
                    log = open();
                }
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void end() throws IOException {
        log.close();
        AuditCount count = AuditCount.of(received.getAndSet(0), log);
        closed = closed.plus(count);
        try {
            count.check(AuditLines.read(file));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Returns what became of the verdicts so far; those of the open file count only when it is complete. */
    AuditCount count() {
        lock.readLock().lock();
        try {
            return closed;
        } finally {
            lock.readLock().unlock();
        }
    }

    /**
     * Ends the last file.
     *
     * @throws SoakMismatchException if the file is not what the log counted
     */
    @Override
    public void close() throws IOException {
        lock.writeLock().lock();
        try {
            end();
        } finally {
            lock.writeLock().unlock();
        }
    }
}
