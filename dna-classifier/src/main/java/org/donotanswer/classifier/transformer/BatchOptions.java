package org.donotanswer.classifier.transformer;

import java.util.Objects;

/**
 * Options of a {@link BatchQueue}.
 *
 * @param limits the limits of a batch
 * @param workers the number of batches that may run concurrently; the native engine runs each of them on several cores
 *     anyway
 * @param maxDelayMicros the maximum time, in microseconds, that a worker that has just finished a batch waits for its
 *     callers to return; 0 to never wait
 * @param maxQueuedTokens the maximum number of waiting tokens, without padding; callers with more block until there is
 *     room
 */
record BatchOptions(BatchLimits limits, int workers, long maxDelayMicros, long maxQueuedTokens) {
    private static final long DEFAULT_DELAY_MICROS = 200;
    private static final long DEFAULT_QUEUED_BATCHES = 16;
    private static final long MAX_DELAY_MICROS = 3_600_000_000L;

    BatchOptions {
        Objects.requireNonNull(limits, "limits");
        BatchLimits.requireAtLeast("workers", 1, workers);
        BatchLimits.requireAtLeast("maxQueuedTokens", 1, maxQueuedTokens);
        if (maxDelayMicros < 0 || maxDelayMicros > MAX_DELAY_MICROS) {
            throw new IllegalArgumentException(
                    "maxDelayMicros must be in 0.." + MAX_DELAY_MICROS + ", but was " + maxDelayMicros);
        }
    }

    /** Returns options with one worker, a delay of 200 microseconds and room for 16 full batches. */
    static BatchOptions of(BatchLimits limits) {
        return new BatchOptions(limits, 1, DEFAULT_DELAY_MICROS, DEFAULT_QUEUED_BATCHES * limits.maxTokens());
    }
}
