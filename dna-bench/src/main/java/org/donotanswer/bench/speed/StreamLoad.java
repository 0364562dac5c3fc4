package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.stream.GuardedProcessor;
import org.donotanswer.guard.stream.StreamGuard;
import org.jspecify.annotations.Nullable;

/**
 * The result of feeding many guarded streams concurrently, token by token in turn. Immutable, hence thread-safe.
 *
 * @param streams the number of streams, all open from the first token to the last
 * @param threads the number of threads that fed them
 * @param chars the total length of the responses, in chars
 * @param released the number of released chars
 * @param blocked the number of blocked streams
 * @param seconds the duration, without the measurement of the heap
 * @param heapBytesPerStream the growth of the live heap per stream when each had half of its response
 */
public record StreamLoad(
        int streams, int threads, long chars, long released, int blocked, double seconds, double heapBytesPerStream) {

    /**
     * Streams the responses of exchanges, repeatedly if there are more streams, and checks that each stream releases a
     * prefix of its response, or all of it if it is not blocked.
     *
     * @throws IllegalStateException if a stream releases other text, or neither completes nor is blocked
     * @throws InterruptedException if the thread is interrupted
     */
    public static StreamLoad measure(StreamGuard guard, List<Exchange> exchanges, int streams, int threads)
            throws InterruptedException {
        long before = LiveHeap.bytes();
        List<List<ResponseStream>> byThread = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            byThread.add(new ArrayList<>());
        }
        for (int i = 0; i < streams; i++) {
            byThread.get(i % threads).add(new ResponseStream(guard, exchanges.get(i % exchanges.size())));
        }
        List<ResponseStream> all = byThread.stream().flatMap(List::stream).toList();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            runInParallel(executor, byThread, StreamLoad::feedFirstHalf);
            long half = System.nanoTime();
            long heap = LiveHeap.bytes() - before;
            long resumed = System.nanoTime();
            runInParallel(executor, byThread, StreamLoad::feedSecondHalf);
            long nanos = half - start + System.nanoTime() - resumed;
            all.forEach(ResponseStream::check);
            return new StreamLoad(
                    streams,
                    threads,
                    all.stream().mapToLong(stream -> stream.response.length()).sum(),
                    all.stream().mapToLong(stream -> stream.released).sum(),
                    (int) all.stream().filter(stream -> stream.blocked).count(),
                    nanos / 1e9,
                    Math.max(0, heap) / (double) streams);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void runInParallel(
            ExecutorService executor, List<List<ResponseStream>> byThread, Consumer<List<ResponseStream>> work)
            throws InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (List<ResponseStream> streams : byThread) {
            tasks.add(() -> {
                work.accept(streams);
                return null;
            });
        }
        for (Future<Void> future : executor.invokeAll(tasks)) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("streams must complete or be blocked, but failed", e.getCause());
            }
        }
    }

    /** Feeds the streams a token each in turn until each has half of its response. */
    private static void feedFirstHalf(List<ResponseStream> streams) {
        feedAll(streams, true);
    }

    private static void feedSecondHalf(List<ResponseStream> streams) {
        feedAll(streams, false);
        streams.forEach(ResponseStream::complete);
    }

    private static void feedAll(List<ResponseStream> streams, boolean half) {
        List<ResponseStream> open = new ArrayList<>(streams);
        while (!open.isEmpty()) {
            open.removeIf(stream -> !stream.feed(half));
        }
    }

    /** A stream of one response, fed by one thread. Not thread-safe. */
    private static final class ResponseStream implements Flow.Subscriber<String>, Flow.Subscription {
        private final String response;
        private final GuardedProcessor processor;
        private int sent;
        private long requested;
        private boolean cancelled;
        private int released;
        private boolean blocked;
        private boolean finished;
        private @Nullable String violation;

        ResponseStream(StreamGuard guard, Exchange exchange) {
            response = exchange.response();
            processor = guard.processor(Conversation.of(exchange.instruction()));
            processor.subscribe(this);
            processor.onSubscribe(this);
        }

        /** Sends the next token if one is requested; returns whether another follows before the end or the half. */
        boolean feed(boolean half) {
            int end = half ? response.length() / 2 : response.length();
            if (cancelled || sent >= end) {
                return false;
            }
            if (requested > 0) {
                requested--;
                int next = Math.min(response.length(), sent + StreamTokens.CHARS_PER_TOKEN);
                String token = response.substring(sent, next);
                sent = next;
                processor.onNext(token);
            }
            return true;
        }

        void complete() {
            if (!cancelled) {
                processor.onComplete();
            }
        }

        void check() {
            if (violation == null && finished && released != response.length()) {
                violation = "response must be released completely, but was not";
            }
            if (violation == null && !finished && !blocked) {
                violation = "stream must complete or be blocked, but did neither";
            }
            if (violation != null) {
                throw new IllegalStateException(violation + " (" + released + " of " + response.length() + " chars)");
            }
        }

        @Override
        public void request(long n) {
            requested = requested + n < 0 ? Long.MAX_VALUE : requested + n;
        }

        @Override
        public void cancel() {
            cancelled = true;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(String text) {
            if (released + text.length() > sent || !response.startsWith(text, released)) {
                violation = "released text must be a prefix of the response, but was not";
            }
            released += text.length();
        }

        @Override
        public void onError(Throwable error) {
            blocked = true;
            if (BlockedException.verdictOf(error).isEmpty()) {
                violation = "stream must fail with a verdict, but failed with "
                        + error.getClass().getName();
            }
        }

        @Override
        public void onComplete() {
            finished = true;
        }
    }
}
