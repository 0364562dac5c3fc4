package org.donotanswer.bench.soak;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Counts what threads did, and keeps the first wrong results. Thread-safe. */
final class SoakTally {
    private static final int MAX_KEPT = 50;

    private final Map<SoakOperation, Long> operations = new EnumMap<>(SoakOperation.class);
    private final Map<SoakFault, Map<String, Long>> faults = new EnumMap<>(SoakFault.class);
    private final List<WrongResult> kept = new ArrayList<>();
    private final Consumer<WrongResult> eachWrong;
    private long wrong;

    /**
     * Creates a tally of nothing.
     *
     * @param eachWrong receives the first wrong results, on the thread that found them
     */
    SoakTally(Consumer<WrongResult> eachWrong) {
        this.eachWrong = eachWrong;
    }

    /** Counts an operation. */
    synchronized void add(SoakOperation operation) {
        operations.merge(operation, 1L, Long::sum);
    }

    /** Counts a fault and what it led to. */
    synchronized void add(SoakFault fault, String outcome) {
        faults.computeIfAbsent(fault, each -> new TreeMap<>()).merge(outcome, 1L, Long::sum);
    }

    synchronized void add(WrongResult result) {
        wrong++;
        if (kept.size() < MAX_KEPT) {
            kept.add(result);
            eachWrong.accept(result);
        }
    }

    synchronized long wrong() {
        return wrong;
    }

    /** Returns the first wrong results. */
    synchronized List<WrongResult> kept() {
        return List.copyOf(kept);
    }

    synchronized Map<SoakOperation, Long> operations() {
        return new EnumMap<>(operations);
    }

    /** Returns how often each fault led to what. */
    synchronized Map<SoakFault, Map<String, Long>> faults() {
        Map<SoakFault, Map<String, Long>> copy = new EnumMap<>(SoakFault.class);
        faults.forEach((fault, outcomes) -> copy.put(fault, new TreeMap<>(outcomes)));
        return copy;
    }
}
