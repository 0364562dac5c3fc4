package org.donotanswer.guard.stream;

import java.lang.ref.WeakReference;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a stream's source has been silent for too long, or has brought no text for {@value #PATIENCE_FACTOR}
 * times as long. Recording a sign increments a counter and does not read the clock: during the source's turn, the
 * timer looks a few times per timeout whether the counter has changed. A source therefore gets up to a quarter more
 * than the timeout. The stream's own thread records signs, one at a time; otherwise thread-safe.
 *
 * <p>During the source's turn, the timer holds a reference to the stream, because its reader may not; otherwise, a
 * stream that nobody reads can be garbage-collected.
 */
final class IdleWatch {
    /** For how many timeouts a source may show signs of life without bringing text. */
    static final int PATIENCE_FACTOR = 10;

    private static final int ROUNDS = 4;

    private final StreamTimer timer;
    private final long timeoutNanos;

    /** Ends the stream and this watch, unless it finds that the source is not {@link #isIdle()}. */
    private final Runnable onIdle;

    private final Round round = new Round(this);

    /** Counts the source's signs: even during its turn, and odd otherwise. */
    private final AtomicLong signs = new AtomicLong(1);

    /** Counts the turns of the source. */
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

    /** Creates a watch outside of a turn; a timeout of 0 disables it. */
    IdleWatch(StreamTimer timer, long timeoutNanos, Runnable onIdle) {
        this.timer = timer;
        this.timeoutNanos = timeoutNanos;
        this.onIdle = onIdle;
    }

    /** Returns for how long a source may show signs of life without bringing text. */
    static long patienceNanos(long timeoutNanos) {
        return Math.min(timeoutNanos, Long.MAX_VALUE / PATIENCE_FACTOR) * PATIENCE_FACTOR;
    }

    /** Starts a turn of the source. */
    void startTurn() {
        turns.lazySet(turns.getPlain() + 1);
        goOn((signs.getPlain() | 1) + 1);
    }

    /** Records, during the source's turn, that it brought something without text. */
    void touch() {
        goOn((signs.getPlain() | 1) + 1);
    }

    /** Ends a turn of the source. */
    void pause() {
        signs.lazySet(signs.getPlain() | 1);
        round.held = null;
    }

    /** Continues the turn, as if it had not ended since {@link #startTurn}. */
    void resume() {
        goOn(signs.getPlain() & ~1L);
    }

    private void goOn(long sign) {
        signs.set(sign);
        if (timeoutNanos > 0) {
            round.held = this;
            // Read after the sign was written. The timer does the reverse, so that one of the two sees what the other
            // did.
            if (!armed) {
                arm();
            }
        }
    }

    /** Returns whether the source has been silent for too long; to be called when {@code onIdle} runs. */
    boolean isIdle() {
        long now = signs.get();
        return now % 2 == 0 && (now == idleSigns || turns.get() == idleTurns);
    }

    /** Returns whether the source has brought no text for too long, whatever signs of life it shows. */
    boolean isPatienceOver() {
        return signs.get() % 2 == 0 && turns.get() == idleTurns;
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
        if (time - turnNanos >= patienceNanos(timeoutNanos)) {
            idleTurns = turn;
        }
        if (isIdle()) {
            onIdle.run();
        }
        schedule();
    }

    /** Releases the timer until the source's next turn. */
    private void sleep() {
        synchronized (this) {
            armed = false;
            cancellation = null;
        }
        if (signs.get() % 2 == 0) {
            arm();
        }
    }

    /** What the timer keeps of a stream. */
    private static final class Round extends WeakReference<IdleWatch> implements Runnable {
        /** References the stream during the source's turn. */
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
