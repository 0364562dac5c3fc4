package org.donotanswer.guard.stream;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Watches that a stream's source does not stay silent for too long, nor brings no text for {@value #PATIENCE} times as long.
 * Noting a token counts, and does not look at the clock: while it is the source's turn, the timer comes round a few times within
 * the timeout, and sees whether the count has changed. So a source gets up to a quarter more than the timeout. The stream's own
 * thread notes, one at a time; otherwise thread-safe.
 *
 * <p>While it is the source's turn, the timer holds the stream, as whoever waits for its end may not; otherwise a stream of which
 * nobody reads more can be forgotten.
 */
final class IdleWatch {
    /** How many timeouts long a source may show that it is at it, and bring no text. */
    static final int PATIENCE = 10;

    private static final int ROUNDS = 4;

    private final StreamTimer timer;
    private final long timeoutNanos;

    /** Ends the stream and this watch, unless it finds that the source is not {@link #isIdle()}. */
    private final Runnable onIdle;

    private final Round round = new Round(this);

    /** Counts the source's signs: even while it is its turn, and odd while it is not. */
    private final AtomicLong signs = new AtomicLong(1);

    /** Counts how often the source's turn began. */
    private final AtomicLong turns = new AtomicLong();

    /** Whether the timer has a task; written under the lock of this. */
    private volatile boolean armed;

    // Guarded by this.
    private boolean stopped;
    private @Nullable Runnable cancellation;

    // Written by the timer's thread.
    private long seenSigns = 1;
    private long signNanos;
    private long seenTurns;
    private long turnNanos;
    private volatile long idleSigns = 1;
    private volatile long idleTurns;

    /** Makes a watch that sleeps; one without a timeout, which is 0, never wakes. */
    IdleWatch(StreamTimer timer, long timeoutNanos, Runnable onIdle) {
        this.timer = timer;
        this.timeoutNanos = timeoutNanos;
        this.onIdle = onIdle;
    }

    /** Takes note that it is the source's turn, from now on. */
    void await() {
        turns.lazySet(turns.getPlain() + 1);
        goOn((signs.getPlain() | 1) + 1);
    }

    /** Takes note that the source, whose turn it is, has brought something that is no text. */
    void touch() {
        goOn((signs.getPlain() | 1) + 1);
    }

    /** Takes note that it is not the source's turn. */
    void pause() {
        signs.lazySet(signs.getPlain() | 1);
        round.held = null;
    }

    /** Takes note that it was the source's turn all the time since {@link #await}. */
    void resume() {
        goOn(signs.getPlain() & ~1L);
    }

    private void goOn(long sign) {
        signs.set(sign);
        if (timeoutNanos > 0) {
            round.held = this;
            // Read after the sign was written: the timer does the reverse, so that one of the two sees what the other
            // did.
            if (!armed) {
                arm();
            }
        }
    }

    /** Returns whether the source has been silent for too long; to be asked when {@code onIdle} is run. */
    boolean isIdle() {
        long now = signs.get();
        return now % 2 == 0 && (now == idleSigns || turns.get() == idleTurns);
    }

    /** Ends the watch. */
    synchronized void stop() {
        stopped = true;
        round.held = null;
        if (cancellation != null) {
            cancellation.run();
        }
    }

    private synchronized void arm() {
        if (!armed && !stopped) {
            schedule();
        }
    }

    private synchronized void schedule() {
        armed = !stopped;
        if (armed) {
            cancellation = timer.schedule(round, Math.max(1, timeoutNanos / ROUNDS));
        }
    }

    private void look() {
        long now = signs.get();
        if (now % 2 != 0) {
            sleep();
            return;
        }
        long time = timer.nanoTime();
        long turn = turns.get();
        if (turn != seenTurns) {
            seenTurns = turn;
            turnNanos = time;
        }
        if (now != seenSigns) {
            seenSigns = now;
            signNanos = time;
        } else if (time - signNanos >= timeoutNanos) {
            idleSigns = now;
        }
        if (time - turnNanos >= Math.min(timeoutNanos, Long.MAX_VALUE / PATIENCE) * PATIENCE) {
            idleTurns = turn;
        }
        if (isIdle()) {
            onIdle.run();
        }
        schedule();
    }

    /** Lets the timer go, until it is the source's turn again. */
    private void sleep() {
        synchronized (this) {
            armed = false;
            cancellation = null;
        }
        if (signs.get() % 2 == 0) {
            arm();
        }
    }

    /** What the timer knows of a stream. */
    private static final class Round extends WeakReference<IdleWatch> implements Runnable {
        /** Keeps the stream while it is the source's turn. */
        private volatile @Nullable IdleWatch held;

        Round(IdleWatch watch) {
            super(watch);
        }

        @Override
        public void run() {
            IdleWatch present = held;
            if (present == null) {
                present = get();
            }
            if (present != null) {
                present.look();
            }
        }
    }
}
