package org.donotanswer.classifier.embedded;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Keeps idle scorers for reuse, so that a call on a new thread finds working memory that is already allocated, with
 * caches that are already filled. Thread-safe and lock-free.
 *
 * <p>A thread never waits for a scorer: if none is idle, {@link #acquire} makes one, and {@link #release} drops it again
 * if the pool is full by then. Waiting would break the promise of {@link EmbeddedEvaluator#isNonBlocking}, and a thread
 * that is descheduled while it holds a scorer would hold up all others. Scoring does not block, so the scorers in use are
 * as many as the threads that run, which the processors limit, and those that were descheduled in the middle of a call.
 */
final class ScorerPool {
    private final Supplier<Scorer> factory;

    /** Idle scorers. A slot is empty or holds one; there are no links between them, hence no ABA problem. */
    private final AtomicReferenceArray<Scorer> slots;

    /**
     * Makes an empty pool.
     *
     * @param factory makes a scorer; called by threads at the same time
     * @param capacity the maximum number of idle scorers
     */
    ScorerPool(Supplier<Scorer> factory, int capacity) {
        this.factory = factory;
        slots = new AtomicReferenceArray<>(capacity);
    }

    /** Returns a scorer for the caller alone, until it is released. */
    Scorer acquire() {
        int first = firstSlot();
        for (int i = 0; i < slots.length(); i++) {
            int slot = (first + i) % slots.length();
            if (slots.get(slot) != null) {
                Scorer scorer = slots.getAndSet(slot, null);
                if (scorer != null) {
                    return scorer;
                }
            }
        }
        return factory.get();
    }

    /** Takes back a scorer, or drops it if the pool is full. */
    void release(Scorer scorer) {
        int first = firstSlot();
        for (int i = 0; i < slots.length(); i++) {
            int slot = (first + i) % slots.length();
            if (slots.get(slot) == null && slots.compareAndSet(slot, null, scorer)) {
                return;
            }
        }
    }

    /** Drops the idle scorers. */
    void clear() {
        for (int slot = 0; slot < slots.length(); slot++) {
            slots.set(slot, null);
        }
    }

    /** Spreads the threads, and leads a thread back to the scorer that it used last, which knows its instruction. */
    private int firstSlot() {
        return (int) (Thread.currentThread().getId() % slots.length());
    }
}
