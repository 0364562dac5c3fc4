package org.donotanswer.classifier.embedded;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Keeps idle scorers for reuse, so that a call on a new thread gets allocated working memory and filled caches. Thread-safe
 * and lock-free.
 *
 * <p>A thread never waits for a scorer. If none is idle, {@link #acquire} creates one; {@link #release} drops a scorer if the
 * pool is full. Waiting would break the promise of {@link EmbeddedEvaluator#isNonBlocking}, and a thread descheduled while
 * it holds a scorer would block all others. Creating one is rare: scoring does not block, so the scorers in use are those
 * of the running threads, at most one per processor, and of the few threads descheduled in the middle of a call.
 */
final class ScorerPool {
    private final Supplier<Scorer> factory;

    /** The idle scorers, or null. The slots are independent of each other, so there is no ABA problem. */
    private final AtomicReferenceArray<Scorer> slots;

    /**
     * Creates an empty pool.
     *
     * @param factory creates a scorer; called concurrently
     * @param capacity the maximum number of idle scorers
     */
    ScorerPool(Supplier<Scorer> factory, int capacity) {
        this.factory = factory;
        slots = new AtomicReferenceArray<>(capacity);
    }

    /** Returns a scorer that belongs to the caller until it is released. */
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

    /** Returns a scorer to the pool, or drops it if the pool is full. */
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

    /** Spreads threads over slots, and returns a thread to its last scorer, which has cached the instruction of its stream. */
    private int firstSlot() {
        return (int) (Thread.currentThread().getId() % slots.length());
    }
}
