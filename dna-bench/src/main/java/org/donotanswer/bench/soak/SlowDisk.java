package org.donotanswer.bench.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.donotanswer.guard.GuardListener;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.audit.AuditLog;
import org.donotanswer.internal.DaemonThreads;

/** An audit log that is written into a named pipe, from which it is read slowly. Thread-safe. */
final class SlowDisk implements GuardListener, AutoCloseable {
    /** How long the disk takes for each block. */
    private static final long BLOCK_NANOS = 2_000_000;

    private static final int BLOCK_BYTES = 4_096;
    private static final int QUEUE = 64;

    private final Path pipe;
    private final AuditLog log;
    private final Thread reader;
    private final AtomicLong received = new AtomicLong();

    private SlowDisk(Path pipe) throws IOException {
        this.pipe = pipe;
        reader = DaemonThreads.unstarted("soak-slow-disk", this::read);
        reader.start();
        log = AuditLog.builder().queue(QUEUE).onFailure(SlowDisk::ignore).open(pipe);
    }

    /** A pipe cannot be forced to the disk, which is no loss. */
    private static void ignore(IOException failure) {}

    /** Returns a slow disk; empty where there are no named pipes. */
    static Optional<SlowDisk> open(Path directory) throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe");
        try {
            Process process = new ProcessBuilder("mkfifo", pipe.toString()).start();
            return process.waitFor() == 0 ? Optional.of(new SlowDisk(pipe)) : Optional.empty();
        } catch (IOException e) {
            if (Files.exists(pipe)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private void read() {
        byte[] block = new byte[BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(pipe)) {
            while (in.read(block) >= 0) {
                LockSupport.parkNanos(BLOCK_NANOS);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void checked(Verdict verdict, String instruction, String text) {
        received.incrementAndGet();
        log.checked(verdict, instruction, text);
    }

    /** Returns a stream that takes long for each write. */
    static OutputStream slow(OutputStream out) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                LockSupport.parkNanos(BLOCK_NANOS);
                out.write(value);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                LockSupport.parkNanos(BLOCK_NANOS);
                out.write(bytes, offset, length);
            }
        };
    }

    /** Returns what became of the verdicts, after {@link #close}. */
    AuditCount count() {
        return AuditCount.of(received.get(), log);
    }

    /** Waits until the log has written what is queued. */
    @Override
    public void close() throws IOException {
        log.close();
        boolean interrupted = Thread.interrupted();
        try {
            reader.join();
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        Files.deleteIfExists(pipe);
    }
}
