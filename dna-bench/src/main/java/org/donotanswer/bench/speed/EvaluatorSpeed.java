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
        List<Long> nanos = latencies(evaluator, exchanges, measured);
        double seconds = nanos.stream().mapToLong(Long::longValue).sum() / 1e9;
        var micros = Quantiles.percentiles().indexes(50, 99).compute(nanos);
        return new EvaluatorSpeed(
                Machine.describe(), nanos.size(), nanos.size() / seconds, micros.get(50) / 1e3, micros.get(99) / 1e3);
    }

    private static List<Long> latencies(SafetyEvaluator evaluator, List<Exchange> exchanges, Duration duration) {
        List<Long> nanos = new ArrayList<>();
        long end = System.nanoTime() + duration.toNanos();
        while (nanos.size() < exchanges.size() || System.nanoTime() - end < 0) {
            Exchange exchange = exchanges.get(nanos.size() % exchanges.size());
            long start = System.nanoTime();
            evaluator.evaluate(exchange);
            nanos.add(System.nanoTime() - start);
        }
        return nanos;
    }
}
