package org.donotanswer.guard.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A file in memory, on a disk that can be full or stop responding. */
final class FakeFile implements AuditFile {
    private final List<String> lines = new ArrayList<>();
    private boolean full;
    private @Nullable Error failure;
    private int forced;
    private int closed;
    /** Counted down when a line arrives, and awaited before it is written. */
    final CountDownLatch reached = new CountDownLatch(1);

    final CountDownLatch gate;

    FakeFile() {
        this(new CountDownLatch(0));
    }

    FakeFile(CountDownLatch gate) {
        this.gate = gate;
    }

    @Override
    public void append(byte[] line) throws IOException {
        reached.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        synchronized (this) {
            Error thrown = failure;
            failure = null;
            if (thrown != null) {
                throw thrown;
            }
            if (full) {
                throw new IOException("No space left on device");
            }
            lines.add(new String(line, StandardCharsets.UTF_8));
        }
    }

    synchronized void setFull(boolean value) {
        full = value;
    }

    synchronized void failNextWith(Error value) {
        failure = value;
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public synchronized void force() {
        forced++;
    }

    synchronized int forced() {
        return forced;
    }

    @Override
    public synchronized void close() {
        closed++;
    }

    synchronized int closed() {
        return closed;
    }
}
