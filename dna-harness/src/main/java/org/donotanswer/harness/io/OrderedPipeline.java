package org.donotanswer.harness.io;

import com.google.common.base.Throwables;
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
 * Maps a stream of items on several threads and writes the results in the order of the items. Memory is bounded by the
 * limits, however long the stream is. The calling thread reads and writes; it waits when the limits are reached and the
 * oldest results are not ready. Immutable, hence thread-safe.
 *
 * @param threads the number of items processed at a time, at least 1
 * @param limits how much may be in memory
 */
public record OrderedPipeline(int threads, Limits limits) {
    /**
     * Checks the number of threads.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public OrderedPipeline {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but was " + threads);
        }
    }

    /**
     * How much may be in memory. Immutable, hence thread-safe.
     *
     * @param chunkItems the maximum number of items that a thread gets at a time
     * @param chunkSize the size of a chunk from which no more items are added to it
     * @param chunks the maximum number of chunks that are being processed or wait to be written
     * @param size the maximum total size of these chunks; a single larger chunk is processed alone
     */
    public record Limits(int chunkItems, long chunkSize, int chunks, long size) {
        /** Returns limits for lines of text, with sizes in characters: about 32 MB. */
        public static Limits ofText(int threads) {
            return new Limits(64, 1 << 18, 4 * threads + 1, 1 << 23);
        }

        /**
         * Returns limits for files, as {@link #ofText} but with more chunks waiting, so that the threads go on while what was
         * written is forced to disk.
         */
        public static Limits ofFiles(int threads) {
            return new Limits(64, 1 << 18, 64 * threads, 1 << 23);
        }

        /** Returns limits for evaluators that are faster the more exchanges they can choose batches from. */
        public static Limits ofBatches(int threads) {
            return new Limits(1_024, 1 << 22, threads + 1, 1 << 23);
        }
    }

    /** A source of items. */
    public interface Source<I> {
        /**
         * Returns the next item, or null at the end.
         *
         * @throws IOException if the source cannot be read
         */
        @Nullable
        I next() throws IOException;

        /**
         * Returns whether the next item, or the end, can be read without waiting.
         *
         * @throws IOException if the source cannot be asked
         */
        boolean ready() throws IOException;

        /** Returns the size of an item. */
        long size(I item);

        /** Returns whether the item that was read last must be the last of its chunk. */
        default boolean endsChunk() {
            return false;
        }
    }

    /** A receiver of results. */
    public interface Sink<O> {
        /**
         * Writes a result.
         *
         * @throws IOException if that fails
         */
        void write(O result) throws IOException;

        /**
         * Flushes what was written, as the next result may take a while.
         *
         * @throws IOException if that fails
         */
        void flush() throws IOException;
    }

    private record Pending<O>(Future<List<O>> results, long size) {}

    /**
     * Maps every item on its own.
     *
     * @param work must not throw
     * @throws IOException as {@link #runChunks}
     * @throws InterruptedException as {@link #runChunks}
     */
    public <I, O> void run(Source<I> source, Function<? super I, ? extends O> work, Sink<? super O> sink)
            throws IOException, InterruptedException {
        runChunks(source, chunk -> chunk.stream().<O>map(work).toList(), sink);
    }

    /**
     * Maps the items chunk by chunk.
     *
     * @param work returns the results of a chunk in the order of its items; must not throw
     * @throws IOException if the source or the sink throws it; unfinished results are dropped
     * @throws InterruptedException if the calling thread is interrupted
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
        } while (chunk.size() < limits.chunkItems()
                && size < limits.chunkSize()
                && !source.endsChunk()
                && source.ready());
        return size;
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
        for (O result : resultOf(oldest.results())) {
            sink.write(result);
        }
        return oldest.size();
    }

    private static <T> T resultOf(Future<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwables.throwIfUnchecked(e.getCause());
            throw new IllegalStateException("work must not throw, but threw " + e.getCause(), e.getCause());
        } catch (CancellationException e) {
            throw new IllegalStateException("work must not be cancelled, but was", e);
        }
    }
}
