package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.harness.io.NumberFormats;

/**
 * Fine-tunes one classifier into a directory, and tells how it proceeds and what it gave. Immutable, hence as thread-safe as
 * its parts.
 *
 * @param command how the training can be repeated, for the model card
 */
record ClassifierTraining(
        BaseModel base,
        FineTuneOptions options,
        FineTuner.Form form,
        Path output,
        long seed,
        int threads,
        String command,
        FineTuningEngine engine,
        Streams streams) {
    /**
     * Trains on examples.
     *
     * @param checksums the SHA-256 of what the examples come from, by its name
     * @throws IOException if the examples lack labels, or a file cannot be read or written
     */
    void run(List<TrainingExample> examples, Map<String, String> checksums) throws IOException, InterruptedException {
        HeadSelection selection = FineTuningJobs.selection(options, examples);
        Path directory =
                base.locate(engine, output.resolve(FineTuner.STATE_DIRECTORY).resolve("base"), streams);
        FineTuningJobs jobs =
                FineTuningJobs.of(options, directory, engine.maxTokens(directory), selection, threads, seed);
        long start = System.nanoTime();
        FineTuningJob job;
        FineTuningResult result;
        try (FineTuningProgress progress = new FineTuningProgress(streams, streams.writer(), "", jobs.epochs())) {
            jobs.remark(progress::onRemark);
            job = jobs.job(examples, checksums, form, output, progress::onRemark);
            result = engine.tune(job.withCommand(command), progress);
            result.remarks().forEach(progress::onRemark);
        }
        print(job, result, (System.nanoTime() - start) / 1e9);
    }

    private void print(FineTuningJob job, FineTuningResult result, double seconds) {
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "Trained in %.1f s on %s examples, with %s held out: %s steps, %s weights; the best epoch is %d.\n",
                seconds,
                NumberFormats.count(job.training().size()),
                NumberFormats.count(job.heldOut().size()),
                NumberFormats.count(result.steps()),
                NumberFormats.count(result.trainedWeights()),
                result.bestEpoch()));
        if (result.truncated() > 0) {
            out.print(NumberFormats.format(
                    "Note: %s examples have more than %s tokens and were read in part.\n",
                    NumberFormats.count(result.truncated()),
                    NumberFormats.count(job.setup().maxTokens().orElseThrow())));
        }
        String heads = HeadSelection.names(job.setup().heads());
        out.print(
                form == FineTuner.Form.DELTA
                        ? "Wrote " + output + ", the delta to " + base + ", with the heads " + heads
                                + ". To use it: dna merge --base " + base + " --delta " + output + " --output DIR\n"
                        : "Wrote " + output + ", with the heads " + heads + ". To use it: dna evaluate --evaluator "
                                + output + "\n");
        out.flush();
    }
}
