package org.donotanswer.bench.quality;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.donotanswer.bench.crossvalidation.CrossValidation;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.crossvalidation.TrainingSet.TrainingItem;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.LabelledExample;
import org.donotanswer.dataset.split.ExampleFold;
import org.donotanswer.dataset.split.ExampleSplits;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Progress;

/**
 * Trains models without some of the sources in turn, and tests each on the sources that it lacks. Near-duplicates of tested
 * examples are left out of the training as well. Immutable, hence thread-safe.
 */
public final class LeftOutSources {
    private final Map<String, TrainingExample> training = new HashMap<>();
    private final List<ExampleFold> folds;

    /**
     * Creates a measurement.
     *
     * @param folds how many models to train; sources are dealt out to them, see {@link ExampleSplits#leaveSourcesOut}
     * @throws IllegalArgumentException if there are fewer sources than folds
     */
    public LeftOutSources(TrainingSet set, int folds) {
        List<LabelledExample> examples = new ArrayList<>();
        for (TrainingItem item : set.items()) {
            examples.add(item.labelled());
            training.put(item.labelled().key(), item.training());
        }
        this.folds = ExampleSplits.of(examples).leaveSourcesOut(folds);
    }

    private LeftOutSources(LeftOutSources all, List<ExampleFold> folds) {
        training.putAll(all.training);
        this.folds = List.copyOf(folds);
    }

    /** Returns the names of the folds: the sources left out, joined by commas. */
    public List<String> names() {
        return folds.stream().map(ExampleFold::name).toList();
    }

    /** Returns the measurement of some of the folds. */
    public LeftOutSources only(Predicate<String> name) {
        return new LeftOutSources(
                this, folds.stream().filter(fold -> name.test(fold.name())).toList());
    }

    /**
     * One model and what it was tested on. Immutable, hence thread-safe.
     *
     * @param sources the names of the sources left out, joined by commas
     * @param trainingExamples how many examples the model was trained on
     * @param dropped how many examples of other sources were left out as near-duplicates
     * @param predictions one for each example of the sources left out
     */
    public record LeftOutFold(
            String sources, int trainingExamples, int dropped, @JsonIgnore List<Prediction> predictions) {
        /** Copies the list. */
        public LeftOutFold {
            predictions = List.copyOf(predictions);
        }
    }

    /**
     * Returns the folds.
     *
     * @throws IllegalStateException if what is left without a fold's sources cannot be trained on
     * @throws InterruptedException if the thread is interrupted
     */
    public List<LeftOutFold> run(ModelTrainer trainer, long seed, int threads, Progress progress)
            throws InterruptedException {
        return CrossValidation.inParallel(
                folds,
                fold -> {
                    LeftOutFold result = run(fold, trainer, seed);
                    progress.step();
                    return result;
                },
                threads);
    }

    private LeftOutFold run(ExampleFold fold, ModelTrainer trainer, long seed) {
        List<TrainingExample> examples = fold.train().stream()
                .map(example -> training.get(example.key()))
                .toList();
        try (SafetyEvaluator model = train(fold, examples, trainer, seed)) {
            return new LeftOutFold(
                    fold.name(),
                    examples.size(),
                    fold.dropped().values().stream().mapToInt(Integer::intValue).sum(),
                    predictions(model, fold.test()));
        }
    }

    /** Evaluates all responses together, as some evaluators are then faster. */
    private static List<Prediction> predictions(SafetyEvaluator model, List<LabelledExample> examples) {
        Iterator<Assessment> assessments = model.evaluateAll(examples.stream()
                        .filter(example -> example.response().isPresent())
                        .map(example -> Exchange.of(
                                example.instruction(), example.response().get()))
                        .toList())
                .iterator();
        return examples.stream()
                .map(example -> example.response().isPresent()
                        ? new Prediction(example, assessments.next())
                        : Prediction.of(model, example))
                .toList();
    }

    private static SafetyEvaluator train(
            ExampleFold fold, List<TrainingExample> examples, ModelTrainer trainer, long seed) {
        try {
            return trainer.train(UnseenSourceReport.PROTOCOL + "/" + fold.name(), examples, seed);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage() + " (without " + fold.name() + ")", e);
        }
    }
}
