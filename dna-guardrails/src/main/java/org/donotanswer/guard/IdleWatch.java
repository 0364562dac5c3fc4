package org.donotanswer.guard;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches that a stream's source does not stay silent for too long. Noting a token counts, and does not look at the clock: the
 * timer comes round a few times within the timeout, and sees whether the count has changed. So a source gets up to a quarter
 * more than the timeout. The stream's own thread notes, one at a time; otherwise thread-safe.
 */
final class IdleWatch {
    private static final int ROUNDS = 4;

    private final StreamTimer timer;
    private final long timeoutNanos;

    /** Ends the stream and this watch, unless it finds that the source is not {@link #isIdle()}. */
    private final Runnable onIdle;

    /** Counts the source's turns: even while it is its turn, and odd while it is not. */
    private final AtomicLong turns = new AtomicLong(1);

    private boolean started;

    // Guarded by this.
    private boolean stopped;
    private @Nullable Runnable cancellation;

    // Written by the timer's thread.
    private long seenTurns = 1;
    private long seenNanos;
    private volatile long idleTurns = 1;

    /** Makes a watch that sleeps; one without a timeout, which is 0, never wakes. */
    IdleWatch(StreamTimer timer, long timeoutNanos, Runnable onIdle) {
        this.timer = timer;
        this.timeoutNanos = timeoutNanos;
        this.onIdle = onIdle;
    }

    /** Takes note that it is the source's turn, from now on. */
    void await() {
        turns.lazySet((turns.getPlain() | 1) + 1);
        if (!started && timeoutNanos > 0) {
            started = true;
            schedule();
        }
    }

    /** Takes note that it is not the source's turn. */
    void pause() {
        turns.lazySet(turns.getPlain() | 1);
    }

    /** Takes note that it was the source's turn all the time since {@link #await}. */
    void resume() {
        turns.lazySet(turns.getPlain() & ~1L);
    }

    /** Returns whether the source has been silent for too long; to be asked when {@code onIdle} is run. */
    boolean isIdle() {
        long now = turns.get();
        return now % 2 == 0 && now == idleTurns;
    }

    /** Ends the watch. */
    synchronized void stop() {
        stopped = true;
        if (cancellation != null) {
            cancellation.run();
        }
    }

    private synchronized void schedule() {
        if (!stopped) {
            cancellation = timer.schedule(this::look, Math.max(1, timeoutNanos / ROUNDS));
        }
    }

    private void look() {
        long now = turns.get();
        if (now % 2 != 0 || now != seenTurns) {
            seenTurns = now;
            seenNanos = timer.nanoTime();
        } else if (timer.nanoTime() - seenNanos >= timeoutNanos) {
            idleTurns = now;
            onIdle.run();
        }
        schedule();
    }
}
