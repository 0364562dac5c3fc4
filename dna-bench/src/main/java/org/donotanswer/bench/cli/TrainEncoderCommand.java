package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.encoder.EncoderPlan;
import org.donotanswer.bench.encoder.EncoderRecipe;
import org.donotanswer.bench.encoder.EncoderTraining;
import org.donotanswer.bench.encoder.EncoderTraining.EncoderFineTuning;
import org.donotanswer.bench.encoder.EncoderTraining.TrainedEncoder;
import org.donotanswer.bench.encoder.WindowReader;
import org.donotanswer.classifier.finetune.EncoderArtifact;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.encoder.EncoderModelWriter;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.internal.Sha256;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "train-encoder",
        description = {
            "Trains the encoder judge on the benchmark and more data, and measures it on what it was not trained on.",
            "Takes hours: three encoders are trained without a part of the sources each, and judge that part, before one is"
                    + " trained on all, in some passes. A stopped command resumes if it is repeated."
        })
final class TrainEncoderCommand implements Callable<Integer> {
    private static final String NAME = "do-not-answer-encoder";
    private static final String VERSION = "1";

    private final Streams streams;
    private final FineTuningEngine engine;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the published Do-Not-Answer files, or its data_en.csv.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path data;

    @Mixin
    private ExtraData extra = new ExtraData();

    @Option(
            names = "--base",
            defaultValue = "minilm",
            paramLabel = "NAME",
            converter = ModelLocationConverter.class,
            description = "The encoder that is fine-tuned: minilm, bge-small or e5-small. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FINE_TUNING)
    private ModelLocation base;

    @Option(
            names = "--share",
            defaultValue = "0.8",
            paramLabel = "S",
            description =
                    "Factor of how often each source is passed in the training on all. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FINE_TUNING)
    private double share;

    @Option(
            names = "--fold-share",
            defaultValue = "0.4",
            paramLabel = "S",
            description = "The same in the trainings that leave sources out. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FINE_TUNING)
    private double foldShare;

    @Option(
            names = "--continued-shares",
            split = ",",
            defaultValue = "0.35,0.45",
            paramLabel = "S",
            description = "The same in the passes with which the training on all goes on. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FINE_TUNING)
    private List<Double> continuedShares;

    @Option(
            names = "--folds",
            split = ",",
            defaultValue = "0,1,2",
            paramLabel = "N",
            description = "The trainings that leave sources out, by number. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private List<Integer> folds;

    @Option(
            names = "--test-limit",
            paramLabel = "N",
            description = "How many examples of each source left out are judged at most. Default: all.")
    @InSection(HelpSection.COMPUTATION)
    private int testLimit = Integer.MAX_VALUE;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the mix, the folds, the trainings and the intervals. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--work",
            required = true,
            paramLabel = "DIR",
            description = "Directory that keeps what is trained; a training that was begun there is continued.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path work;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "Model file to write.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private Path output;

    @Mixin
    private FigureFiles files = new FigureFiles();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    TrainEncoderCommand(Streams streams, FineTuningEngine engine) {
        this.streams = streams;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        BaseModel model = new BaseModel(base);
        Optional<EncoderArtifact> encoder = model.encoder();
        UsageException.require(encoder.isPresent(), "--base must be minilm, bge-small or e5-small", model);
        EncoderPlan plan = UsageException.orUsage(
                () -> new EncoderPlan(share, foldShare, continuedShares, folds, testLimit, seed));
        int workers = threads.value();
        engine.require();
        // Opened before the training, so that a file that cannot be written fails at once.
        try (FigureFiles.OpenFiles opened = files.open(overwrite, output)) {
            TrainingSet set = extra.trainingSet(DoNotAnswer.load(data));
            Path directory = model.locate(engine, work.resolve("base"), streams);
            EncoderTraining training = new EncoderTraining(set, plan, work, new Tools(set, directory, workers));
            String baseSha256 = encoder.get().sha256();
            TrainedEncoder trained = training.run(baseSha256);
            Provenance provenance = provenance(set, trained, encoder.get(), baseSha256);
            Path file = work.resolve("encoder-model.safetensors");
            engine.writeEncoder(
                    EncoderModelWriter.builder(trained.classifier())
                            .base(encoder.get())
                            .windows(EncoderRecipe.WINDOWS)
                            .secondStage(trained.secondStage())
                            .benchmarkStage(trained.benchmarkStage())
                            .provenance(provenance)
                            .build(),
                    file);
            Files.copy(file, opened.get(output).stream());
            opened.write(
                    trained.figures().toReport(provenance), trained.figures().toJson(provenance), streams);
            opened.commit();
            print(file);
        }
        return 0;
    }

    private Provenance provenance(TrainingSet set, TrainedEncoder trained, EncoderArtifact encoder, String baseSha256) {
        ProvenanceBuilder builder = Provenance.builder(NAME, VERSION)
                .seed(seed)
                .parameter("command", Options.commandLine(spec))
                .parameter("base", encoder.model())
                .parameter("share", String.valueOf(share))
                .parameter("foldShare", String.valueOf(foldShare))
                .parameter("continuedShares", String.valueOf(continuedShares))
                .parameter("options", EncoderRecipe.options(seed).toString())
                .parameter(
                        "continuedOptions", EncoderRecipe.continuedOptions(seed).toString())
                .data(encoder.coordinates(), baseSha256);
        new TreeMap<>(set.checksums()).forEach(builder::data);
        trained.figures().summary().forEach(builder::figure);
        return builder.build();
    }

    private void print(Path file) throws IOException {
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "Wrote %s: %s bytes, SHA-256 %s\n", output, NumberFormats.count(Files.size(file)), Sha256.of(file)));
        out.flush();
    }

    /** Trains and reads with the engine, and tells on the error stream how it proceeds. */
    private final class Tools implements EncoderTraining.Tools {
        private final TrainingSet set;
        private final Path directory;
        private final int workers;

        Tools(TrainingSet set, Path directory, int workers) {
            this.set = set;
            this.directory = directory;
            this.workers = workers;
        }

        @Override
        public void fineTune(EncoderFineTuning training) throws IOException, InterruptedException {
            FineTuningJob job = new FineTuningJob(
                    EncoderRecipe.setup(training.base().orElse(directory), workers, seed),
                    training.base().isPresent() ? EncoderRecipe.continuedOptions(seed) : EncoderRecipe.options(seed),
                    FineTuner.Form.WHOLE,
                    set.checksums(),
                    training.training(),
                    training.heldOut(),
                    training.directory(),
                    Optional.of(Options.commandLine(spec)));
            try (FineTuningProgress progress = new FineTuningProgress(
                    streams,
                    streams.errorWriter(),
                    training.name() + ": ",
                    job.options().epochs())) {
                engine.tune(job, progress).remarks().forEach(progress::onRemark);
            }
        }

        @Override
        public WindowReader open(Path classifier) throws IOException {
            return engine.openWindows(classifier, workers);
        }

        @Override
        public Progress progress(String title, int steps) {
            return ProgressBars.start(streams, title, steps);
        }

        @Override
        public int threads() {
            return workers;
        }
    }
}
