package org.donotanswer.bench.speed;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.stream.Collectors;
import org.donotanswer.harness.io.NumberFormats;

/**
 * The result of using one evaluator from many threads for a long time. Immutable, hence thread-safe.
 *
 * @param wrong the number of results that differ from those of one thread by more than the tolerance
 * @param residentMegabytes the resident memory of the process after the warm-up, at each quarter and at the end; empty
 *     if the system does not report it
 */
@JsonPropertyOrder({
    "architecture",
    "threads",
    "seconds",
    "evaluations",
    "wrong",
    "tolerance",
    "greatestDifference",
    "residentMegabytes"
})
record SoakResult(
        String architecture,
        int threads,
        int seconds,
        long evaluations,
        long wrong,
        double greatestDifference,
        List<Double> residentMegabytes) {
    SoakResult {
        residentMegabytes = List.copyOf(residentMegabytes);
    }

    @JsonProperty
    double tolerance() {
        return SoakMeasurement.TOLERANCE;
    }

    String describe() {
        String resident = residentMegabytes.stream()
                .map(megabytes -> NumberFormats.format("%.0f", megabytes))
                .collect(Collectors.joining(", "));
        return NumberFormats.format(
                "%d threads on one %s evaluator for %d s: %,d exchanges evaluated, %d differ by more than %s from those of one"
                        + " thread, the greatest difference being %.1e; resident memory after the warm-up, at the quarters and"
                        + " at the end: %s.",
                threads,
                architecture,
                seconds,
                evaluations,
                wrong,
                tolerance(),
                greatestDifference,
                resident.isEmpty() ? "unknown" : resident + " MB");
    }
}
