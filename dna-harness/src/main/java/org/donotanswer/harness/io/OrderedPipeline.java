package org.donotanswer.harness.io;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.donotanswer.internal.DaemonThreads;
import org.jspecify.annotations.Nullable;

/**
 * Maps a stream of items over threads and writes the results in the order of the items, with no more in memory than the
 * limits allow, however long the stream is. The caller's thread reads and writes; where the results of the oldest items are
 * not there yet and the limits are reached, it waits. Immutable, hence thread-safe.
 *
 * @param threads how many items are worked on at a time, at least 1
 * @param limits how much may be in memory
 */
public record OrderedPipeline(int threads, Limits limits) {
    public OrderedPipeline {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
        }
    }

    /**
     * How much may be in memory.
     *
     * @param chunkItems how many items a thread is given at a time, at most
     * @param chunkSize their size, beyond which no more are added
     * @param chunks how many chunks may be under way or done but not written
     * @param size the size of those, above which only one chunk may be
     */
    public record Limits(int chunkItems, long chunkSize, int chunks, long size) {
        /** Returns the limits that suit lines of text, in chars, for a number of threads: some 32 MB. */
        public static Limits ofText(int threads) {
            return new Limits(64, 1 << 18, 4 * threads + 1, 1 << 23);
        }

        /** Returns the limits for evaluators that judge many at a time faster, the more there are to choose batches from. */
        public static Limits ofBatches(int threads) {
            return new Limits(1_024, 1 << 22, threads + 1, 1 << 23);
        }
    }

    /** Where items come from. */
    public interface Source<I> {
        /** Returns the next item, or null at the end. */
        @Nullable
        I next() throws IOException;

        /** Returns whether the next item, or the end, can be had without waiting. */
        boolean ready() throws IOException;

        /** Returns how large an item is. */
        long size(I item);
    }

    /** Where results go. */
    public interface Sink<O> {
        void write(O result) throws IOException;

        /** Hands on what was written: there may be nothing to write for a while. */
        void flush() throws IOException;
    }

    private record Pending<O>(Future<List<O>> results, long size) {}

    /** Maps every item by itself; see {@link #runChunks}. */
    public <I, O> void run(Source<I> source, Function<? super I, ? extends O> work, Sink<? super O> sink)
            throws IOException, InterruptedException {
        runChunks(source, (List<I> chunk) -> map(chunk, work), sink);
    }

    /**
     * Maps everything.
     *
     * @param work returns the results of a chunk in the order of its items; must not throw
     * @throws IOException if the source or the sink does; results that are under way are given up
     * @throws InterruptedException if the caller's thread is interrupted
     */
    public <I, O> void runChunks(Source<I> source, Function<List<I>, List<O>> work, Sink<? super O> sink)
            throws IOException, InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(threads, DaemonThreads.named("dna-worker"));
        Deque<Pending<O>> pending = new ArrayDeque<>();
        long size = 0;
        try {
            while (true) {
                List<I> chunk = new ArrayList<>();
                long chunkSize = read(source, chunk);
                if (chunk.isEmpty()) {
                    break;
                }
                while (!pending.isEmpty() && (pending.size() >= limits.chunks() || size + chunkSize > limits.size())) {
                    size -= writeOldest(pending, sink);
                }
                pending.add(new Pending<>(workers.submit(() -> work.apply(chunk)), chunkSize));
                size += chunkSize;
                if (!source.ready()) {
                    size -= writeAll(pending, sink);
                }
            }
            writeAll(pending, sink);
        } finally {
            workers.shutdownNow();
        }
    }

    private <I> long read(Source<I> source, List<I> chunk) throws IOException {
        long size = 0;
        do {
            I item = source.next();
            if (item == null) {
                break;
            }
            chunk.add(item);
            size += source.size(item);
        } while (chunk.size() < limits.chunkItems() && size < limits.chunkSize() && source.ready());
        return size;
    }

    private static <I, O> List<O> map(List<I> chunk, Function<? super I, ? extends O> work) {
        List<O> results = new ArrayList<>(chunk.size());
        chunk.forEach(item -> results.add(work.apply(item)));
        return results;
    }

    private static <O> long writeAll(Deque<Pending<O>> pending, Sink<? super O> sink)
            throws IOException, InterruptedException {
        long size = 0;
        while (!pending.isEmpty()) {
            size += writeOldest(pending, sink);
        }
        sink.flush();
        return size;
    }

    private static <O> long writeOldest(Deque<Pending<O>> pending, Sink<? super O> sink)
            throws IOException, InterruptedException {
        Pending<O> oldest = pending.remove();
        for (O result : await(oldest.results())) {
            sink.write(result);
        }
        return oldest.size();
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("work must not throw, but was " + e.getCause(), e.getCause());
        } catch (CancellationException e) {
            throw new IllegalStateException("work must not be cancelled, but was", e);
        }
    }
}
