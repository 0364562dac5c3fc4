package org.donotanswer.classifier.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.classifier.embedded.training.TinyModel;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Test;

class ScorerPoolTest {
    private static final int CAPACITY = 3;
    private static final int THREADS = 16;

    private final AtomicInteger made = new AtomicInteger();
    private final ScorerPool pool = new ScorerPool(this::newScorer, CAPACITY);

    private Scorer newScorer() {
        made.incrementAndGet();
        return new Scorer(
                TinyModel.get().parameters(), TinyModel.get().parameters().general(), "tiny", true);
    }

    private List<Scorer> acquire(int count) {
        return Stream.generate(pool::acquire).limit(count).toList();
    }

    @Test
    void acquire_moreThanCapacity_neverWaitsNorSharesAScorer() {
        assertThat(acquire(2 * CAPACITY)).doesNotHaveDuplicates();
        assertThat(made).hasValue(2 * CAPACITY);
    }

    @Test
    void release_moreThanCapacity_keepsNoMore() {
        acquire(2 * CAPACITY).forEach(pool::release);
        assertThat(acquire(2 * CAPACITY)).doesNotHaveDuplicates();
        assertThat(made).hasValue(2 * CAPACITY + CAPACITY);
    }

    @Test
    void acquire_sameThreadAgain_hasSameScorer() {
        List<Scorer> scorers = acquire(2);
        pool.release(scorers.get(1));
        pool.release(scorers.get(0));
        assertThat(pool.acquire()).isSameAs(scorers.get(1));
    }

    @Test
    void acquire_newThreadPerCall_reusesOneScorer() throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            Thread thread = new Thread(() -> pool.release(pool.acquire()));
            thread.start();
            thread.join();
        }
        assertThat(made).hasValue(1);
    }

    @Test
    void clear_idleScorers_dropsThem() {
        acquire(CAPACITY).forEach(pool::release);
        pool.clear();
        acquire(CAPACITY);
        assertThat(made).hasValue(2 * CAPACITY);
    }

    @Test
    void acquire_manyThreads_givesEachItsOwn() throws Exception {
        Set<Scorer> inUse = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));
        onThreads(() -> {
            for (int i = 0; i < 5_000; i++) {
                Scorer scorer = pool.acquire();
                assertThat(inUse.add(scorer)).isTrue();
                assertThat(inUse.remove(scorer)).isTrue();
                pool.release(scorer);
            }
        });
        int before = made.get();
        acquire(CAPACITY + 1);
        assertThat(made.get()).as("idle scorers are at most the capacity").isGreaterThan(before);
    }

    @Test
    void evaluate_manyThreads_isLikeOne() throws Exception {
        List<Exchange> exchanges = TestExchanges.invariance();
        try (SafetyEvaluator evaluator = SafetyEvaluator.create()) {
            List<Assessment> expected = assessments(evaluator, exchanges);
            onThreads(() -> {
                for (int round = 0; round < 20; round++) {
                    assertThat(assessments(evaluator, exchanges)).isEqualTo(expected);
                }
            });
        }
    }

    private static List<Assessment> assessments(SafetyEvaluator evaluator, List<Exchange> exchanges) {
        return exchanges.stream()
                .flatMap(exchange ->
                        Stream.of(evaluator.evaluateInstruction(exchange.instruction()), evaluator.evaluate(exchange)))
                .toList();
    }

    private static void onThreads(Runnable task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                futures.add(threads.submit(task));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
