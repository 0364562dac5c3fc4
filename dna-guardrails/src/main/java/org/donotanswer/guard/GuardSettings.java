package org.donotanswer.guard;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options that a {@link SafetyGuard.Builder} sets, and resolves defaults; an option is null if not set.
 * Not thread-safe.
 */
final class GuardSettings {
    static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(5);
    static final int DEFAULT_MAX_CONCURRENT = 16;
    static final int DEFAULT_MAX_CONCURRENT_VIRTUAL = 256;
    static final int DEFAULT_MAX_WAITING = 1_000;
    static final int DEFAULT_MAX_CHARACTERS = 1_000_000;
    static final ContextLimits DEFAULT_CONTEXT = new ContextLimits(3, 2_000);

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

    /** Returns the threads to evaluate on: the chosen ones, or the default for the evaluator. */
    private GuardThreads threads(SafetyEvaluator used) {
        if (threads != null) {
            return threads;
        }
        return used.isNonBlocking() && executor == null ? GuardThreads.CALLER : GuardThreads.PLATFORM;
    }

    /**
     * Returns the pool of threads to evaluate on; null for the calling thread.
     *
     * @throws IllegalStateException if options contradict each other, or virtual threads are not available
     */
    @Nullable
    WorkerPool workers(SafetyEvaluator used, FailMode mode) {
        GuardThreads chosen = threads(used);
        if (executor != null && threads != null) {
            throw new IllegalStateException(
                    "threads and executor must not both be set, but were " + threads + " and an executor");
        }
        if (chosen == GuardThreads.CALLER) {
            if (maxWaiting != null) {
                throw new IllegalStateException(
                        "maxWaiting must not be set if the calling thread evaluates, but was " + maxWaiting);
            }
            requireNoDeadline(used);
            return null;
        }
        int defaultConcurrent =
                chosen == GuardThreads.VIRTUAL ? DEFAULT_MAX_CONCURRENT_VIRTUAL : DEFAULT_MAX_CONCURRENT;
        int concurrent = maxConcurrent == null ? defaultConcurrent : maxConcurrent;
        int waiting = maxWaiting == null ? DEFAULT_MAX_WAITING : maxWaiting;
        return executor == null
                ? WorkerPool.of(chosen, concurrent, waiting, mode)
                : WorkerPool.of(executor, concurrent, waiting, mode);
    }

    /** Nothing ends an evaluation on the calling thread, so that one that waits would keep its caller beyond any deadline. */
    private void requireNoDeadline(SafetyEvaluator used) {
        if (deadline != null && !used.isNonBlocking()) {
            throw new IllegalStateException(
                    "threads must be PLATFORM or VIRTUAL with a deadline and an evaluator that may"
                            + " wait, but were CALLER (deadline " + deadline + ", evaluator " + used.name() + ")");
        }
    }

    ContextLimits context() {
        return new ContextLimits(
                contextTurns == null ? DEFAULT_CONTEXT.turns() : contextTurns,
                contextCharacters == null ? DEFAULT_CONTEXT.characters() : contextCharacters);
    }

    /** Returns the deadline in nanoseconds, capped at about 73 years. */
    long deadlineNanos() {
        Duration limit = deadline == null ? DEFAULT_DEADLINE : deadline;
        try {
            return Math.min(limit.toNanos(), Long.MAX_VALUE / 4);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE / 4;
        }
    }

    /**
     * Returns the cache; null if there is none.
     *
     * @throws IllegalStateException if an expiry is set without a cache, or Caffeine is missing
     */
    @Nullable
    AssessmentCache cache(SafetyEvaluator used, SafetyPolicy applied) {
        if (cacheSize == null) {
            if (cacheExpiry != null) {
                throw new IllegalStateException("cacheExpiry must not be set without cache, but was " + cacheExpiry);
            }
            return null;
        }
        return AssessmentCache.of(used, applied.version(), cacheSize, cacheExpiry);
    }
}
