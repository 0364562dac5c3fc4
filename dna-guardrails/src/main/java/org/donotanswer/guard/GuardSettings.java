package org.donotanswer.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/** The options of a guard; null where they are not set. Not thread-safe. */
final class GuardSettings {
    static final Duration DEADLINE = Duration.ofSeconds(5);
    static final int MAX_CONCURRENT = 16;
    static final int MAX_CONCURRENT_VIRTUAL = 256;
    static final int MAX_WAITING = 1_000;
    static final int MAX_CHARACTERS = 1_000_000;
    static final ContextLimits CONTEXT = new ContextLimits(3, 2_000);

    @Nullable
    SafetyEvaluator evaluator;

    @Nullable
    SafetyPolicy policy;

    @Nullable
    FailMode failMode;

    @Nullable
    Duration deadline;

    @Nullable
    Integer maxConcurrent;

    @Nullable
    Integer maxWaiting;

    @Nullable
    GuardThreads threads;

    @Nullable
    Executor executor;

    @Nullable
    Integer maxCharacters;

    @Nullable
    Integer contextTurns;

    @Nullable
    Integer contextCharacters;

    @Nullable
    Long cacheSize;

    @Nullable
    Duration cacheExpiry;

    @Nullable
    Boolean closeEvaluator;

    final List<GuardListener> listeners = new ArrayList<>();
    LongSupplier clock = System::nanoTime;

    static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, but was " + value);
        }
        return value;
    }

    /** Returns which threads are to evaluate, with this evaluator. */
    GuardThreads threads(SafetyEvaluator of) {
        if (threads != null) {
            return threads;
        }
        return of.isNonBlocking() && executor == null ? GuardThreads.CALLER : GuardThreads.PLATFORM;
    }

    /**
     * Returns the workers; null if there are none, as the caller's thread does the work.
     *
     * @throws IllegalStateException if options contradict each other, or the threads are not to be had
     */
    @Nullable
    WorkerPool workers(GuardThreads chosen, FailMode mode) {
        if (executor != null && threads != null) {
            throw new IllegalStateException(
                    "threads and executor must not both be set, but was " + threads + " and an executor");
        }
        if (chosen == GuardThreads.CALLER) {
            if (maxWaiting != null) {
                throw new IllegalStateException(
                        "maxWaiting must not be set where the caller's thread evaluates, but was " + maxWaiting);
            }
            return null;
        }
        int most = chosen == GuardThreads.VIRTUAL ? MAX_CONCURRENT_VIRTUAL : MAX_CONCURRENT;
        int concurrent = maxConcurrent == null ? most : maxConcurrent;
        int waiting = maxWaiting == null ? MAX_WAITING : maxWaiting;
        return executor == null
                ? WorkerPool.of(chosen, concurrent, waiting, mode)
                : WorkerPool.of(executor, concurrent, waiting, mode);
    }

    ContextLimits context() {
        return new ContextLimits(
                contextTurns == null ? CONTEXT.turns() : contextTurns,
                contextCharacters == null ? CONTEXT.characters() : contextCharacters);
    }

    /** Returns the deadline in nanoseconds; one of centuries is none. */
    long deadlineNanos() {
        Duration limit = deadline == null ? DEADLINE : deadline;
        try {
            return Math.min(limit.toNanos(), Long.MAX_VALUE / 4);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE / 4;
        }
    }

    /**
     * Returns the cache; null if none was asked for.
     *
     * @throws IllegalStateException if an expiry was set without a cache, or Caffeine is not on the class path
     */
    @Nullable
    AssessmentCache cache(SafetyEvaluator of, SafetyPolicy by) {
        if (cacheSize == null) {
            if (cacheExpiry != null) {
                throw new IllegalStateException(
                        "cacheExpiry must come with cache, but was " + cacheExpiry + " without");
            }
            return null;
        }
        return AssessmentCache.of(of, by.version(), cacheSize, cacheExpiry);
    }
}
