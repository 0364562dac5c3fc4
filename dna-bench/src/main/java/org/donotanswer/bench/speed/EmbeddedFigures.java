package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;

/**
 * The speed and memory use of the embedded evaluator. The components' names are JSON keys. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param source where the exchanges come from
 * @param exchanges the number of exchanges
 * @param meanResponseChars the mean length of their responses
 * @param oneThread exchanges per second of one thread
 * @param allThreads exchanges per second of all threads
 * @param threads the number of all threads
 * @param latencyMicros the latency of one exchange
 * @param bytesPerExchange the bytes allocated per exchange
 * @param megabyteMillis the time for a response of a million chars
 * @param createMillis the time to create the first evaluator of a JVM
 * @param modelFileBytes the size of the model's file
 * @param modelHeapBytes the heap that the evaluator occupies
 */
@JsonPropertyOrder({
    "evaluator",
    "source",
    "exchanges",
    "meanResponseChars",
    "oneThread",
    "allThreads",
    "threads",
    "scaling",
    "latencyMicros",
    "bytesPerExchange",
    "megabyteMillis",
    "createMillis",
    "modelFileBytes",
    "modelHeapBytes"
})
public record EmbeddedFigures(
        String evaluator,
        String source,
        int exchanges,
        double meanResponseChars,
        Throughput oneThread,
        Throughput allThreads,
        int threads,
        Times latencyMicros,
        double bytesPerExchange,
        Times megabyteMillis,
        Times createMillis,
        long modelFileBytes,
        long modelHeapBytes) {

    /**
     * Exchanges per second. Immutable, hence thread-safe.
     *
     * @param error half the width of the 99.9 % confidence interval; NaN after a single iteration
     */
    public record Throughput(double perSecond, double error) {}

    /** A distribution of times. Immutable, hence thread-safe. */
    public record Times(double mean, double p50, double p99, @JsonProperty("p99.9") double p999, double max) {}

    /** Returns the throughput of all threads relative to that of one. */
    @JsonProperty
    public double scaling() {
        return allThreads.perSecond() / oneThread.perSecond();
    }

    /** Returns the figures as a report. */
    public Report toReport(Provenance provenance) {
        return SpeedReport.of(
                evaluator,
                List.of(
                        new KeyFigure(
                                "Exchanges",
                                format("%,d", exchanges),
                                format("%s, mean response %,.0f chars", source, meanResponseChars)),
                        new KeyFigure("Throughput, 1 thread", perSecond(oneThread), error(oneThread)),
                        new KeyFigure(
                                format("Throughput, %d threads", threads),
                                perSecond(allThreads),
                                format("%.2f times that of one thread", scaling())
                                        + (error(allThreads).isEmpty() ? "" : ", " + error(allThreads))),
                        new KeyFigure(
                                "Latency",
                                format("p50 %.1f us", latencyMicros.p50()),
                                format(
                                        "p99 %.1f us, p99.9 %.1f us, mean %.1f us",
                                        latencyMicros.p99(), latencyMicros.p999(), latencyMicros.mean())),
                        new KeyFigure("Allocation", format("%,.0f bytes per exchange", bytesPerExchange), ""),
                        new KeyFigure(
                                "Response of 1 MB",
                                format("p50 %.2f ms", megabyteMillis.p50()),
                                format("max %.2f ms", megabyteMillis.max())),
                        new KeyFigure(
                                "create() in a new JVM",
                                format("mean %.0f ms", createMillis.mean()),
                                format("max %.0f ms", createMillis.max())),
                        new KeyFigure(
                                "Model",
                                format("%.2f MB in its file", modelFileBytes / 1e6),
                                format("%.1f MB on the heap", modelHeapBytes / 1e6))),
                provenance);
    }

    private static String perSecond(Throughput throughput) {
        return format("%,.0f exchanges/s", throughput.perSecond());
    }

    private static String error(Throughput throughput) {
        return Double.isFinite(throughput.error()) ? format("±%,.0f", throughput.error()) : "";
    }
}
