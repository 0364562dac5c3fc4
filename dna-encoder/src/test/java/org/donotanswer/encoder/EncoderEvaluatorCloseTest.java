package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.donotanswer.encoder.TestStages.logits;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to calls during which an evaluator is closed: nothing is released while one of them is in progress. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EncoderEvaluatorCloseTest {
    private static final Exchange EGG =
            Exchange.of("How do I boil an egg?", "Put it into boiling water for eight minutes.");

    @Test
    void close_callInProgress_waitsForItAndRefusesOthers() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        FakeForwardPass pass = new FakeForwardPass(window -> {
            if (first.compareAndSet(true, false)) {
                entered.countDown();
                await(released);
            }
            return logits(0, 0, 0, 0, 0);
        });
        EncoderEvaluator evaluator = TestEvaluators.of(pass, TestStages.average());
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<Assessment> inProgress = pool.submit(() -> evaluator.evaluate(EGG));
            entered.await();
            Future<?> closing = pool.submit(evaluator::close);
            evaluateUntilClosed(evaluator);

            assertThat(closing.isDone()).isFalse();
            assertThat(pass.closings()).isEqualTo(0);
            released.countDown();
            assertThat(inProgress.get().isScored()).isTrue();
            closing.get();
            assertThat(pass.closings()).isEqualTo(1);
        } finally {
            released.countDown();
            pool.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("test must not be interrupted, but was", e);
        }
    }

    /** Evaluates until that throws, and returns how often it did not. */
    private static int evaluateUntilClosed(EncoderEvaluator evaluator) {
        for (int calls = 0; ; calls++) {
            try {
                assertThat(evaluator.evaluate(EGG).isScored()).isTrue();
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("EncoderEvaluator is closed");
                return calls;
            }
        }
    }

    @Test
    void close_underLoad_callsEndOrThrow() throws Exception {
        int threads = 4;
        for (int round = 0; round < 5; round++) {
            FakeForwardPass pass = FakeForwardPass.ofTokens();
            EncoderEvaluator evaluator = TestEvaluators.of(pass, TestStages.average());
            CountDownLatch started = new CountDownLatch(threads);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<Integer>> futures = new ArrayList<>();
                for (int thread = 0; thread < threads; thread++) {
                    futures.add(pool.submit(() -> {
                        evaluator.evaluateInstruction("How do I boil an egg?");
                        started.countDown();
                        return evaluateUntilClosed(evaluator);
                    }));
                }
                started.await();
                evaluator.close();
                assertThat(pass.closings()).isEqualTo(1);
                int windows = pass.windows().size();
                int calls = threads;
                for (Future<Integer> future : futures) {
                    calls += future.get();
                }
                assertThat(windows).isEqualTo(calls).isEqualTo(pass.windows().size());
            } finally {
                pool.shutdownNow();
            }
        }
    }

    @Test
    void evaluateAll_closedBetweenExchanges_throws() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        FakeForwardPass pass = new FakeForwardPass(window -> {
            entered.countDown();
            await(released);
            return logits(0, 0, 0, 0, 0);
        });
        EncoderEvaluator evaluator = TestEvaluators.of(pass, TestStages.average());
        ExecutorService pool = Executors.newFixedThreadPool(2);
        try {
            Future<List<Assessment>> batch = pool.submit(() -> evaluator.evaluateAll(List.of(EGG, EGG)));
            entered.await();
            Future<?> closing = pool.submit(evaluator::close);
            // Once close has begun, a call is refused without waiting, although the batch is in progress.
            while (!isRefused(evaluator)) {
                Thread.onSpinWait();
            }
            released.countDown();
            closing.get();

            assertThat(catchThrowable(batch::get).getCause())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("EncoderEvaluator is closed");
            assertThat(pass.windows()).hasSize(1);
        } finally {
            released.countDown();
            pool.shutdownNow();
        }
    }

    private static boolean isRefused(EncoderEvaluator evaluator) {
        try {
            // Empty, so that it does not wait for the latch if it is not refused.
            evaluator.evaluateAll(List.of());
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void close_twice_releasesOnce() throws IOException {
        FakeForwardPass pass = FakeForwardPass.ofTokens();
        EncoderEvaluator evaluator = TestEvaluators.of(pass, TestStages.average());
        evaluator.close();
        evaluator.close();

        assertThat(pass.closings()).isEqualTo(1);
        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator.evaluateInstruction("How do I boil an egg?"))
                .withMessage("EncoderEvaluator is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator.evaluateAll(List.of()))
                .withMessage("EncoderEvaluator is closed");
    }
}
