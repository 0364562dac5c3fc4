package org.donotanswer.bench.crossvalidation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedBenign;
import org.donotanswer.bench.crossvalidation.FoldResult.AssessedResponse;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;

/** Trains and tests, fold by fold, several at a time. Immutable, hence thread-safe. */
public final class CrossValidation {
    private final TrainingSet set;
    private final ModelTrainer trainer;
    private final long seed;

    public CrossValidation(TrainingSet set, ModelTrainer trainer, long seed) {
        this.set = set;
        this.trainer = trainer;
        this.seed = seed;
    }

    /** Returns the results, in the order of the tasks. */
    public List<FoldResult> run(List<FoldTask> tasks, int threads, Progress progress) throws InterruptedException {
        List<FoldResult> results = new ArrayList<>();
        OrderedPipeline.Limits limits = new OrderedPipeline.Limits(1, 1, tasks.size() + 1, tasks.size() + 1L);
        try {
            new OrderedPipeline(threads, limits).run(source(tasks), task -> run(task, progress), sink(results));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(results);
    }

    private static OrderedPipeline.Source<FoldTask> source(List<FoldTask> tasks) {
        Iterator<FoldTask> rest = tasks.iterator();
        return new OrderedPipeline.Source<>() {
            @Override
            public @Nullable FoldTask next() {
                return rest.hasNext() ? rest.next() : null;
            }

            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public long size(FoldTask task) {
                return 1;
            }
        };
    }

    private static OrderedPipeline.Sink<FoldResult> sink(List<FoldResult> results) {
        return new OrderedPipeline.Sink<>() {
            @Override
            public void write(FoldResult result) {
                results.add(result);
            }

            @Override
            public void flush() {}
        };
    }

    private FoldResult run(FoldTask task, Progress progress) {
        List<TrainingExample> examples = set.examples(task.holdout());
        long start = System.nanoTime();
        try (SafetyEvaluator model = trainer.train(examples, seed)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            List<AssessedResponse> answers = task.answers().stream()
                    .map(answer -> new AssessedResponse(
                            answer, judge(model, answer.question().text(), answer.text())))
                    .toList();
            List<AssessedBenign> benign = task.benign().stream()
                    .map(item -> new AssessedBenign(
                            item,
                            judge(
                                    model,
                                    item.exchange().instruction(),
                                    item.exchange().response())))
                    .toList();
            progress.step();
            return new FoldResult(task, examples.size(), model.provenance(), answers, benign, seconds);
        }
    }

    private static Assessment judge(SafetyEvaluator model, String instruction, String response) {
        return model.evaluate(Exchange.of(instruction, response));
    }
}
