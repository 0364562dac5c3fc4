package org.donotanswer.bench.speed;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** Measures the heap that live objects occupy. Thread-safe. */
public final class LiveHeap {
    private static final int COLLECTIONS = 5;

    private LiveHeap() {}

    /** Returns the minimum of the used bytes after each of several garbage collections. */
    public static long bytes() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        long min = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            memory.gc();
            min = Math.min(min, memory.getHeapMemoryUsage().getUsed());
        }
        return min;
    }
}
