package org.donotanswer.bench.speed;

import com.google.common.math.Quantiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * The speed of an evaluator on one thread of this machine, from a plain loop: rougher than JMH, but in one process. Immutable,
 * hence thread-safe.
 *
 * @param machine what it was measured on
 * @param exchanges how many exchanges were evaluated after the warm-up
 * @param perSecond exchanges per second
 * @param p50Micros the median latency, in microseconds
 * @param p99Micros the 99th percentile of the latency, in microseconds
 */
public record EvaluatorSpeed(String machine, int exchanges, double perSecond, double p50Micros, double p99Micros) {
    /**
     * Returns the speed on the exchanges, one after another, from the first again after the last.
     *
     * @param warmUp how long to evaluate before measuring
     * @param measured how long to measure; each exchange is measured at least once
     */
    public static EvaluatorSpeed measure(
            SafetyEvaluator evaluator, List<Exchange> exchanges, Duration warmUp, Duration measured) {
        latencies(evaluator, exchanges, warmUp);
        return of(latencies(evaluator, exchanges, measured));
    }

    /**
     * Returns the speed on the exchanges, one after another, for a limited time: not every exchange need be measured, so their order
     * should be random. At least one is measured.
     *
     * @param warmUp how long to evaluate before measuring; at most half of the exchanges are used for that
     * @param measured how long to measure
     * @param repeats whether to go on from the first exchange after the last; if not, no exchange is evaluated twice, as an LLM
     *     as judge remembers its replies
     * @throws IllegalArgumentException if there are fewer than two exchanges
     */
    public static EvaluatorSpeed sample(
            SafetyEvaluator evaluator, List<Exchange> exchanges, Duration warmUp, Duration measured, boolean repeats) {
        if (exchanges.size() < 2) {
            throw new IllegalArgumentException("exchanges must be at least 2, but was " + exchanges.size());
        }
        int half = exchanges.size() / 2;
        sampledLatencies(evaluator, exchanges.subList(0, half), warmUp, repeats);
        return of(sampledLatencies(
                evaluator, repeats ? exchanges : exchanges.subList(half, exchanges.size()), measured, repeats));
    }

    private static List<Long> sampledLatencies(
            SafetyEvaluator evaluator, List<Exchange> exchanges, Duration duration, boolean repeats) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + duration.toNanos();
        do {
            nanos.add(latency(evaluator, exchanges.get(nanos.size() % exchanges.size())));
        } while (System.nanoTime() - end < 0 && (repeats || nanos.size() < exchanges.size()));
        return nanos;
    }

    private static EvaluatorSpeed of(List<Long> nanos) {
        double seconds = nanos.stream().mapToLong(Long::longValue).sum() / 1e9;
        var micros = Quantiles.percentiles().indexes(50, 99).compute(nanos);
        return new EvaluatorSpeed(
                Machine.describe(), nanos.size(), nanos.size() / seconds, micros.get(50) / 1e3, micros.get(99) / 1e3);
    }

    private static long latency(SafetyEvaluator evaluator, Exchange exchange) {
        long start = System.nanoTime();
        evaluator.evaluate(exchange);
        return System.nanoTime() - start;
    }

    private static List<Long> latencies(SafetyEvaluator evaluator, List<Exchange> exchanges, Duration duration) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + duration.toNanos();
        while (nanos.size() < exchanges.size() || System.nanoTime() - end < 0) {
            nanos.add(latency(evaluator, exchanges.get(nanos.size() % exchanges.size())));
        }
        return nanos;
    }
}
