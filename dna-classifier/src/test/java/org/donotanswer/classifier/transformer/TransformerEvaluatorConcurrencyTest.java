package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.donotanswer.classifier.weights.CheckpointWeights;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.AssessmentAssertions;
import org.donotanswer.evaluate.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Concurrent calls, closing, and leaks of native memory. */
@Timeout(120)
class TransformerEvaluatorConcurrencyTest {
    private static final int THREADS = 32;

    @TempDir
    private Path directory;

    private static <T> List<Future<T>> submit(ExecutorService executor, int count, Callable<T> task) {
        List<Future<T>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(executor.submit(task));
        }
        return futures;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "longformer-harmful"})
    void evaluate_manyThreads_equalsOneThread(String name) throws Exception {
        List<Exchange> exchanges = TransformerEvaluatorTest.exchanges(40, 40);
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try (TransformerEvaluator evaluator = TinyCheckpoint.open(TinyCheckpoint.copy(directory, name))) {
            List<Assessment> expected =
                    exchanges.stream().map(evaluator::evaluate).toList();
            List<Future<List<Assessment>>> futures = submit(executor, THREADS, () -> exchanges.stream()
                    .map(evaluator::evaluate)
                    .toList());
            for (Future<List<Assessment>> future : futures) {
                for (int i = 0; i < expected.size(); i++) {
                    AssessmentAssertions.assertSame(future.get().get(i), expected.get(i), 1e-5);
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** Concurrent calls either return a result or report that the evaluator is closed. */
    @Test
    void close_whileOthersEvaluate_waitsOrFailsThem() throws Exception {
        Path path = TinyCheckpoint.copy(directory, "bert-action");
        List<Exchange> exchanges = TransformerEvaluatorTest.exchanges(20, 30);
        ExecutorService executor = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 12; round++) {
                TransformerEvaluator evaluator =
                        TinyCheckpoint.builder(path).warmUp(false).build();
                Assessment expected = evaluator.evaluate(exchanges.get(0));
                CountDownLatch running = new CountDownLatch(8);
                List<Future<String>> futures = submit(executor, 8, () -> {
                    while (true) {
                        try {
                            AssessmentAssertions.assertSame(
                                    evaluator.evaluateAll(exchanges).get(0), expected, 1e-5);
                            AssessmentAssertions.assertSame(evaluator.evaluate(exchanges.get(0)), expected, 1e-5);
                        } catch (IllegalStateException e) {
                            return e.getMessage();
                        } finally {
                            running.countDown();
                        }
                    }
                });
                running.await();
                List<Future<Boolean>> closing = submit(executor, 2, () -> {
                    evaluator.close();
                    return true;
                });
                evaluator.close();
                for (Future<Boolean> each : closing) {
                    assertThat(each.get()).isTrue();
                }
                for (Future<String> future : futures) {
                    assertThat(future.get()).isEqualTo("TransformerEvaluator is closed");
                }
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void evaluate_afterClose_throws() throws IOException {
        TransformerEvaluator evaluator = TinyCheckpoint.open(TinyCheckpoint.copy(directory, "bert-action"));
        evaluator.close();
        evaluator.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator.evaluate("x", "y"))
                .withMessage("TransformerEvaluator is closed");
        assertThatIllegalStateException()
                .isThrownBy(() -> evaluator.evaluateAll(List.of()))
                .withMessage("TransformerEvaluator is closed");
        assertThat(evaluator.name()).isEqualTo("bert-action");
        assertThat(evaluator.provenance().data()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert-action", "deberta-v2-harmful", "longformer-action"})
    void logits_thousandCalls_leakNothing(String name) throws Exception {
        Path path = TinyCheckpoint.copy(directory, name);
        CheckpointConfig config = CheckpointConfig.read(path);
        List<TokenSequence> batch = List.of(
                new TokenSequence(new long[] {0, 9, 9, 2}, new long[4]),
                new TokenSequence(new long[] {0, 9}, new long[2]));
        try (CheckpointWeights weights = CheckpointWeights.open(path);
                CheckpointModel model = CheckpointModel.load(
                        Architecture.of(config),
                        config.labelCount(),
                        weights,
                        new Kernels(Precision.FLOAT32, Torch.hasOneDnn()),
                        1)) {
            model.logits(batch);
            NDManager parent = model.manager().getParentManager();
            int before = resources(model.manager());
            int above = resources(parent);
            for (int i = 0; i < 1_000; i++) {
                model.logits(batch);
            }
            assertThat(resources(model.manager())).isEqualTo(before);
            assertThat(resources(parent)).isEqualTo(above);
        }
    }

    @Test
    void load_thenClose_leaksNothing() throws Exception {
        Path good = TinyCheckpoint.of("bert").write(directory.resolve("good"));
        Path malformed = TinyCheckpoint.of("bert").write(directory.resolve("malformed"));
        TinyCheckpoint.setWeight(malformed, "classifier.bias", List.of(3L), 0);
        NDManager system;
        try (NDManager manager = Torch.manager()) {
            system = manager.getParentManager();
        }
        int before = resources(system);
        for (int i = 0; i < 5; i++) {
            TransformerEvaluator.load(good).close();
            try {
                TransformerEvaluator.load(malformed).close();
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("classifier.bias");
            }
            assertThat(resources(system)).isEqualTo(before);
        }
    }

    /** Returns the number of native resources that a manager would release. */
    private static int resources(NDManager manager) throws ReflectiveOperationException {
        Field resources = BaseNDManager.class.getDeclaredField("resources");
        resources.setAccessible(true);
        return ((Map<?, ?>) resources.get(manager)).size();
    }
}
