package org.donotanswer.bench.soak;

import static org.donotanswer.harness.io.NumberFormats.format;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.donotanswer.bench.speed.LiveHeap;

/**
 * The memory of this process when everything is closed and garbage has been collected, in units of 2^20 bytes. The components' names
 * are JSON keys; NaN is unknown. Immutable, hence thread-safe.
 *
 * @param heapMegabytes the heap that live objects occupy
 * @param codeMegabytes the code that the JVM has compiled, which grows for a while and is no leak
 * @param residentMegabytes the resident memory, which includes both
 */
public record SoakFootprint(double heapMegabytes, double codeMegabytes, double residentMegabytes) {
    private static final double MEGABYTE = 1 << 20;

    /** Collects garbage and measures. */
    static SoakFootprint measure() throws IOException {
        double heap = LiveHeap.bytes() / MEGABYTE;
        // Named "CodeCache", or "CodeHeap '...'" for each of its segments.
        double code = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().startsWith("Code"))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
        return new SoakFootprint(heap, code / MEGABYTE, ProcessGauge.residentMegabytes());
    }

    /** Returns one line for people, which compares with an earlier time. */
    String describe(SoakFootprint before) {
        return format(
                "memory after garbage collection, everything closed: heap %.1f MB before, %.1f MB after; compiled code %.1f, %.1f;"
                        + " resident %s, %s",
                before.heapMegabytes,
                heapMegabytes,
                before.codeMegabytes,
                codeMegabytes,
                SoakMinute.number(before.residentMegabytes),
                SoakMinute.number(residentMegabytes));
    }
}
