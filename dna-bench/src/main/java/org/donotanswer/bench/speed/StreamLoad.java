package org.donotanswer.bench.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.guard.BlockedException;
import org.donotanswer.guard.Conversation;
import org.donotanswer.guard.stream.GuardedProcessor;
import org.donotanswer.guard.stream.StreamGuard;
import org.jspecify.annotations.Nullable;

/**
 * Many streams at a time, each by a processor, their tokens in turn. Immutable, hence thread-safe.
 *
 * @param streams how many streams there were, all of them open from the first token to the last
 * @param threads how many threads fed them
 * @param chars how many chars of answers they had
 * @param released how many of these were released
 * @param blocked how many streams were blocked
 * @param seconds how long it took
 * @param heapBytesPerStream by how much the live heap had grown per stream when each had half of its answer
 */
public record StreamLoad(
        int streams, int threads, long chars, long released, int blocked, double seconds, double heapBytesPerStream) {

    /**
     * Streams answers, the exchanges over and over, and checks of each stream that what it released is a prefix of its answer, and
     * all of it if it was not blocked.
     *
     * @throws IllegalStateException if a stream released what it must not, or ended otherwise
     */
    public static StreamLoad measure(StreamGuard guard, List<Exchange> exchanges, int streams, int threads)
            throws InterruptedException {
        long before = LiveHeap.bytes();
        List<List<OneStream>> parts = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            parts.add(new ArrayList<>());
        }
        for (int i = 0; i < streams; i++) {
            parts.get(i % threads).add(new OneStream(guard, exchanges.get(i % exchanges.size())));
        }
        List<OneStream> all = parts.stream().flatMap(List::stream).toList();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            long start = System.nanoTime();
            inParallel(executor, parts, StreamLoad::firstHalf);
            long half = System.nanoTime();
            long heap = LiveHeap.bytes() - before;
            long resumed = System.nanoTime();
            inParallel(executor, parts, StreamLoad::secondHalf);
            long nanos = half - start + System.nanoTime() - resumed;
            all.forEach(OneStream::check);
            return new StreamLoad(
                    streams,
                    threads,
                    all.stream().mapToLong(stream -> stream.answer.length()).sum(),
                    all.stream().mapToLong(stream -> stream.released).sum(),
                    (int) all.stream().filter(stream -> stream.blocked).count(),
                    nanos / 1e9,
                    Math.max(0, heap) / (double) streams);
        } finally {
            executor.shutdownNow();
        }
    }

    private static void inParallel(
            ExecutorService executor, List<List<OneStream>> parts, java.util.function.Consumer<List<OneStream>> work)
            throws InterruptedException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (List<OneStream> part : parts) {
            tasks.add(() -> {
                work.accept(part);
                return null;
            });
        }
        for (Future<Void> future : executor.invokeAll(tasks)) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("streams must end as they should, but did not", e.getCause());
            }
        }
    }

    /** Gives each stream a token, and again, until it has half of its answer. */
    private static void firstHalf(List<OneStream> streams) {
        feed(streams, true);
    }

    private static void secondHalf(List<OneStream> streams) {
        feed(streams, false);
        streams.forEach(OneStream::complete);
    }

    private static void feed(List<OneStream> streams, boolean half) {
        List<OneStream> open = new ArrayList<>(streams);
        while (!open.isEmpty()) {
            open.removeIf(stream -> !stream.feed(half));
        }
    }

    /** One answer on its way. Fed by one thread. */
    private static final class OneStream implements Flow.Subscriber<String>, Flow.Subscription {
        private final String answer;
        private final GuardedProcessor processor;
        private int sent;
        private long wanted;
        private boolean cancelled;
        private int released;
        private boolean blocked;
        private boolean finished;
        private @Nullable String violation;

        OneStream(StreamGuard guard, Exchange exchange) {
            answer = exchange.response();
            processor = guard.processor(Conversation.of(exchange.instruction()));
            processor.subscribe(this);
            processor.onSubscribe(this);
        }

        /** Sends the next token, if one is wanted; returns whether there is another before the end or the half. */
        boolean feed(boolean half) {
            int end = half ? answer.length() / 2 : answer.length();
            if (cancelled || sent >= end) {
                return false;
            }
            if (wanted > 0) {
                wanted--;
                int next = Math.min(answer.length(), sent + StreamTokens.CHARS_PER_TOKEN);
                String token = answer.substring(sent, next);
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
            if (violation == null && finished && released != answer.length()) {
                violation = "answer must be released whole, but was not";
            }
            if (violation == null && !finished && !blocked) {
                violation = "stream must end, but did not";
            }
            if (violation != null) {
                throw new IllegalStateException(violation + " (" + released + " of " + answer.length() + " chars)");
            }
        }

        @Override
        public void request(long n) {
            wanted = wanted + n < 0 ? Long.MAX_VALUE : wanted + n;
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
            if (released + text.length() > sent || !answer.startsWith(text, released)) {
                violation = "released text must be a prefix of the answer, but was not";
            }
            released += text.length();
        }

        @Override
        public void onError(Throwable error) {
            blocked = true;
            if (BlockedException.verdictOf(error).isEmpty()) {
                violation = "stream must end with a verdict, but was a "
                        + error.getClass().getName();
            }
        }

        @Override
        public void onComplete() {
            finished = true;
        }
    }
}
