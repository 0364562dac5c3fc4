package org.donotanswer.bench.quality;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.SafetyEvaluator;

/**
 * A trainer that keeps the predictions of its models in files, one for each training. A training that was finished before is
 * answered from its file, which is named by a checksum of the examples, the seed and the code: if one of them changes, the
 * model is trained anew. So a command that is killed loses no more than the trainings in progress. Thread-safe.
 */
public final class ResumableTrainer implements ModelTrainer {
    private final ModelTrainer trainer;
    private final String recipe;
    private final Path directory;

    private ResumableTrainer(ModelTrainer trainer, String recipe, Path directory) {
        this.trainer = trainer;
        this.recipe = recipe;
        this.directory = directory;
    }

    /**
     * Returns a trainer that keeps its predictions in a directory, which is created if it does not exist.
     *
     * @param variant tells trainers apart that make different models of the same examples
     * @throws IOException if the directory cannot be created, or the class path not be read
     */
    public static ResumableTrainer of(ModelTrainer trainer, String variant, Path directory) throws IOException {
        Files.createDirectories(directory);
        return new ResumableTrainer(trainer, variant + "/" + Fingerprint.ofCode(), directory);
    }

    /**
     * Returns an evaluator that writes its predictions to the file when it is closed.
     *
     * @throws UncheckedIOException if the file cannot be read
     */
    @Override
    public SafetyEvaluator train(List<TrainingExample> examples, long seed) {
        Path file = directory.resolve(Fingerprint.ofTraining(recipe, examples, seed) + ".jsonl");
        try {
            return RecordedEvaluator.open(file, () -> trainer.train(examples, seed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
