package org.donotanswer.bench.soak;

import static org.donotanswer.harness.io.NumberFormats.format;

import java.util.Map;
import java.util.TreeMap;

/**
 * What there was at the end of a minute. The components' names are JSON keys. Immutable, hence thread-safe.
 *
 * @param minute the time since the load began, in minutes
 * @param residentMegabytes the median of the resident memory in that minute, in units of 2^20 bytes; NaN if unknown
 * @param handles the number of open file descriptors; NaN if unknown
 * @param threads the number of live threads
 * @param operations how often each operation was done so far
 * @param faults how often each fault was injected so far
 * @param wrong the number of wrong results so far
 */
public record SoakMinute(
        double minute,
        double residentMegabytes,
        double handles,
        int threads,
        Map<String, Long> operations,
        Map<String, Long> faults,
        long wrong) {
    /** Copies the maps. */
    public SoakMinute {
        operations = new TreeMap<>(operations);
        faults = new TreeMap<>(faults);
    }

    /** Returns one line for people. */
    public String describe() {
        return format(
                "minute %.0f: %s MB resident, %s handles, %d threads, %,d wrong; operations %s; faults %s",
                minute, number(residentMegabytes), number(handles), threads, wrong, counts(operations), counts(faults));
    }

    private static String counts(Map<String, Long> counts) {
        StringBuilder text = new StringBuilder(format(
                "%,d", counts.values().stream().mapToLong(Long::longValue).sum()));
        counts.forEach((name, count) ->
                text.append(text.indexOf(":") < 0 ? ": " : ", ").append(name).append(format(" %,d", count)));
        return text.toString();
    }

    static String number(double value) {
        return Double.isNaN(value) ? "unknown" : format("%.0f", value);
    }
}
