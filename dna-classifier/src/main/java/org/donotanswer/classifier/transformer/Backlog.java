package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that wait for a batch, and the choice of the next one. Not thread-safe.
 *
 * <p>The sequence that has waited longest is in the next batch, whatever its length, so none waits for ever. The batch is
 * filled up with those whose length is nearest.
 *
 * @param <T> what is remembered of a sequence
 */
final class Backlog<T> {
    private final BatchLimits limits;
    private final Set<Entry<T>> byArrival = new LinkedHashSet<>();
    private final TreeSet<Entry<T>> byLength =
            new TreeSet<>(Comparator.<Entry<T>>comparingInt(Entry::length).thenComparingLong(entry -> entry.arrival));

    private long arrivals;
    private long tokens;

    Backlog(BatchLimits limits) {
        this.limits = limits;
    }

    void add(TokenSequence sequence, T ticket) {
        Entry<T> entry = new Entry<>(sequence, ticket, arrivals++);
        byArrival.add(entry);
        byLength.add(entry);
        tokens += entry.length();
    }

    boolean isEmpty() {
        return byArrival.isEmpty();
    }

    /** Returns the tokens of all sequences, without padding. */
    long tokens() {
        return tokens;
    }

    /** Returns whether the sequences would fill a batch if they were of similar length. */
    boolean fillsBatch() {
        return tokens >= limits.maxTokens() || byArrival.size() >= limits.maxRows();
    }

    /** Removes the next batch and returns it; empty if nothing waits. */
    List<Entry<T>> take() {
        List<Entry<T>> batch = new ArrayList<>();
        if (isEmpty()) {
            return batch;
        }
        Entry<T> seed = byArrival.iterator().next();
        batch.add(seed);
        int longest = seed.length();
        long sum = longest;
        Entry<T> shorter = byLength.lower(seed);
        Entry<T> longer = byLength.higher(seed);
        while (true) {
            int rows = batch.size();
            boolean down = joins(shorter, rows, longest, sum);
            boolean up = joins(longer, rows, longest, sum);
            if (up && (!down || padding(longer, rows, longest) <= padding(shorter, rows, longest))) {
                batch.add(longer);
                longest = longer.length();
                sum += longest;
                longer = byLength.higher(longer);
            } else if (down) {
                batch.add(shorter);
                sum += shorter.length();
                shorter = byLength.lower(shorter);
            } else {
                break;
            }
        }
        batch.forEach(this::remove);
        return batch;
    }

    private boolean joins(@Nullable Entry<T> entry, int rows, int longest, long sum) {
        return entry != null && limits.allow(rows + 1, Math.max(longest, entry.length()), sum + entry.length());
    }

    /** Returns the padding that a batch gets with the sequence: that of the sequence, or that of all others. */
    private static long padding(Entry<?> entry, int rows, int longest) {
        long difference = (long) entry.length() - longest;
        return difference <= 0 ? -difference : difference * rows;
    }

    private void remove(Entry<T> entry) {
        byArrival.remove(entry);
        byLength.remove(entry);
        tokens -= entry.length();
    }

    /** Removes all and returns what was remembered of them. */
    List<T> clear() {
        List<T> tickets = byArrival.stream().map(entry -> entry.ticket).toList();
        byArrival.clear();
        byLength.clear();
        tokens = 0;
        return tickets;
    }

    /** A sequence that waits; equal to itself only. */
    static final class Entry<T> {
        final TokenSequence sequence;
        final T ticket;
        private final long arrival;

        private Entry(TokenSequence sequence, T ticket, long arrival) {
            this.sequence = sequence;
            this.ticket = ticket;
            this.arrival = arrival;
        }

        int length() {
            return sequence.length();
        }
    }
}
