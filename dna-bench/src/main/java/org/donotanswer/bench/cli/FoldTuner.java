package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.quality.FoldDirectories;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.evaluate.SafetyEvaluator;

/** Fine-tunes the classifiers of folds, and tells how each training proceeds. Not thread-safe. */
final class FoldTuner implements FoldDirectories.FoldTrainer {
    private final FineTuningJobs jobs;
    private final FineTuningEngine engine;
    private final Map<String, String> data;
    private final Streams streams;

    /**
     * Creates a trainer.
     *
     * @param data the SHA-256 of every file with examples, by its name
     */
    FoldTuner(FineTuningJobs jobs, FineTuningEngine engine, Map<String, String> data, Streams streams) {
        this.jobs = jobs;
        this.engine = engine;
        this.data = Map.copyOf(data);
        this.streams = streams;
    }

    @Override
    public SafetyEvaluator train(String fold, List<TrainingExample> examples, long seed, Path directory)
            throws IOException, InterruptedException {
        boolean isDone = Files.exists(directory.resolve("config.json"))
                && !Files.exists(directory.resolve(FineTuner.STATE_DIRECTORY));
        if (!isDone) {
            try (FineTuningProgress progress =
                    new FineTuningProgress(streams, streams.errorWriter(), fold + ": ", jobs.epochs())) {
                FineTuningJob job = jobs.job(examples, data, FineTuner.Form.WHOLE, directory, progress::onRemark);
                engine.tune(job, progress).remarks().forEach(progress::onRemark);
            }
        }
        return engine.open(directory);
    }
}
