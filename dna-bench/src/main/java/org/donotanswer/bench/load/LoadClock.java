package org.donotanswer.bench.load;

import java.util.concurrent.locks.LockSupport;

/** The time by which load is generated and measured. Implementations are thread-safe unless they say otherwise. */
interface LoadClock {
    /** Returns the time, in nanoseconds. */
    long nanos();

    /**
     * Waits until a time, in nanoseconds.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    void sleepUntil(long nanos) throws InterruptedException;

    /** Returns the time of this machine. */
    static LoadClock system() {
        return new LoadClock() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleepUntil(long nanos) throws InterruptedException {
                for (long left = nanos - nanos(); left > 0; left = nanos - nanos()) {
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    LockSupport.parkNanos(this, left);
                }
            }
        };
    }
}
