package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;

/**
 * The cost of guardrails. Times are means in microseconds. Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param source where the exchanges come from
 * @param evaluatorMicros the time of one exchange without a guard
 * @param guardedMicros the time of one exchange with a guard
 * @param nothingMicros the time of one exchange with an evaluator that does nothing
 * @param nothingGuardedMicros the same with a guard, on the calling thread
 * @param nothingOnThreadsMicros the same with a guard, on a separate thread and with a deadline
 * @param guardBytes the bytes that a guard allocates per exchange in addition to its evaluator
 * @param responseMicros the time of one evaluation of a response of 2,000 tokens
 * @param streamedMicros the time of the same response as a guarded stream
 * @param delay the delay of released text
 * @param streams the load of many concurrent streams
 */
@JsonPropertyOrder({
    "evaluator",
    "source",
    "evaluatorMicros",
    "guardedMicros",
    "nothingMicros",
    "nothingGuardedMicros",
    "nothingOnThreadsMicros",
    "overheadMicros",
    "guardBytes",
    "answerMicros",
    "streamedMicros",
    "streamRatio",
    "delay",
    "streams"
})
public record GuardrailsFigures(
        String evaluator,
        String source,
        double evaluatorMicros,
        double guardedMicros,
        double nothingMicros,
        double nothingGuardedMicros,
        double nothingOnThreadsMicros,
        double guardBytes,
        @JsonProperty("answerMicros") double responseMicros,
        double streamedMicros,
        ReleaseDelay delay,
        StreamLoad streams) {

    /** Returns the time that a guard adds to an evaluator that does nothing, on the calling thread, in microseconds. */
    @JsonProperty
    public double overheadMicros() {
        return nothingGuardedMicros - nothingMicros;
    }

    /** Returns the time of a stream relative to one evaluation of its response. */
    @JsonProperty
    public double streamRatio() {
        return streamedMicros / responseMicros;
    }

    /** Returns the figures as a report. */
    public Report toReport(Provenance provenance) {
        return SpeedReport.of(
                evaluator,
                List.of(
                        new KeyFigure("Exchanges", source, ""),
                        new KeyFigure(
                                "One exchange",
                                format("%.2f us guarded", guardedMicros),
                                format("%.2f us without a guard", evaluatorMicros)),
                        new KeyFigure(
                                "Guard alone",
                                format("%.2f us and %.0f bytes", overheadMicros(), guardBytes),
                                format(
                                        "%.2f us on a separate thread with a deadline",
                                        nothingOnThreadsMicros - nothingMicros)),
                        new KeyFigure(
                                "Response of 2,000 tokens",
                                format("%.0f us streamed", streamedMicros),
                                format("%.2f times the %.0f us at once", streamRatio(), responseMicros)),
                        new KeyFigure(
                                "Delay of a release",
                                format("p50 %.0f us", delay.p50Micros()),
                                format(
                                        "p99 %.0f us, max %.0f us, over %,d releases",
                                        delay.p99Micros(), delay.maxMicros(), delay.releases())),
                        new KeyFigure(
                                "Concurrent streams",
                                format("%,d on %d threads", streams.streams(), streams.threads()),
                                format(
                                        "%,.0f chars/s, %,.0f bytes of heap per stream half-way, %,d blocked; none released"
                                                + " more than allowed",
                                        streams.chars() / streams.seconds(),
                                        streams.heapBytesPerStream(),
                                        streams.blocked()))),
                provenance);
    }
}
