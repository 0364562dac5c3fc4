package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OrderedPipelineTest {
    private static final OrderedPipeline.Limits ONE_ITEM_CHUNKS = new OrderedPipeline.Limits(1, 100, 3, 10);

    /** The numbers 0 to {@code count - 1}, of size 1; counts how many were read. */
    private static final class Numbers implements OrderedPipeline.Source<Integer> {
        private final int count;
        private final IntPredicate ready;
        private final AtomicInteger read = new AtomicInteger();

        Numbers(int count, IntPredicate ready) {
            this.count = count;
            this.ready = ready;
        }

        @Override
        public Integer next() {
            return read.get() < count ? read.getAndIncrement() : null;
        }

        @Override
        public boolean ready() {
            return ready.test(read.get());
        }

        @Override
        public long size(Integer item) {
            return 1;
        }
    }

    /** Records the results, and "flush" for each flush. */
    private static final class Sink implements OrderedPipeline.Sink<String> {
        private final List<String> written = new ArrayList<>();

        @Override
        public void write(String result) {
            written.add(result);
        }

        @Override
        public void flush() {
            written.add("flush");
        }
    }

    @Test
    void run_laterItemsDoneFirst_keepsOrder() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Sink sink = new Sink();

        new OrderedPipeline(2, ONE_ITEM_CHUNKS)
                .run(
                        new Numbers(2, n -> true),
                        number -> {
                            if (number == 1) {
                                second.countDown();
                            } else {
                                await(second);
                            }
                            return "r" + number;
                        },
                        sink);

        assertThat(sink.written).containsExactly("r0", "r1", "flush");
    }

    @Test
    void runChunks_itemThatEndsItsChunk_isTheLastOfIt() throws Exception {
        List<List<Integer>> chunks = new ArrayList<>();
        Numbers numbers = new Numbers(7, n -> true);
        OrderedPipeline.Source<Integer> source = new OrderedPipeline.Source<>() {
            @Override
            public Integer next() {
                return numbers.next();
            }

            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public long size(Integer item) {
                return 1;
            }

            @Override
            public boolean endsChunk() {
                return numbers.read.get() == 2;
            }
        };

        new OrderedPipeline(1, new OrderedPipeline.Limits(3, 100, 2, 10))
                .runChunks(
                        source,
                        chunk -> {
                            chunks.add(List.copyOf(chunk));
                            return List.<String>of();
                        },
                        new Sink());

        assertThat(chunks).containsExactly(List.of(0, 1), List.of(2, 3, 4), List.of(5, 6));
    }

    @Test
    void run_oldestItemSlow_readsUpToTheLimit() throws Exception {
        Numbers source = new Numbers(100, n -> true);
        CountDownLatch othersDone = new CountDownLatch(2);
        AtomicInteger readBeforeFirstResult = new AtomicInteger();
        Sink sink = new Sink();

        new OrderedPipeline(2, ONE_ITEM_CHUNKS)
                .run(
                        source,
                        number -> {
                            if (number == 0) {
                                // The other thread has processed everything that the limits allow; the reader must be
                                // waiting.
                                await(othersDone);
                                readBeforeFirstResult.set(source.read.get());
                            } else {
                                othersDone.countDown();
                            }
                            return "r" + number;
                        },
                        sink);

        // Three chunks in progress and one read ahead.
        assertThat(readBeforeFirstResult).hasValueBetween(3, 4);
        assertThat(sink.written).hasSize(101).startsWith("r0", "r1", "r2");
    }

    @Test
    void run_sizeAboveLimit_processesOneChunkAtATime() throws Exception {
        OrderedPipeline.Limits limits = new OrderedPipeline.Limits(1, 100, 50, 1);
        AtomicInteger inProgress = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        new OrderedPipeline(4, limits)
                .run(
                        new Numbers(50, n -> true),
                        number -> {
                            most.accumulateAndGet(inProgress.incrementAndGet(), Math::max);
                            inProgress.decrementAndGet();
                            return "r";
                        },
                        new Sink());

        assertThat(most).hasValue(1);
    }

    @Test
    void run_severalThreads_workConcurrently() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        Sink sink = new Sink();

        new OrderedPipeline(3, new OrderedPipeline.Limits(1, 100, 10, 10))
                .run(
                        new Numbers(6, n -> true),
                        number -> {
                            meet(together);
                            return "r" + number;
                        },
                        sink);

        assertThat(sink.written).hasSize(7);
    }

    @Test
    void run_sourceNotReady_flushes() throws Exception {
        Sink sink = new Sink();

        new OrderedPipeline(2, new OrderedPipeline.Limits(10, 100, 10, 100))
                .run(new Numbers(5, n -> n != 2), number -> "r" + number, sink);

        assertThat(sink.written).containsExactly("r0", "r1", "flush", "r2", "r3", "r4", "flush");
    }

    @Test
    void run_workFails_throwsTheFailure() {
        IllegalStateException failure = new IllegalStateException("no");

        assertThatThrownBy(() -> new OrderedPipeline(2, ONE_ITEM_CHUNKS)
                        .run(
                                new Numbers(9, n -> true),
                                number -> {
                                    throw failure;
                                },
                                new Sink()))
                .isSameAs(failure);
    }

    @Test
    void run_sinkFails_throwsTheFailureAndStops() {
        Numbers source = new Numbers(1000, n -> true);
        IOException failure = new IOException("full");
        OrderedPipeline.Sink<Object> sink = new OrderedPipeline.Sink<>() {
            @Override
            public void write(Object result) throws IOException {
                throw failure;
            }

            @Override
            public void flush() {}
        };

        assertThatThrownBy(() -> new OrderedPipeline(2, ONE_ITEM_CHUNKS).run(source, number -> "r", sink))
                .isSameAs(failure);
        assertThat(source.read).hasValueLessThan(6);
    }

    @Test
    void constructor_noThreads_isRefused() {
        assertThatThrownBy(() -> new OrderedPipeline(0, ONE_ITEM_CHUNKS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads must be at least 1, but was 0");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
