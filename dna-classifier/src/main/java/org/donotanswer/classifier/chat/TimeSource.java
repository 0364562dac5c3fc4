package org.donotanswer.classifier.chat;

import java.time.Duration;

/** A clock and a way to wait, which tests replace. Implementations are thread-safe. */
interface TimeSource {
    /** The clock of this machine. */
    TimeSource REAL = new TimeSource() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void sleep(Duration duration) throws InterruptedException {
            if (!duration.isNegative() && !duration.isZero()) {
                Thread.sleep(duration.toMillis(), (int) (duration.toNanos() % 1_000_000));
            }
        }
    };

    /** Returns the nanoseconds since an arbitrary moment. */
    long nanoTime();

    /** Waits for a time; not at all if it is zero or negative. */
    void sleep(Duration duration) throws InterruptedException;
}
