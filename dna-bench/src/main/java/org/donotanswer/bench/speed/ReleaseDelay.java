package org.donotanswer.bench.speed;

import com.google.common.math.Quantiles;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;

/**
 * The delay between the token that completes a window and the release of its text. Immutable, hence thread-safe.
 *
 * @param releases the number of measured releases
 * @param p50Micros the median, in microseconds
 * @param p99Micros the 99th percentile, in microseconds
 * @param maxMicros the maximum, in microseconds
 */
public record ReleaseDelay(int releases, double p50Micros, double p99Micros, double maxMicros) {
    private static final double NANOS_PER_MICRO = 1e3;

    /**
     * Streams responses one after another and measures the delays of their releases.
     *
     * @param warmUp the exchanges to stream first, without measuring them
     * @throws IllegalArgumentException if nothing is released
     */
    public static ReleaseDelay measure(StreamGuard guard, List<Exchange> warmUp, List<Exchange> exchanges) {
        stream(guard, warmUp);
        long[] nanos = stream(guard, exchanges);
        if (nanos.length == 0) {
            throw new IllegalArgumentException("exchanges must have releases, but had none");
        }
        Map<Integer, Double> percentiles =
                Quantiles.percentiles().indexes(50, 99, 100).compute(nanos);
        return new ReleaseDelay(
                nanos.length,
                percentiles.get(50) / NANOS_PER_MICRO,
                percentiles.get(99) / NANOS_PER_MICRO,
                percentiles.get(100) / NANOS_PER_MICRO);
    }

    private static long[] stream(StreamGuard guard, List<Exchange> exchanges) {
        Stopwatch stopwatch = new Stopwatch();
        for (Exchange exchange : exchanges) {
            TokenSink sink = guard.open(Conversation.of(exchange.instruction()), stopwatch);
            for (String token : StreamTokens.of(exchange.response())) {
                stopwatch.start = System.nanoTime();
                if (!sink.accept(token)) {
                    break;
                }
            }
            stopwatch.start = System.nanoTime();
            sink.complete();
        }
        return Arrays.copyOf(stopwatch.nanos, stopwatch.count);
    }

    /** Measures the time from a token to the release that it causes. */
    private static final class Stopwatch implements StreamListener {
        private long start;
        private long[] nanos = new long[1024];
        private int count;

        @Override
        public void onText(String text) {
            if (count == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * count);
            }
            nanos[count++] = System.nanoTime() - start;
        }

        @Override
        public void onFinished(Verdict verdict) {}

        @Override
        public void onBlocked(Verdict verdict) {}

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException("stream must not fail, but failed", error);
        }
    }
}
