package org.donotanswer.classifier.chat;

import java.time.Duration;

/** The passing of time, which tests pass faster. */
interface TimeSource {
    /** The time of this machine. */
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

    /** Returns nanoseconds since some moment. */
    long nanoTime();

    /** Waits for so long; not at all if it is zero or less. */
    void sleep(Duration duration) throws InterruptedException;
}
