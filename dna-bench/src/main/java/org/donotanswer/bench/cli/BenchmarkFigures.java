package org.donotanswer.bench.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.harness.io.NumberFormats;

/**
 * What the benchmarks measured, summed up. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param source where the exchanges are from
 * @param exchanges how many there are
 * @param meanResponseChars the mean length of their responses
 * @param oneThread exchanges per second of one thread
 * @param allThreads exchanges per second of all threads
 * @param threads how many these are
 * @param latencyMicros of one exchange
 * @param bytesPerExchange how much is allocated for one exchange
 * @param megabyteMillis for a response of a million chars
 * @param createMillis for the first evaluator of a JVM
 * @param modelFileBytes the size of the model's file
 * @param modelHeapBytes how much heap the evaluator keeps
 */
record BenchmarkFigures(
        String evaluator,
        String source,
        int exchanges,
        double meanResponseChars,
        Rate oneThread,
        Rate allThreads,
        int threads,
        Times latencyMicros,
        double bytesPerExchange,
        Times megabyteMillis,
        Times createMillis,
        long modelFileBytes,
        long modelHeapBytes) {

    /** A rate per second, and half of its 99.9 % interval. */
    record Rate(double perSecond, double error) {
        private Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("perSecond", perSecond);
            // Of a single iteration there is no interval, and JSON has no NaN.
            json.put("error", Double.isFinite(error) ? error : null);
            return json;
        }
    }

    /** A distribution of times. */
    record Times(double mean, double p50, double p99, double p999, double max) {
        private Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("mean", mean);
            json.put("p50", p50);
            json.put("p99", p99);
            json.put("p99.9", p999);
            json.put("max", max);
            return json;
        }
    }

    /** Returns how many times as fast all threads are as one. */
    double scaling() {
        return allThreads.perSecond() / oneThread.perSecond();
    }

    /** Returns the figures as a table for people. */
    String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "evaluator", "%s, on %s", evaluator, platform());
        line(text, "exchanges", "%s: %,d, mean response %,.0f chars", source, exchanges, meanResponseChars);
        line(text, "throughput, 1 thread", "%s", rate(oneThread));
        line(text, "throughput, " + threads + " threads", "%s, %.2f times that of one", rate(allThreads), scaling());
        line(
                text,
                "latency",
                "p50 %.1f us, p99 %.1f us, p99.9 %.1f us, mean %.1f us",
                latencyMicros.p50(),
                latencyMicros.p99(),
                latencyMicros.p999(),
                latencyMicros.mean());
        line(text, "allocation", "%,.0f bytes an exchange", bytesPerExchange);
        line(text, "response of 1 MB", "p50 %.2f ms, max %.2f ms", megabyteMillis.p50(), megabyteMillis.max());
        line(text, "create(), new JVM", "mean %.0f ms, max %.0f ms", createMillis.mean(), createMillis.max());
        line(text, "model", "%.2f MB in its file, %.1f MB on the heap", modelFileBytes / 1e6, modelHeapBytes / 1e6);
        return text.toString();
    }

    private static String rate(Rate rate) {
        String error = Double.isFinite(rate.error()) ? NumberFormats.format(" +- %,.0f", rate.error()) : "";
        return NumberFormats.format("%,.0f exchanges/s%s", rate.perSecond(), error);
    }

    private static String platform() {
        return "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors";
    }

    private static void line(StringBuilder text, String name, String format, Object... values) {
        text.append(NumberFormats.format("%-24s", name))
                .append(NumberFormats.format(format, values))
                .append('\n');
    }

    /** Returns the figures as a tree for JSON. */
    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("evaluator", evaluator);
        json.put("source", source);
        json.put("exchanges", exchanges);
        json.put("meanResponseChars", meanResponseChars);
        json.put("oneThread", oneThread.toJson());
        json.put("allThreads", allThreads.toJson());
        json.put("threads", threads);
        json.put("scaling", scaling());
        json.put("latencyMicros", latencyMicros.toJson());
        json.put("bytesPerExchange", bytesPerExchange);
        json.put("megabyteMillis", megabyteMillis.toJson());
        json.put("createMillis", createMillis.toJson());
        json.put("modelFileBytes", modelFileBytes);
        json.put("modelHeapBytes", modelHeapBytes);
        return json;
    }
}
