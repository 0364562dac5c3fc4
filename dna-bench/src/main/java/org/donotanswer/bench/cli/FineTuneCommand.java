package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.finetune.FineTuner;
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
        FineTuner.requireFree(output);
        engine.require();
        TrainingDataOptions.LoadedData loaded = data.load();
        new ClassifierTraining(
                        model,
                        options,
                        delta ? FineTuner.Form.DELTA : FineTuner.Form.WHOLE,
                        output,
                        seed,
                        workers,
                        Options.commandLine(spec),
                        engine,
                        streams)
                .run(loaded.examples(), loaded.checksums());
        return 0;
    }
}
