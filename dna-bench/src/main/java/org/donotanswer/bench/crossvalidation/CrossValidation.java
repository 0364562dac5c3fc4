package org.donotanswer.bench.crossvalidation;

import com.google.common.base.Throwables;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedBenign;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
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
        AtomicBoolean failed = new AtomicBoolean();
        try {
            List<Future<R>> futures = new ArrayList<>();
            tasks.forEach(task -> futures.add(workers.submit(() -> unlessFailed(failed, function, task))));
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

    private static <T, R> List<R> assess(
            SafetyEvaluator model, List<T> items, Function<T, Exchange> exchange, BiFunction<T, Assessment, R> result) {
        List<Assessment> assessments =
                model.evaluateAll(items.stream().map(exchange).toList());
        List<R> results = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            results.add(result.apply(items.get(i), assessments.get(i)));
        }
        return results;
    }

    /** After one task has failed, none is begun: it might take hours. */
    private static <T, R> R unlessFailed(AtomicBoolean failed, Function<T, R> function, T task) {
        if (failed.get()) {
            throw new CancellationException("an earlier task failed");
        }
        boolean done = false;
        try {
            R result = function.apply(task);
            done = true;
            return result;
        } finally {
            if (!done) {
                failed.set(true);
            }
        }
    }

    private FoldResult run(FoldTask task, Progress progress) {
        List<TrainingExample> examples = set.examples(task.holdout());
        long start = System.nanoTime();
        try (SafetyEvaluator model = trainer.train(task.protocol().id() + "/" + task.name(), examples, seed)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            List<AssessedResponse> responses = assess(
                    model,
                    task.responses(),
                    response -> Exchange.of(response.question().text(), response.text()),
                    AssessedResponse::new);
            List<AssessedBenign> benign = assess(
                    model,
                    task.benign(),
                    item -> Exchange.of(
                            item.exchange().instruction(), item.exchange().response()),
                    AssessedBenign::new);
            progress.step();
            return new FoldResult(task, examples.size(), model.provenance(), responses, benign, seconds);
        }
    }
}
