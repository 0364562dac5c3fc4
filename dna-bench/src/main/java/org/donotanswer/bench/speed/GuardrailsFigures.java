package org.donotanswer.bench.speed;

import java.util.LinkedHashMap;
import java.util.Map;
import org.donotanswer.harness.io.NumberFormats;

/**
 * What guardrails cost, summed up. Times are means of the same run, in microseconds. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param source where the exchanges are from
 * @param evaluatorMicros one exchange, judged without a guard
 * @param guardedMicros one exchange, judged by a guard
 * @param nothingMicros one exchange, given to an evaluator that does nothing
 * @param nothingGuardedMicros the same by a guard, on the calling thread
 * @param nothingOnThreadsMicros the same by a guard, on a thread of its own and with a deadline
 * @param guardBytes how much a guard allocates beside its evaluator for one exchange
 * @param answerMicros one evaluation of an answer of 2,000 tokens
 * @param streamedMicros the same answer as a guarded stream
 * @param delay how long what is released had to wait
 * @param load many streams at a time
 */
public record GuardrailsFigures(
        String evaluator,
        String source,
        double evaluatorMicros,
        double guardedMicros,
        double nothingMicros,
        double nothingGuardedMicros,
        double nothingOnThreadsMicros,
        double guardBytes,
        double answerMicros,
        double streamedMicros,
        ReleaseDelay delay,
        StreamLoad load) {

    /** Returns what a guard adds to an evaluator that does nothing, on the calling thread, in microseconds. */
    public double overheadMicros() {
        return nothingGuardedMicros - nothingMicros;
    }

    /** Returns how many times as long as one evaluation of its answer a stream takes. */
    public double streamRatio() {
        return streamedMicros / answerMicros;
    }

    /** Returns the figures as a table for people. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        line(text, "evaluator", "%s, on %s", evaluator, platform());
        line(text, "exchanges", "%s", source);
        line(text, "one exchange", "%.2f us alone, %.2f us guarded", evaluatorMicros, guardedMicros);
        line(
                text,
                "guard alone",
                "%.2f us and %.0f bytes; %.2f us on a thread of its own, with a deadline",
                overheadMicros(),
                guardBytes,
                nothingOnThreadsMicros - nothingMicros);
        line(
                text,
                "answer of 2,000 tokens",
                "%.0f us at once, %.0f us streamed: %.2f times",
                answerMicros,
                streamedMicros,
                streamRatio());
        line(
                text,
                "delay of a release",
                "p50 %.0f us, p99 %.0f us, max %.0f us, of %,d",
                delay.p50Micros(),
                delay.p99Micros(),
                delay.maxMicros(),
                delay.releases());
        line(
                text,
                "streams at a time",
                "%,d by %d threads: %,.0f chars/s, %,.0f bytes of heap each half-way, %,d blocked; none released more than it may",
                load.streams(),
                load.threads(),
                load.chars() / load.seconds(),
                load.heapBytesPerStream(),
                load.blocked());
        return text.toString();
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
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("evaluator", evaluator);
        json.put("source", source);
        json.put("evaluatorMicros", evaluatorMicros);
        json.put("guardedMicros", guardedMicros);
        json.put("nothingMicros", nothingMicros);
        json.put("nothingGuardedMicros", nothingGuardedMicros);
        json.put("nothingOnThreadsMicros", nothingOnThreadsMicros);
        json.put("overheadMicros", overheadMicros());
        json.put("guardBytes", guardBytes);
        json.put("answerMicros", answerMicros);
        json.put("streamedMicros", streamedMicros);
        json.put("streamRatio", streamRatio());
        Map<String, Object> delays = new LinkedHashMap<>();
        delays.put("releases", delay.releases());
        delays.put("p50Micros", delay.p50Micros());
        delays.put("p99Micros", delay.p99Micros());
        delays.put("maxMicros", delay.maxMicros());
        json.put("delay", delays);
        Map<String, Object> streams = new LinkedHashMap<>();
        streams.put("streams", load.streams());
        streams.put("threads", load.threads());
        streams.put("chars", load.chars());
        streams.put("released", load.released());
        streams.put("blocked", load.blocked());
        streams.put("seconds", load.seconds());
        streams.put("heapBytesPerStream", load.heapBytesPerStream());
        json.put("streams", streams);
        return json;
    }
}
