package org.donotanswer.bench.speed;

import static org.donotanswer.harness.io.NumberFormats.format;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;

/**
 * What guardrails cost. Times are means of the same run, in microseconds. The components are written as JSON by their names.
 * Immutable, hence thread-safe.
 *
 * @param evaluator the evaluator's name
 * @param source where the exchanges come from
 * @param evaluatorMicros one exchange, evaluated without a guard
 * @param guardedMicros one exchange, evaluated by a guard
 * @param nothingMicros one exchange, given to an evaluator that does nothing
 * @param nothingGuardedMicros the same by a guard, on the calling thread
 * @param nothingOnThreadsMicros the same by a guard, on a separate thread and with a deadline
 * @param guardBytes how much a guard allocates for one exchange in addition to its evaluator
 * @param answerMicros one evaluation of a response of 2,000 tokens
 * @param streamedMicros the same response as a guarded stream
 * @param delay how long released text had to wait
 * @param streams many concurrent streams
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
        double answerMicros,
        double streamedMicros,
        ReleaseDelay delay,
        StreamLoad streams) {

    /** Returns what a guard adds to an evaluator that does nothing, on the calling thread, in microseconds. */
    @JsonProperty
    public double overheadMicros() {
        return nothingGuardedMicros - nothingMicros;
    }

    /** Returns how many times as long as one evaluation of its answer a stream takes. */
    @JsonProperty
    public double streamRatio() {
        return streamedMicros / answerMicros;
    }

    /** Returns the figures for people. */
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
                                        "%.2f us on a thread of its own, with a deadline",
                                        nothingOnThreadsMicros - nothingMicros)),
                        new KeyFigure(
                                "Response of 2,000 tokens",
                                format("%.0f us streamed", streamedMicros),
                                format("%.2f times the %.0f us at once", streamRatio(), answerMicros)),
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
                                                + " more than it may",
                                        streams.chars() / streams.seconds(),
                                        streams.heapBytesPerStream(),
                                        streams.blocked()))),
                provenance);
    }
}
