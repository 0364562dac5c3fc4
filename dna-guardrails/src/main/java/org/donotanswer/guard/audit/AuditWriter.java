package org.donotanswer.guard.audit;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.donotanswer.internal.DaemonThreads;

/** Writes entries from a bounded queue on its own thread. Thread-safe. */
final class AuditWriter {
    /** Maximum number of chars of plain texts in the queue, so that long texts do not fill the memory. */
    static final long MAX_HELD_CHARS = 8 << 20;

    private static final System.Logger LOGGER = System.getLogger(AuditLog.class.getName());

    private final AuditFile file;
    private final int capacity;
    private final Consumer<IOException> onFailure;
    private final Clock clock;

    /** Guards everything that is not the thread's own. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition work = lock.newCondition();
    private final Condition progress = lock.newCondition();
    private final Deque<AuditEntry> queue = new ArrayDeque<>();
    private long heldChars;
    private long accepted;
    private long written;
    private long failed;
    private long dropped;
    /** Up to which accepted entry the file is wanted on the disk, and up to which it is. */
    private long forceWanted;

    private long forced;
    private boolean closed;
    private boolean ended;

    // Used by the thread only.
    private long lostAndReported;
    private boolean failing;

    AuditWriter(AuditFile file, int capacity, Consumer<IOException> onFailure, Clock clock) {
        this.file = file;
        this.capacity = capacity;
        this.onFailure = onFailure;
        this.clock = clock;
        DaemonThreads.unstarted("dna-audit", this::run).start();
    }

    /** The default failure action. */
    static void log(IOException failure) {
        LOGGER.log(System.Logger.Level.WARNING, "audit log could not be written; verdicts are lost", failure);
    }

    void add(AuditEntry entry) {
        lock.lock();
        try {
            if (!hasRoom()) {
                dropped++;
                return;
            }
            queue.add(entry);
            heldChars += entry.heldChars();
            accepted++;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether an entry may be added. An empty queue has room for one of any length. */
    private boolean hasRoom() {
        if (closed || ended) {
            return false;
        }
        return queue.isEmpty() || (queue.size() < capacity && heldChars < MAX_HELD_CHARS);
    }

    long written() {
        return read(() -> written);
    }

    long failed() {
        return read(() -> failed);
    }

    long dropped() {
        return read(() -> dropped);
    }

    private long read(java.util.function.LongSupplier counter) {
        lock.lock();
        try {
            return counter.getAsLong();
        } finally {
            lock.unlock();
        }
    }

    boolean flush(Duration timeout) throws InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            long wanted = accepted;
            forceWanted = Math.max(forceWanted, wanted);
            work.signal();
            while (forced < wanted && !ended && left > 0) {
                left = progress.awaitNanos(left);
            }
            return forced >= wanted;
        } finally {
            lock.unlock();
        }
    }

    void close(Duration patience) {
        long left = patience.toNanos();
        lock.lock();
        try {
            closed = true;
            work.signal();
            while (!ended && left > 0) {
                left = progress.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // The thread goes on to write what is queued.
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (work()) {
                // Runs until the log is closed and its queue empty.
            }
        } finally {
            attempt(file::close);
            lock.lock();
            try {
                ended = true;
                failed += queue.size();
                queue.clear();
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Writes everything that is queued; returns whether there may be more. */
    private boolean work() {
        List<AuditEntry> batch;
        boolean force;
        boolean last;
        lock.lock();
        try {
            while (queue.isEmpty() && !closed && forced >= forceWanted) {
                work.awaitUninterruptibly();
            }
            batch = new ArrayList<>(queue);
            queue.clear();
            heldChars = 0;
            force = closed || forceWanted > forced;
            last = closed;
        } finally {
            lock.unlock();
        }
        batch.forEach(this::write);
        if (last) {
            reportLost();
        }
        if (force) {
            force();
        }
        return !last;
    }

    private void write(AuditEntry entry) {
        boolean success = reportLost() && attempt(() -> file.append(entry.line()));
        lock.lock();
        try {
            if (success) {
                written++;
            } else {
                failed++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Writes a line that reports how many verdicts were lost since the last such line, if any were. */
    private boolean reportLost() {
        long lost = read(() -> dropped + failed);
        if (lost == lostAndReported) {
            return true;
        }
        boolean reported = attempt(() -> file.append(AuditEntry.lineOfLost(clock.instant(), lost - lostAndReported)));
        if (reported) {
            lostAndReported = lost;
        }
        return reported;
    }

    private void force() {
        attempt(file::force);
        lock.lock();
        try {
            // At least it was tried; a failure is reported to the failure action.
            forced = written + failed;
            progress.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private interface Action {
        void run() throws IOException;
    }

    /** Runs an action; whatever it throws is a failure of this one action, so that the thread goes on to the next entry. */
    private boolean attempt(Action action) {
        IOException failure;
        try {
            action.run();
            failing = false;
            return true;
        } catch (IOException e) {
            failure = e;
        } catch (RuntimeException | Error e) {
            failure = new IOException("line of the audit log could not be made", e);
        }
        if (!failing) {
            failing = true;
            tell(failure);
        }
        return false;
    }

    /** Runs the failure action. It is third-party code, and so are the handlers of a logger: neither must end the log. */
    private void tell(IOException failure) {
        try {
            onFailure.accept(failure);
        } catch (RuntimeException | Error e) {
            try {
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "failure action of the audit log threw an exception, which it must not",
                        e);
            } catch (RuntimeException | Error ignored) {
                // There is nobody left to tell; the counters of the log have it.
            }
        }
    }
}
