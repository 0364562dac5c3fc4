package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningResult;
import org.donotanswer.harness.io.NumberFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "finetune",
        description = {
            "Fine-tunes a transformer classifier on the benchmark, on your own labelled exchanges, or on both.",
            "The classifier is a directory in the layout of Hugging Face, for this library and theirs."
        },
        footer = {
            "",
            TrainCommand.CSV_FOOTER,
            "A stopped command resumes if it is repeated: the directory of --output then holds .training, with the state of"
                    + " the last --save-every steps."
        })
final class FineTuneCommand implements Callable<Integer> {
    private final Streams streams;
    private final FineTuningEngine engine;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "BASE",
            converter = ModelLocationConverter.class,
            description = "What is fine-tuned: " + BaseModel.SYNTAX + ".")
    @InSection(HelpSection.FINE_TUNING)
    private ModelLocation base;

    @Mixin
    private TrainingDataOptions data = new TrainingDataOptions();

    @Mixin
    private FineTuneOptions options = new FineTuneOptions();

    @Option(
            names = "--delta",
            description =
                    "Write what differs from the base instead of a whole classifier; the base must then stay where"
                            + " it is.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private boolean delta;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the examples held out, the training and weights that start at random. Default:"
                    + " ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description =
                    "Directory to write, which evaluate and other commands can use as a model; a training that was"
                            + " begun there with the same settings is resumed.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path output;

    @Spec
    private CommandSpec spec;

    FineTuneCommand(Streams streams, FineTuningEngine engine) {
        this.streams = streams;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = threads.value();
        data.check();
        options.check();
        BaseModel model = new BaseModel(base);
        model.check(options.isFromScratch());
        UsageException.require(!delta || options.isLowRank(), "--delta must go with --lora-rank", "without");
        UsageException.require(!delta || model.encoder().isEmpty(), "--delta must go with a base that is kept", model);
        checkOutput(output);
        engine.require();
        TrainingDataOptions.LoadedData loaded = data.load();
        HeadSelection selection = FineTuningJobs.selection(options, loaded.examples());
        Path directory =
                model.locate(engine, output.resolve(FineTuner.STATE_DIRECTORY).resolve("base"), streams);
        FineTuningJobs jobs =
                FineTuningJobs.of(options, directory, engine.maxTokens(directory), selection, workers, seed);
        PrintWriter out = streams.writer();
        long start = System.nanoTime();
        FineTuningJob job;
        FineTuningResult result;
        try (FineTuningProgress progress =
                new FineTuningProgress(streams, out, "", options.tuning(seed).epochs())) {
            jobs.remark(progress::onRemark);
            job = jobs.job(
                    loaded.examples(),
                    loaded.checksums(),
                    delta ? FineTuner.Form.DELTA : FineTuner.Form.WHOLE,
                    output,
                    progress::onRemark);
            result = engine.tune(job.withCommand(command(spec)), progress);
            result.remarks().forEach(progress::onRemark);
        }
        print(out, job, result, (System.nanoTime() - start) / 1e9);
        return 0;
    }

    /** Returns how a command was called. */
    static String command(CommandSpec spec) {
        return "dna " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
    }

    /**
     * Checks that a directory holds nothing, or a training that is not finished.
     *
     * @throws IOException if not
     */
    static void checkOutput(Path output) throws IOException {
        if (!Files.exists(output)) {
            return;
        }
        if (!Files.isDirectory(output)) {
            throw new IOException("output must be a directory, but was a file (" + output + ")");
        }
        try (Stream<Path> entries = Files.list(output)) {
            if (!Files.isDirectory(output.resolve(FineTuner.STATE_DIRECTORY))
                    && entries.findAny().isPresent()) {
                throw new IOException(
                        "directory must be empty or that of an unfinished training, but was neither (" + output + ")");
            }
        }
    }

    /** Prints what was trained, and how it is used. */
    static void print(PrintWriter out, FineTuningJob job, FineTuningResult result, double seconds) {
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
        out.print(NumberFormats.format(
                "Wrote %s, with the heads %s. To use it: dna evaluate --model %s\n",
                job.directory(), HeadSelection.names(job.setup().heads()), job.directory()));
        out.flush();
    }
}
