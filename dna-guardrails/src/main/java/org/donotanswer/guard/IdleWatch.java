package org.donotanswer.guard;

import org.jspecify.annotations.Nullable;

/**
 * Watches that a stream's source does not stay silent for too long. Noting a token writes two fields: the timer looks at them
 * when the time might be over, and comes back when it is not. Thread-safe.
 */
final class IdleWatch {
    private final StreamTimer timer;
    private final long timeoutNanos;

    /** Ends the stream and this watch, unless it finds that the source is not {@link #isIdle()}. */
    private final Runnable onIdle;

    private volatile boolean waiting;
    private volatile long since;
    private boolean started;
    private boolean stopped;
    private @Nullable Runnable cancellation;

    /** Makes a watch that sleeps; one without a timeout, which is 0, never wakes. */
    IdleWatch(StreamTimer timer, long timeoutNanos, Runnable onIdle) {
        this.timer = timer;
        this.timeoutNanos = timeoutNanos;
        this.onIdle = onIdle;
    }

    /** Takes note that it is the source's turn, from now on. Not to be called by two threads at a time. */
    void await() {
        if (timeoutNanos == 0) {
            return;
        }
        since = timer.nanoTime();
        waiting = true;
        if (!started) {
            started = true;
            schedule(timeoutNanos);
        }
    }

    /** Takes note that it is not the source's turn. */
    void pause() {
        waiting = false;
    }

    /** Takes note that it was the source's turn all the time since {@link #await}. */
    void resume() {
        waiting = timeoutNanos > 0;
    }

    /** Returns whether the source has been silent for too long. */
    boolean isIdle() {
        return timeoutNanos > 0 && waiting && timer.nanoTime() - since >= timeoutNanos;
    }

    /** Ends the watch. */
    synchronized void stop() {
        stopped = true;
        if (cancellation != null) {
            cancellation.run();
        }
    }

    private synchronized void schedule(long delayNanos) {
        if (!stopped) {
            cancellation = timer.schedule(this::check, delayNanos);
        }
    }

    private void check() {
        long left = timeoutNanos - (timer.nanoTime() - since);
        if (!waiting || left <= 0) {
            left = timeoutNanos;
        }
        if (isIdle()) {
            onIdle.run();
        }
        schedule(left);
    }
}
