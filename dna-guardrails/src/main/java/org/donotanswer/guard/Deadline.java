package org.donotanswer.guard;

import java.util.function.LongSupplier;

/**
 * The time by which one check must have ended. A check that misses it ends with {@link
 * org.donotanswer.guard.policy.Reason#DEADLINE_EXCEEDED}, and the fail mode decides: {@link WorkerPool} ends checks on
 * other threads, {@link ExchangeChecker} stops those on the caller's thread before their next evaluation. Thread-safe
 * if its clock is.
 *
 * @param start when the check began, in the clock's nanoseconds
 * @param limit how long it may take, in nanoseconds
 * @param clock the guard's clock
 */
record Deadline(long start, long limit, LongSupplier clock) {
    /** Returns how long the check has taken so far, in nanoseconds. */
    long elapsed() {
        return clock.getAsLong() - start;
    }

    /** Returns how long the check may still take, in nanoseconds; 0 if the deadline has passed. */
    long remaining() {
        return Math.max(0, limit - elapsed());
    }

    boolean hasPassed() {
        return elapsed() > limit;
    }
}
