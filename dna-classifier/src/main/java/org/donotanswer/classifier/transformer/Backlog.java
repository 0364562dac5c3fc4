package org.donotanswer.classifier.transformer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The sequences that wait for a batch, and the selection of the next batch. Not thread-safe.
 *
 * <p>The sequence that has waited longest is always in the next batch, whatever its length, so no sequence starves. The
 * batch is filled up with the sequences closest in length.
 *
 * @param <T> what is kept with each sequence
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

    /** Returns the number of tokens of all sequences, without padding. */
    long tokens() {
        return tokens;
    }

    /** Returns whether the sequences would fill a batch if they had similar lengths. */
    boolean fillsBatch() {
        return tokens >= limits.maxTokens() || byArrival.size() >= limits.maxRows();
    }

    /** Removes and returns the next batch; it is empty if nothing is waiting. */
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

    /**
     * Returns the padding that the sequence adds to a batch: its own if it is shorter, that of all others if it is
     * longer.
     */
    private static long padding(Entry<?> entry, int rows, int longest) {
        long difference = (long) entry.length() - longest;
        return difference <= 0 ? -difference : difference * rows;
    }

    private void remove(Entry<T> entry) {
        byArrival.remove(entry);
        byLength.remove(entry);
        tokens -= entry.length();
    }

    /** Removes all sequences and returns what was kept with them. */
    List<T> clear() {
        List<T> tickets = byArrival.stream().map(entry -> entry.ticket).toList();
        byArrival.clear();
        byLength.clear();
        tokens = 0;
        return tickets;
    }

    /** A waiting sequence. Equal only to itself. */
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
