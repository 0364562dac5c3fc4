package org.donotanswer.bench.crossvalidation;

import com.google.common.base.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedBenign;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.internal.DaemonThreads;

/** Trains and tests a model for each fold, several folds at a time. Immutable, hence thread-safe. */
public final class CrossValidation {
    private final TrainingSet set;
    private final ModelTrainer trainer;
    private final long seed;

    /** Creates a cross-validation; every model is trained with the same seed. */
    public CrossValidation(TrainingSet set, ModelTrainer trainer, long seed) {
        this.set = set;
        this.trainer = trainer;
        this.seed = seed;
    }

    /**
     * Returns the results, in the order of the tasks.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public List<FoldResult> run(List<FoldTask> tasks, int threads, Progress progress) throws InterruptedException {
        return inParallel(tasks, task -> run(task, progress), threads);
    }

    /**
     * Returns the results of a function for several tasks, in the order of the tasks.
     *
     * @throws InterruptedException if the thread is interrupted
     */
    public static <T, R> List<R> inParallel(List<T> tasks, Function<T, R> function, int threads)
            throws InterruptedException {
        ExecutorService workers = Executors.newFixedThreadPool(threads, DaemonThreads.numbered("fold-"));
        try {
            List<Future<R>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(workers.submit(() -> function.apply(task))));
            List<R> results = new ArrayList<>();
            for (Future<R> future : futures) {
                results.add(future.get());
            }
            return List.copyOf(results);
        } catch (ExecutionException e) {
            Throwables.throwIfUnchecked(e.getCause());
            throw new IllegalStateException("fold must not throw a checked exception, but did", e);
        } finally {
            workers.shutdownNow();
        }
    }

    private FoldResult run(FoldTask task, Progress progress) {
        List<TrainingExample> examples = set.examples(task.holdout());
        long start = System.nanoTime();
        try (SafetyEvaluator model = trainer.train(examples, seed)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            List<AssessedResponse> responses = task.responses().stream()
                    .map(response -> new AssessedResponse(
                            response,
                            model.evaluate(Exchange.of(response.question().text(), response.text()))))
                    .toList();
            List<AssessedBenign> benign = task.benign().stream()
                    .map(item -> new AssessedBenign(
                            item,
                            model.evaluate(Exchange.of(
                                    item.exchange().instruction(),
                                    item.exchange().response()))))
                    .toList();
            progress.step();
            return new FoldResult(task, examples.size(), model.provenance(), responses, benign, seconds);
        }
    }
}
