package org.donotanswer.bench.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.policy.Reason;

/**
 * Records the latencies of calls, counted from when they were due, in slots of due times. Calls that were checked and those that were
 * not, which may have ended at once, are kept apart. Thread-safe.
 */
final class LoadRecorder {
    private static final int DIGITS = 3;

    private final LoadClock clock;
    private final long start;
    private final Duration slotLength;
    private final List<Slot> slots = new ArrayList<>();
    private final ConcurrentHistogram wakeUps = new ConcurrentHistogram(DIGITS);
    private final LongAccumulator backlog = new LongAccumulator(Math::max, 0);

    private static final class Slot {
        private final ConcurrentHistogram checked = new ConcurrentHistogram(DIGITS);
        private final ConcurrentHistogram unchecked = new ConcurrentHistogram(DIGITS);
        private final Map<Reason, LongAdder> failures = new ConcurrentHashMap<>();
        private final LongAdder releasedUnchecked = new LongAdder();
    }

    /**
     * Creates a recorder.
     *
     * @param start when the load starts, in the clock's nanoseconds
     * @param duration how long arrivals are due from then on
     * @param slotLength the length of a slot
     */
    LoadRecorder(LoadClock clock, long start, Duration duration, Duration slotLength) {
        this.clock = clock;
        this.start = start;
        this.slotLength = slotLength;
        long count = duration.dividedBy(slotLength) + 1;
        for (long i = 0; i < count; i++) {
            slots.add(new Slot());
        }
    }

    /** Records the verdict that ends what was due at a time. */
    void ended(long due, Verdict verdict) {
        if (verdict.isChecked()) {
            checked(due);
            return;
        }
        Slot slot = slot(due);
        slot.unchecked.recordValue(latency(due));
        slot.failures
                .computeIfAbsent(verdict.reason(), reason -> new LongAdder())
                .increment();
        if (verdict.released()) {
            slot.releasedUnchecked.increment();
        }
    }

    /** Records that what was due at a time has been checked. */
    void checked(long due) {
        slot(due).checked.recordValue(latency(due));
    }

    /** Records that an arrival found somebody waiting for it, who then woke up. */
    void wokeUp(long due) {
        wakeUps.recordValue(latency(due));
    }

    /** Records how many arrivals are due that nobody serves yet. */
    void backlog(long arrivals) {
        backlog.accumulate(arrivals);
    }

    private Slot slot(long due) {
        long slot = Math.max(0, due - start) / slotLength.toNanos();
        return slots.get((int) Math.min(slots.size() - 1, slot));
    }

    private long latency(long due) {
        return Math.max(0, clock.nanos() - due);
    }

    /** Returns when the load started, in the clock's nanoseconds. */
    long start() {
        return start;
    }

    /** Returns the length of a slot. */
    Duration slotLength() {
        return slotLength;
    }

    /** Returns the number of slots, the last of which has what is due at the very end. */
    int slots() {
        return slots.size();
    }

    /** Returns the latencies of the checked calls of some slots, in nanoseconds. */
    Histogram checked(int from, int to) {
        Histogram all = new Histogram(DIGITS);
        slots.subList(from, to).forEach(slot -> all.add(slot.checked));
        return all;
    }

    /** Returns the latencies of the calls of some slots that were not checked, in nanoseconds. */
    Histogram unchecked(int from, int to) {
        Histogram all = new Histogram(DIGITS);
        slots.subList(from, to).forEach(slot -> all.add(slot.unchecked));
        return all;
    }

    /** Returns how many calls of some slots were not checked, by reason. */
    Map<Reason, Long> failures(int from, int to) {
        Map<Reason, Long> all = new EnumMap<>(Reason.class);
        for (Slot slot : slots.subList(from, to)) {
            slot.failures.forEach((reason, count) -> all.merge(reason, count.sum(), Long::sum));
        }
        return new TreeMap<>(all);
    }

    /** Returns how many texts of some slots were released without a check. */
    long releasedUnchecked(int from, int to) {
        return slots.subList(from, to).stream()
                .mapToLong(slot -> slot.releasedUnchecked.sum())
                .sum();
    }

    /** Returns how late arrivals were begun for which somebody waited, in nanoseconds. */
    Histogram wakeUps() {
        return wakeUps;
    }

    /** Returns the greatest number of arrivals that were due, but not begun. */
    long maxBacklog() {
        return backlog.get();
    }
}
