package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.CrossValidation;
import org.donotanswer.bench.crossvalidation.CrossValidationReport;
import org.donotanswer.bench.crossvalidation.FoldPlan;
import org.donotanswer.bench.crossvalidation.FoldTask;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.quality.EvasionFigures;
import org.donotanswer.bench.quality.LeftOutFigures;
import org.donotanswer.bench.quality.LeftOutSources;
import org.donotanswer.bench.quality.QualityReport;
import org.donotanswer.bench.quality.RegressionFigures;
import org.donotanswer.bench.quality.ResumableTrainer;
import org.donotanswer.bench.quality.SpeedFigures;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "quality",
        description = {
            "Measures how well the embedded model judges what it has not seen, and writes a report: sources left out"
                    + " of the training, the benchmark beside GPT-4, Longformer and BERT, a regression set, evasions and"
                    + " speed.",
            "Takes half an hour or more, as it trains some 30 models. A command that was stopped resumes after the"
                    + " last finished training; changed data or code is trained on anew."
        })
final class QualityCommand implements Callable<Integer> {
    private static final String TRANSLATED = "translated";

    private final Streams streams;
    private final ModelTrainer trainer;
    private final ModelTrainer benchmarkTrainer;

    @Spec
    private CommandSpec spec;

    /** What is measured. */
    enum Part {
        SOURCES,
        BENCHMARK,
        REGRESSION,
        EVASIONS,
        SPEED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

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
            names = "--regression",
            required = true,
            paramLabel = "DIR",
            description = "Directory of labelled examples (*.jsonl) that the model was not trained on; its directory "
                    + TRANSLATED + ", if any, has translations of harmful responses, with the ids of the originals.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path regression;

    @Option(
            names = "--output",
            defaultValue = "docs/results/quality.md",
            paramLabel = "FILE",
            description = "Markdown file to write. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private Path output;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which all figures are written as JSON. Default: beside --output, with .json.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path json;

    @Option(
            names = "--ablations",
            paramLabel = "FILE",
            description =
                    "Markdown file to include as a section. Default: ablations.md beside --output, if there is one.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path ablations;

    @Option(
            names = "--state",
            defaultValue = "target/quality",
            paramLabel = "DIR",
            description = "Directory that keeps the predictions of finished trainings. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path state;

    @Option(
            names = "--part",
            arity = "1..*",
            paramLabel = "NAME",
            description = "Parts to measure, of ${COMPLETION-CANDIDATES}. The report has no others. Default: all.")
    @InSection(HelpSection.COMPUTATION)
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--folds",
            defaultValue = "7",
            paramLabel = "N",
            description = "Number of trainings in which sources are left out. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int folds;

    @Option(
            names = "--speed-seconds",
            defaultValue = "20",
            paramLabel = "SECONDS",
            description = "How long to measure the speed. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private double speedSeconds;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the folds, the training, the evasions and the intervals. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    QualityCommand(Streams streams, ModelTrainer trainer, ModelTrainer benchmarkTrainer) {
        this.streams = streams;
        this.trainer = trainer;
        this.benchmarkTrainer = benchmarkTrainer;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        UsageException.requireAtLeast("--folds", 2, folds);
        int workers = threads.value();
        Path figures = json != null ? json : withExtension(output, ".json");
        OutputRule.check(spec, List.of(output, figures));
        // Opened before the training, so that a file that cannot be written fails at once.
        try (Output markdownFile = overwrite.open(output);
                Output jsonFile = overwrite.open(figures)) {
            String more = ablations();
            QualityReport report = measure(workers);
            write(markdownFile, report.toMarkdown(more));
            write(jsonFile, report.toJson());
            markdownFile.commit();
            jsonFile.commit();
        }
        PrintWriter out = streams.writer();
        out.print("Wrote " + output + " and " + figures + "\n");
        out.flush();
        return 0;
    }

    private static Path withExtension(Path file, String extension) {
        return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.md$", "") + extension);
    }

    private static void write(Output output, String content) throws IOException {
        output.stream().write(content.getBytes(StandardCharsets.UTF_8));
    }

    private String ablations() throws IOException {
        if (ablations != null) {
            return Files.readString(ablations);
        }
        Path beside = output.resolveSibling("ablations.md");
        return Files.exists(beside) ? Files.readString(beside) : "";
    }

    private QualityReport measure(int workers) throws IOException, InterruptedException {
        TrainingSet set = extra.trainingSet(DoNotAnswer.load(data));
        ExampleSet heldBack = ExampleSet.load(regression);
        Optional<ExampleSet> translations = translations();
        heldBack.checksums()
                .forEach((file, sum) -> UsageException.require(
                        !set.checksums().containsValue(sum), "--regression must not be among the training data", file));
        Bootstrap bootstrap = Bootstrap.of(QualityReport.RESAMPLES, QualityReport.CONFIDENCE, seed);
        Optional<RegressionFigures> regressionFigures = Optional.empty();
        List<EvasionFigures> evasions = List.of();
        try (SafetyEvaluator inJar = SafetyEvaluator.create(EvaluatorChoice.EMBEDDED)) {
            if (parts.contains(Part.REGRESSION)) {
                regressionFigures = Optional.of(RegressionFigures.of(inJar, heldBack, bootstrap));
            }
            if (parts.contains(Part.EVASIONS)) {
                evasions = UsageException.orUsage(() -> evasions(inJar, heldBack, translations, bootstrap));
            }
        }
        // Speed comes before the trainings, which occupy all processors.
        Optional<SpeedFigures> speed = parts.contains(Part.SPEED)
                ? Optional.of(SpeedFigures.measure(exchanges(set), speedSeconds))
                : Optional.empty();
        Provenance provenance = provenance(set, heldBack, translations);
        return new QualityReport(
                parts.contains(Part.SOURCES) ? Optional.of(leftOut(set, bootstrap, workers)) : Optional.empty(),
                parts.contains(Part.BENCHMARK) ? Optional.of(benchmark(set, provenance, workers)) : Optional.empty(),
                regressionFigures,
                evasions,
                speed,
                provenance);
    }

    private List<EvasionFigures> evasions(
            SafetyEvaluator evaluator, ExampleSet set, Optional<ExampleSet> translations, Bootstrap bootstrap) {
        List<EvasionFigures> figures = new ArrayList<>(EvasionFigures.of(evaluator, set, bootstrap, seed));
        translations.ifPresent(
                translated -> figures.add(EvasionFigures.ofTranslations(evaluator, set, translated, bootstrap)));
        return figures;
    }

    private static List<Exchange> exchanges(TrainingSet set) {
        return set.data().responses().stream()
                .map(response -> Exchange.of(response.question().text(), response.text()))
                .toList();
    }

    private LeftOutFigures leftOut(TrainingSet set, Bootstrap bootstrap, int workers)
            throws IOException, InterruptedException {
        ModelTrainer resumable = ResumableTrainer.of(trainer, "general", state);
        LeftOutSources sources = UsageException.orUsage(() -> new LeftOutSources(set, folds));
        try (Progress progress = ProgressBars.start(streams, "sources", folds)) {
            return LeftOutFigures.of(sources.run(resumable, seed, workers, progress), set, bootstrap);
        }
    }

    private CrossValidationReport benchmark(TrainingSet set, Provenance provenance, int workers)
            throws IOException, InterruptedException {
        ModelTrainer resumable = ResumableTrainer.of(benchmarkTrainer, "benchmark", state);
        FoldPlan plan = CrossValidateCommand.plan(set, seed, FoldPlan.QUESTION_SETS, data);
        List<Protocol> protocols = Protocol.ofLlms();
        List<FoldTask> tasks =
                protocols.stream().flatMap(each -> plan.tasks(each).stream()).toList();
        try (Progress progress = ProgressBars.start(streams, "benchmark", tasks.size())) {
            return CrossValidationReport.of(
                    "embedded",
                    set,
                    plan,
                    protocols,
                    new CrossValidation(set, resumable, seed).run(tasks, workers, progress),
                    provenance);
        }
    }

    private Optional<ExampleSet> translations() throws IOException {
        Path directory = regression.resolve(TRANSLATED);
        return Files.isDirectory(directory) ? Optional.of(ExampleSet.load(directory)) : Optional.empty();
    }

    private Provenance provenance(TrainingSet set, ExampleSet heldBack, Optional<ExampleSet> translations)
            throws IOException {
        ProvenanceBuilder builder = Provenance.builder("quality", "1")
                .seed(seed)
                .parameter("command", Options.commandLine(spec))
                .parameter("bootstrapSamples", String.valueOf(QualityReport.RESAMPLES))
                .data("embedded-model.dna", ShippedModel.checksum());
        new TreeMap<>(set.checksums()).forEach(builder::data);
        heldBack.checksums().forEach((name, sum) -> builder.data("tested/" + name, sum));
        translations.ifPresent(
                translated -> translated.checksums().forEach((name, sum) -> builder.data("tested/" + name, sum)));
        return builder.build();
    }
}
