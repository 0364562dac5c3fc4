package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.bench.crossvalidation.CrossValidation;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.bench.crossvalidation.CrossValidationReport;
import org.donotanswer.bench.crossvalidation.FoldPlan;
import org.donotanswer.bench.crossvalidation.FoldResult;
import org.donotanswer.bench.crossvalidation.FoldTask;
import org.donotanswer.bench.crossvalidation.ModelCalibration;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.crossvalidation.PredictionsWriter;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "cross-validate",
        description = {
            "Cross-validates the embedded model: for each LLM, trains it without this LLM's responses and tests it on them,"
                    + " beside the published reviews by GPT-4, Longformer and BERT.",
            "Takes minutes: both protocols need 24 trainings."
        })
final class CrossValidateCommand implements Callable<Integer> {
    private final Streams streams;
    private final ModelTrainer trainer;

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
            names = "--protocol",
            defaultValue = "both",
            paramLabel = "NAME",
            description = "What is held out: unseen-llm, unseen-llm-and-question or both. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private String protocol;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the folds and the training. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which all figures are written as JSON. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path json;

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "File to which the tables are written as Markdown. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path markdown;

    @Option(
            names = "--predictions",
            paramLabel = "FILE",
            description = "File to which the predictions for each exchange are written as JSON lines, without texts."
                    + " Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path predictions;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    CrossValidateCommand(Streams streams, ModelTrainer trainer) {
        this.streams = streams;
        this.trainer = trainer;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = threads.value();
        List<Protocol> protocols = protocols();
        // Opened before the training, so that a file that cannot be written fails at once.
        Map<Path, Output> outputs = new LinkedHashMap<>();
        try {
            for (Path file : files()) {
                outputs.put(file, overwrite.open(file));
            }
            run(protocols, workers, outputs);
            for (Output output : outputs.values()) {
                output.commit();
            }
        } finally {
            for (Output output : outputs.values()) {
                output.close();
            }
        }
        return 0;
    }

    private List<Protocol> protocols() {
        if (protocol.equals("both")) {
            return List.of(Protocol.values());
        }
        for (Protocol each : Protocol.values()) {
            if (each.id().equals(protocol)) {
                return List.of(each);
            }
        }
        throw new UsageException("--protocol must be unseen-llm, unseen-llm-and-question or both, but was " + protocol);
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (@Nullable Path file : new Path[] {json, markdown, predictions}) {
            if (file != null) {
                UsageException.require(!files.contains(file), "output files must differ", file + " twice");
                files.add(file);
            }
        }
        return files;
    }

    private void run(List<Protocol> protocols, int workers, Map<Path, Output> outputs)
            throws IOException, InterruptedException {
        TrainingSet set = load();
        FoldPlan plan = plan(set, seed, data);
        List<FoldTask> tasks =
                protocols.stream().flatMap(each -> plan.tasks(each).stream()).toList();
        List<FoldResult> results;
        try (Progress progress = ProgressBars.start(streams, "train", tasks.size())) {
            results = new CrossValidation(set, trainer, seed).run(tasks, workers, progress);
        }
        CrossValidationReport report = CrossValidationReport.of(set, plan, protocols, results, provenance(set));
        PrintWriter out = streams.writer();
        out.print(ReportWriter.toText(report.toReport()));
        out.flush();
        if (json != null) {
            write(outputs.get(json), CrossValidationJson.of(report));
        }
        if (markdown != null) {
            write(outputs.get(markdown), ReportWriter.toMarkdown(report.toReport()));
        }
        if (predictions != null) {
            PredictionsWriter.write(results, set.data(), outputs.get(predictions).stream());
        }
    }

    private TrainingSet load() throws IOException {
        return extra.trainingSet(DoNotAnswer.load(data));
    }

    /** Returns a plan of folds, for which data must have human labels for two LLMs. */
    static FoldPlan plan(TrainingSet set, long seed, Path data) throws IOException {
        FoldPlan plan = new FoldPlan(set, seed);
        if (plan.llms().size() < 2) {
            throw new IOException("data must have human labels for at least 2 LLMs, but was for "
                    + plan.llms().size() + " (" + data + ")");
        }
        return plan;
    }

    private Provenance provenance(TrainingSet set) {
        ProvenanceBuilder builder = Provenance.builder("cross-validation", "1")
                .seed(seed)
                .parameter("protocol", protocol)
                .parameter("questionSets", String.valueOf(FoldPlan.QUESTION_SETS))
                .parameter("bootstrapSamples", String.valueOf(CrossValidationReport.RESAMPLES))
                .parameter("calibrationBins", String.valueOf(ModelCalibration.BINS))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        set.checksums().forEach(builder::data);
        return builder.build();
    }

    private static void write(@Nullable Output output, String content) throws IOException {
        if (output != null) {
            output.stream().write(content.getBytes(StandardCharsets.UTF_8));
        }
    }
}
