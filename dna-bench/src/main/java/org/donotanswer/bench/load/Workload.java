package org.donotanswer.bench.load;

/** What load consists of. Thread-safe. */
@FunctionalInterface
interface Workload {
    /**
     * Serves an arrival on the calling thread, and records what comes of it. Returns false if it was not checked.
     *
     * @param arrival the number of the arrival
     * @param due when it was due, in the clock's nanoseconds
     */
    boolean serve(int arrival, long due, LoadRecorder recorder);
}
