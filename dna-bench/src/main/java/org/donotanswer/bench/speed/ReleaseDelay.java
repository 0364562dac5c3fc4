package org.donotanswer.bench.speed;

import java.util.Arrays;
import java.util.List;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.Verdict;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.guard.stream.StreamListener;
import org.donotanswer.guard.stream.TokenSink;

/**
 * How long what is released had to wait after the token that completed its window. Immutable, hence thread-safe.
 *
 * @param releases how many releases were measured
 * @param p50Micros the median, in microseconds
 * @param p99Micros the 99th percentile, in microseconds
 * @param maxMicros the longest, in microseconds
 */
public record ReleaseDelay(int releases, double p50Micros, double p99Micros, double maxMicros) {
    private static final double NANOS_PER_MICRO = 1e3;

    /** Streams the answers one after another, some of them first to warm up, and returns the delays of the others' releases. */
    public static ReleaseDelay measure(StreamGuard guard, List<Exchange> warmUp, List<Exchange> exchanges) {
        stream(guard, warmUp);
        double[] micros = Arrays.stream(stream(guard, exchanges))
                .mapToDouble(nanos -> nanos / NANOS_PER_MICRO)
                .sorted()
                .toArray();
        if (micros.length == 0) {
            throw new IllegalArgumentException("exchanges must have releases, but was without any");
        }
        return new ReleaseDelay(
                micros.length, percentile(micros, 0.5), percentile(micros, 0.99), micros[micros.length - 1]);
    }

    private static double percentile(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
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

    /** Takes the time from a token to the release that it brought about. */
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
            throw new IllegalStateException("stream must not fail, but did", error);
        }
    }
}
