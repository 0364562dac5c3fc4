package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.donotanswer.classifier.transformer.FakeClassifier.expected;
import static org.donotanswer.classifier.transformer.FakeClassifier.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BatchQueueTest {
    /** A wait this long exceeds the test's timeout. */
    private static final long HOUR_MICROS = TimeUnit.HOURS.toMicros(1);

    private static final BatchLimits LIMITS = BatchLimits.of(1000, 8);

    private final List<BatchQueue> queues = new ArrayList<>();

    /** A caller on its own thread. */
    private record Caller<T>(Thread thread, FutureTask<T> task) {
        static <T> Caller<T> start(Callable<T> call) {
            FutureTask<T> task = new FutureTask<>(call);
            Thread thread = new Thread(task, "caller");
            thread.setDaemon(true);
            thread.start();
            return new Caller<>(thread, task);
        }

        T result() throws Exception {
            return task.get();
        }

        void awaitBlocked() {
            until(() -> thread.getState() == Thread.State.WAITING);
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(20_000);
        }
    }

    private BatchQueue queue(FakeClassifier classifier, BatchOptions options) {
        BatchQueue queue = new BatchQueue("TestEvaluator", classifier, options);
        queues.add(queue);
        return queue;
    }

    private BatchQueue queue(FakeClassifier classifier, long maxDelayMicros) {
        return queue(classifier, new BatchOptions(LIMITS, 1, maxDelayMicros, 100_000));
    }

    @AfterEach
    void close() {
        queues.forEach(BatchQueue::close);
    }

    /** Starts callers with sequences of length 10, each after the previous one is queued. */
    private static List<Caller<float[]>> submitted(BatchQueue queue, long... firsts) {
        List<Caller<float[]>> callers = new ArrayList<>();
        for (long first : firsts) {
            long before = queue.queuedTokens();
            callers.add(Caller.start(() -> queue.submit(sequence(first, 10))));
            until(() -> queue.queuedTokens() == before + 10);
        }
        return callers;
    }

    @Test
    void submit_loneCaller_neverWaitsForOthers() {
        FakeClassifier classifier = FakeClassifier.open();
        BatchQueue queue = queue(classifier, HOUR_MICROS);

        for (int i = 0; i < 5; i++) {
            assertThat(queue.submit(sequence(i, 3))).containsExactly(i, 3);
        }
        assertThat(classifier.batches()).hasSize(5);
    }

    @Test
    void submit_whileABatchRuns_joinsTheNextBatchWithAllOthers() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, 0);
        Caller<float[]> first = Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        List<Caller<float[]>> others = submitted(queue, 2, 3, 4);

        batch.countDown();
        classifier.nextBatch().countDown();

        assertThat(first.result()).containsExactly(1, 10);
        assertThat(others.get(2).result()).containsExactly(4, 10);
        assertThat(classifier.batches()).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
    }

    @Test
    void submit_againByTheCallerJustServed_joinsThoseWaiting() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, HOUR_MICROS);
        Caller<float[]> first = Caller.start(() -> {
            queue.submit(sequence(1, 10));
            return queue.submit(sequence(4, 10));
        });
        CountDownLatch batch = classifier.nextBatch();
        submitted(queue, 2, 3);

        batch.countDown();
        classifier.nextBatch().countDown();

        assertThat(first.result()).containsExactly(4, 10);
        assertThat(classifier.batches()).containsExactly(List.of(1L), List.of(2L, 3L, 4L));
    }

    @Test
    void submit_againByAllCallersJustServed_formsOneBatch() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, HOUR_MICROS);
        Caller<float[]> first = Caller.start(() -> queue.submit(sequence(0, 500)));
        CountDownLatch batch = classifier.nextBatch();
        List<Caller<float[]>> callers = new ArrayList<>();
        for (int i = 1; i <= 7; i++) {
            int id = i;
            callers.add(Caller.start(() -> {
                queue.submit(sequence(id, 10));
                return queue.submit(sequence(id + 100, 10));
            }));
        }
        until(() -> queue.queuedTokens() == 70);
        Caller<float[]> eighth = Caller.start(() -> queue.submit(sequence(8, 10)));
        until(() -> queue.queuedTokens() == 80);

        batch.countDown();
        classifier.nextBatch().countDown();
        assertThat(first.result()).containsExactly(0, 500);
        assertThat(eighth.result()).containsExactly(8, 10);
        Caller<float[]> ninth = Caller.start(() -> queue.submit(sequence(108, 10)));
        classifier.nextBatch().countDown();

        assertThat(ninth.result()).containsExactly(108, 10);
        assertThat(callers.get(6).result()).containsExactly(107, 10);
        assertThat(classifier.batches()).hasSize(3);
    }

    @Test
    void submit_enoughForAFullBatch_doesNotWaitForTheCallerJustServed() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, new BatchOptions(BatchLimits.of(1000, 2), 1, HOUR_MICROS, 100_000));
        Caller<float[]> first = Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        List<Caller<float[]>> others = submitted(queue, 2, 3);

        batch.countDown();
        classifier.nextBatch().countDown();

        assertThat(first.result()).containsExactly(1, 10);
        assertThat(others.get(1).result()).containsExactly(3, 10);
    }

    @Test
    void submit_callerJustServedStaysAway_startsAfterTheDelay() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, 1);
        Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        List<Caller<float[]>> others = submitted(queue, 2);

        batch.countDown();
        classifier.nextBatch().countDown();

        assertThat(others.get(0).result()).containsExactly(2, 10);
    }

    @Test
    void submit_interrupted_keepsWaitingAndStaysInterrupted() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, 0);
        Caller<List<Object>> caller = Caller.start(() -> {
            float[] logits = queue.submit(sequence(1, 10));
            return List.of(logits[0], Thread.currentThread().isInterrupted());
        });
        CountDownLatch batch = classifier.nextBatch();
        caller.awaitBlocked();

        caller.thread().interrupt();
        batch.countDown();

        assertThat(caller.result()).containsExactly(1f, true);
    }

    @Test
    void submit_batchFails_onlyTheBadSequencesFail() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, 0);
        Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        List<Caller<float[]>> callers = submitted(queue, 2, FakeClassifier.BAD, 3, FakeClassifier.WORSE);

        batch.countDown();
        for (int i = 0; i < 5; i++) {
            classifier.nextBatch().countDown();
        }

        assertThat(callers.get(0).result()).containsExactly(2, 10);
        assertThatThrownBy(() -> callers.get(1).result())
                .hasCauseInstanceOf(UnsupportedOperationException.class)
                .hasRootCauseMessage("bad sequence in a batch of 1");
        assertThat(callers.get(2).result()).containsExactly(3, 10);
        assertThatThrownBy(() -> callers.get(3).result())
                .hasCauseInstanceOf(StackOverflowError.class)
                .hasRootCauseMessage("worse sequence in a batch of 1");
    }

    @Test
    void submit_afterFailure_succeeds() {
        BatchQueue queue = queue(FakeClassifier.open(), 0);

        assertThatThrownBy(() -> queue.submit(sequence(FakeClassifier.WORSE, 4)))
                .isInstanceOf(StackOverflowError.class);
        assertThat(queue.submit(sequence(5, 4))).containsExactly(5, 4);
    }

    @Test
    void outcomes_oneFails_othersAreClassified() {
        BatchQueue queue = queue(FakeClassifier.open(), 0);
        List<TokenSequence> sequences = List.of(sequence(1, 10), sequence(FakeClassifier.BAD, 10), sequence(2, 10));

        List<BatchOutcome> outcomes = queue.outcomes(sequences);

        assertThat(outcomes.get(0).logits()).containsExactly(1, 10);
        assertThat(outcomes.get(1)).isInstanceOf(BatchOutcome.Failed.class);
        assertThat(outcomes.get(2).logits()).containsExactly(2, 10);
        assertThatThrownBy(() -> queue.submitAll(sequences))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("bad sequence in a batch of 1");
    }

    @Test
    void submitAll_moreThanFitsIntoTheQueue_returnsLogitsInOrder() {
        FakeClassifier classifier = FakeClassifier.open();
        BatchQueue queue = queue(classifier, new BatchOptions(BatchLimits.of(64, 4), 2, 0, 40));
        List<TokenSequence> sequences = IntStream.range(0, 300)
                .mapToObj(i -> sequence(1000 + i, 1 + i * 7 % 90))
                .toList();

        float[][] logits = queue.submitAll(sequences);

        assertThat(logits)
                .isDeepEqualTo(sequences.stream().map(FakeClassifier::expected).toArray(float[][]::new));
        assertThat(queue.submitAll(List.of())).isEmpty();
    }

    @Test
    void submit_noRoom_blocksAndIsServedInOrderOfArrival() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, new BatchOptions(BatchLimits.of(1000, 1), 1, HOUR_MICROS, 10));
        Caller.start(() -> queue.submit(sequence(1, 8)));
        CountDownLatch batch = classifier.nextBatch();
        Caller.start(() -> queue.submit(sequence(2, 8)));
        until(() -> queue.queuedTokens() == 8);
        Caller<float[]> large = Caller.start(() -> queue.submit(sequence(3, 8)));
        large.awaitBlocked();
        // There is room for this one, but another caller came first.
        Caller<float[]> small = Caller.start(() -> queue.submit(sequence(4, 2)));
        small.awaitBlocked();

        assertThat(queue.queuedTokens()).isEqualTo(8);
        batch.countDown();
        for (int i = 0; i < 3; i++) {
            classifier.nextBatch().countDown();
        }

        assertThat(large.result()).containsExactly(3, 8);
        assertThat(small.result()).containsExactly(4, 2);
        assertThat(classifier.batches()).containsExactly(List.of(1L), List.of(2L), List.of(3L), List.of(4L));
    }

    @Test
    void submit_longerThanTheQueue_isClassified() {
        BatchQueue queue = queue(FakeClassifier.open(), new BatchOptions(BatchLimits.of(4, 1), 1, 0, 10));

        assertThat(queue.submit(sequence(1, 50))).containsExactly(1, 50);
    }

    @Test
    void submit_severalWorkers_runConcurrentlyAndStartOnDemand() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, new BatchOptions(LIMITS, 2, 0, 100_000));
        Caller<float[]> first = Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        Caller<float[]> second = Caller.start(() -> queue.submit(sequence(2, 10)));
        CountDownLatch other = classifier.nextBatch();

        assertThat(classifier.maxConcurrent()).isEqualTo(2);
        other.countDown();
        assertThat(second.result()).containsExactly(2, 10);
        batch.countDown();
        assertThat(first.result()).containsExactly(1, 10);
    }

    @Test
    void workers_areDaemonsNamedAfterTheOwnerAndStartedByTheFirstCall() {
        BatchQueue queue = new BatchQueue("LazyEvaluator", FakeClassifier.open(), BatchOptions.of(LIMITS));
        assertThat(workers("LazyEvaluator")).isEmpty();

        queue.submit(sequence(1, 1));
        List<Thread> workers = workers("LazyEvaluator");
        assertThat(workers).hasSize(1).allMatch(Thread::isDaemon);
        assertThat(workers.get(0).getName()).isEqualTo("LazyEvaluator-batch-1");

        queue.close();
        until(() -> workers("LazyEvaluator").isEmpty());
    }

    private static List<Thread> workers(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .toList();
    }

    @Test
    void close_batchRunning_waitsForItAndFailsWaitingCallers() throws Exception {
        FakeClassifier classifier = FakeClassifier.gated();
        BatchQueue queue = queue(classifier, new BatchOptions(LIMITS, 1, HOUR_MICROS, 10));
        Caller<float[]> running = Caller.start(() -> queue.submit(sequence(1, 10)));
        CountDownLatch batch = classifier.nextBatch();
        Caller<float[]> waiting = submitted(queue, 2).get(0);
        Caller<float[]> blocked = Caller.start(() -> queue.submit(sequence(3, 10)));
        blocked.awaitBlocked();

        Caller<Boolean> closing = Caller.start(() -> {
            queue.close();
            return true;
        });
        assertThatThrownBy(waiting::result).hasRootCauseMessage("TestEvaluator is closed");
        assertThatThrownBy(blocked::result).hasRootCauseMessage("TestEvaluator is closed");
        closing.awaitBlocked();
        assertThat(closing.task().isDone()).isFalse();
        batch.countDown();

        assertThat(closing.result()).isTrue();
        assertThat(running.result()).containsExactly(1, 10);
        assertThat(classifier.batches()).containsExactly(List.of(1L));
    }

    @Test
    void close_twice_hasNoFurtherEffectAndLaterCallsFail() {
        BatchQueue queue = queue(FakeClassifier.open(), 0);
        queue.close();
        queue.close();

        assertThatIllegalStateException()
                .isThrownBy(() -> queue.submit(sequence(1, 1)))
                .withMessage("TestEvaluator is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> queue.submitAll(List.of()))
                .withMessage("TestEvaluator is closed");
    }

    @Test
    void submit_manyThreads_everyCallerGetsItsOwnLogits() throws Exception {
        for (int workers = 1; workers <= 3; workers += 2) {
            FakeClassifier classifier = FakeClassifier.open();
            BatchQueue queue = queue(classifier, new BatchOptions(BatchLimits.of(600, 16), workers, 50, 2000));
            List<Caller<Integer>> callers = new ArrayList<>();
            for (int thread = 0; thread < 32; thread++) {
                int number = thread;
                callers.add(Caller.start(() -> classifyMany(queue, number)));
            }
            for (Caller<Integer> caller : callers) {
                assertThat(caller.result()).isEqualTo(200);
            }
            assertThat(classifier.maxConcurrent()).isLessThanOrEqualTo(workers);
        }
    }

    /** Submits 200 sequences, some one by one and some together, and returns the number of correct results. */
    private static int classifyMany(BatchQueue queue, int thread) {
        Random random = new Random(thread);
        int right = 0;
        for (int item = 0; item < 200; ) {
            int count = Math.min(200 - item, random.nextInt(4) == 0 ? 1 + random.nextInt(20) : 1);
            int from = 10_000 + thread * 1000 + item;
            List<TokenSequence> sequences = LongStream.range(from, from + count)
                    .mapToObj(id -> sequence(id, 1 + random.nextInt(random.nextInt(10) == 0 ? 700 : 60)))
                    .toList();
            float[][] logits = count == 1 ? new float[][] {queue.submit(sequences.get(0))} : queue.submitAll(sequences);
            for (int i = 0; i < count; i++) {
                assertThat(logits[i]).isEqualTo(expected(sequences.get(i)));
                right++;
            }
            item += count;
        }
        return right;
    }

    @Test
    void options_outOfRange_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchOptions(LIMITS, 0, 0, 1))
                .withMessage("workers must be at least 1, but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchOptions(LIMITS, 1, -1, 1))
                .withMessage("maxDelayMicros must be in 0..3600000000, but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BatchOptions(LIMITS, 1, 0, 0))
                .withMessage("maxQueuedTokens must be at least 1, but was 0");
        assertThat(BatchOptions.of(LIMITS)).isEqualTo(new BatchOptions(LIMITS, 1, 200, 16_000));
    }
}
