package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.evaluate.SafetyEvaluator;

/** A student that is a transformer classifier in a directory. Not thread-safe. */
final class EncoderStudent implements Student {
    private final BaseModel base;
    private final FineTuningEngine engine;
    private final FineTuneOptions options;
    private final Path output;
    private final long seed;
    private final int threads;
    private final Streams streams;
    private final String command;

    /**
     * Creates a student.
     *
     * @param command how the distillation can be repeated, for the model card
     */
    EncoderStudent(
            BaseModel base,
            FineTuningEngine engine,
            FineTuneOptions options,
            Path output,
            long seed,
            int threads,
            Streams streams,
            String command) {
        this.base = base;
        this.engine = engine;
        this.options = options;
        this.output = output;
        this.seed = seed;
        this.threads = threads;
        this.streams = streams;
        this.command = command;
    }

    @Override
    public SafetyEvaluator learn(List<TrainingExample> examples, Map<String, String> data)
            throws IOException, InterruptedException {
        HeadSelection selection = FineTuningJobs.selection(options, examples);
        Path directory =
                base.locate(engine, output.resolve(FineTuner.STATE_DIRECTORY).resolve("base"), streams);
        FineTuningJobs jobs =
                FineTuningJobs.of(options, directory, engine.maxTokens(directory), selection, threads, seed);
        PrintWriter out = streams.writer();
        long start = System.nanoTime();
        FineTuningJob job;
        FineTuningResult result;
        try (FineTuningProgress progress =
                new FineTuningProgress(streams, out, "", options.tuning(seed).epochs())) {
            jobs.remark(progress::onRemark);
            job = jobs.job(examples, data, FineTuner.Form.WHOLE, output, progress::onRemark);
            result = engine.tune(job.withCommand(command), progress);
            result.remarks().forEach(progress::onRemark);
        }
        FineTuneCommand.print(out, job, result, (System.nanoTime() - start) / 1e9);
        return engine.open(output);
    }

    @Override
    public void close() {}
}
