package org.donotanswer.classifier.chat;

import java.time.Duration;

/** The clock and the sleep of retries and rate limits; tests replace it. Implementations are thread-safe. */
interface TimeSource {
    /** The system's clock and {@link Thread#sleep}. */
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

    /** Returns the current time in nanoseconds, since an arbitrary origin. */
    long nanoTime();

    /** Sleeps for the duration; returns at once if it is zero or negative. */
    void sleep(Duration duration) throws InterruptedException;
}
