package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.CrossValidation;
import org.donotanswer.bench.crossvalidation.CrossValidationJson;
import org.donotanswer.bench.crossvalidation.CrossValidationReport;
import org.donotanswer.bench.crossvalidation.FoldPlan;
import org.donotanswer.bench.crossvalidation.FoldResult;
import org.donotanswer.bench.crossvalidation.FoldTask;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.crossvalidation.ModelCalibration;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.bench.crossvalidation.PredictionsWriter;
import org.donotanswer.bench.crossvalidation.Protocol;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.quality.FoldDirectories;
import org.donotanswer.bench.quality.LeftOutFigures;
import org.donotanswer.bench.quality.LeftOutSources;
import org.donotanswer.bench.quality.QualityReport;
import org.donotanswer.bench.quality.UnseenSourceReport;
import org.donotanswer.dataset.Annotator;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.analysis.PublishedReviews;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "cross-validate",
        description = {
            "Cross-validates the embedded model or a fine-tuned classifier: for each LLM, trains it without this LLM's"
                    + " responses and tests it on them, beside the published reviews by GPT-4, Longformer and BERT.",
            "Takes minutes for the embedded model: both protocols need 24 trainings. Fine-tuning takes hours or days, fold by"
                    + " fold; a stopped command resumes if it is repeated."
        })
final class CrossValidateCommand implements Callable<Integer> {
    private final Streams streams;
    private final ModelTrainer trainer;
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
            names = "--finetune",
            paramLabel = "BASE",
            converter = ModelLocationConverter.class,
            description = "Cross-validate a classifier that is fine-tuned in each fold: " + BaseModel.SYNTAX
                    + ". Default: the embedded model.")
    @InSection(HelpSection.FINE_TUNING)
    private @Nullable ModelLocation base;

    @Mixin
    private FineTuneOptions options = new FineTuneOptions();

    @Option(
            names = "--work",
            paramLabel = "DIR",
            description = "Directory with a subdirectory for each fold of --finetune: its classifier, or how far its"
                    + " training is, and its predictions. Required with --finetune.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private @Nullable Path work;

    @Option(
            names = "--model-name",
            paramLabel = "NAME",
            defaultValue = "finetuned",
            description = "Name of the classifier of --finetune in tables and JSON. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FINE_TUNING)
    private String modelName;

    @Option(
            names = "--protocol",
            defaultValue = "both",
            paramLabel = "NAME",
            description = "What is held out: unseen-llm, unseen-llm-and-question, or both of them; unseen-question; or"
                    + " unseen-source, for data of --extra and --finetune. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private String protocol;

    @Option(
            names = "--folds",
            paramLabel = "N",
            defaultValue = "" + FoldPlan.QUESTION_SETS,
            description = "Number of sets into which questions or sources are divided where they are held out. Default:"
                    + " ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int folds;

    @Option(
            names = "--fold",
            paramLabel = "NAME",
            description =
                    "Run this fold only, for example GPT4 for an LLM or GPT4/1 for its first set of questions. Can be"
                            + " repeated. Default: all.")
    @InSection(HelpSection.COMPUTATION)
    private List<String> only = List.of();

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the folds and the training. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Mixin
    private FigureFiles files = new FigureFiles();

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

    CrossValidateCommand(Streams streams, ModelTrainer trainer, FineTuningEngine engine) {
        this.streams = streams;
        this.trainer = trainer;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = threads.value();
        List<Protocol> protocols = protocols();
        checkFineTuning();
        try (FigureFiles.OpenFiles opened = files.open(overwrite, predictions)) {
            run(protocols, workers, opened);
            opened.commit();
        }
        return 0;
    }

    /** Returns the protocols by LLM and question; none if it is the one by source. */
    private List<Protocol> protocols() {
        UsageException.requireAtLeast("--folds", 2, folds);
        if (protocol.equals("both")) {
            return Protocol.ofLlms();
        }
        if (protocol.equals(UnseenSourceReport.PROTOCOL)) {
            UsageException.require(base != null, "--protocol " + protocol + " must go with --finetune", "without");
            return List.of();
        }
        for (Protocol each : Protocol.values()) {
            if (each.id().equals(protocol)) {
                return List.of(each);
            }
        }
        throw new UsageException("--protocol must be unseen-llm, unseen-llm-and-question, both, unseen-question or"
                + " unseen-source, but was " + protocol);
    }

    private void checkFineTuning() {
        if (base == null) {
            Options.firstGiven(spec, Set.of(HelpSection.FINE_TUNING)).ifPresent(option -> {
                throw new UsageException(option + " must go with --finetune, but was without");
            });
            UsageException.require(work == null, "--work must go with --finetune", "without");
            return;
        }
        UsageException.require(work != null, "--finetune must go with --work", "without");
        UsageException.require(
                modelName.matches("[A-Za-z0-9._-]{1,40}")
                        && Arrays.stream(Annotator.values())
                                .noneMatch(each -> PublishedReviews.name(each).equals(modelName)),
                "--model-name must have letters, digits and . _ - only, and not be that of published reviews",
                modelName);
        options.check();
        new BaseModel(base).check(options.isFromScratch());
    }

    private void run(List<Protocol> protocols, int workers, FigureFiles.OpenFiles opened)
            throws IOException, InterruptedException {
        TrainingSet set = load();
        if (protocols.isEmpty()) {
            leaveSourcesOut(set, workers, opened);
            return;
        }
        FoldPlan plan = plan(set, seed, folds, data);
        List<FoldTask> tasks = tasks(plan, protocols);
        ModelTrainer used = trainer(set, workers);
        List<FoldResult> results;
        // Fine-tuning has bars of its own, and all threads for one fold at a time.
        try (Progress progress = base == null ? ProgressBars.start(streams, "train", tasks.size()) : Progress.none()) {
            results = new CrossValidation(set, used, seed).run(tasks, base == null ? workers : 1, progress);
        }
        List<Protocol> run = protocols.stream()
                .filter(each -> tasks.stream().anyMatch(task -> task.protocol() == each))
                .toList();
        CrossValidationReport report = CrossValidationReport.of(
                base == null ? "embedded" : modelName, set, plan, run, results, provenance(set));
        opened.write(report.toReport(), CrossValidationJson.of(report), streams);
        if (predictions != null) {
            PredictionsWriter.write(results, set.data(), opened.get(predictions).stream());
        }
    }

    private void leaveSourcesOut(TrainingSet set, int workers, FigureFiles.OpenFiles opened)
            throws IOException, InterruptedException {
        LeftOutSources all = UsageException.orUsage(() -> new LeftOutSources(set, folds));
        only.forEach(name -> requireFold(name, all.names(), CrossValidateCommand::isOfSource));
        LeftOutSources sources =
                all.only(fold -> only.isEmpty() || only.stream().anyMatch(name -> isOfSource(fold, name)));
        Bootstrap bootstrap = Bootstrap.of(QualityReport.RESAMPLES, QualityReport.CONFIDENCE, seed);
        UnseenSourceReport report = new UnseenSourceReport(
                modelName,
                LeftOutFigures.of(sources.run(trainer(set, workers), seed, 1, Progress.none()), set, bootstrap),
                provenance(set));
        opened.write(report.toReport(), report.toJson(), streams);
        if (predictions != null) {
            report.writePredictions(opened.get(predictions).stream());
        }
    }

    private List<FoldTask> tasks(FoldPlan plan, List<Protocol> protocols) {
        List<FoldTask> all = UsageException.orUsage(() ->
                protocols.stream().flatMap(each -> plan.tasks(each).stream()).toList());
        List<String> names = all.stream().map(FoldTask::name).toList();
        only.forEach(name -> requireFold(name, names, CrossValidateCommand::isOfLlm));
        return all.stream()
                .filter(task -> only.isEmpty() || only.stream().anyMatch(name -> isOfLlm(task.name(), name)))
                .toList();
    }

    private static boolean isOfLlm(String fold, String name) {
        return fold.equals(name) || fold.startsWith(name + "/");
    }

    private static boolean isOfSource(String fold, String name) {
        return fold.equals(name) || (", " + fold + ",").contains(", " + name + ",");
    }

    private static void requireFold(String name, List<String> folds, BiPredicate<String, String> isNamed) {
        UsageException.require(
                folds.stream().anyMatch(fold -> isNamed.test(fold, name)),
                "--fold must be one of " + String.join(", ", folds),
                name);
    }

    private ModelTrainer trainer(TrainingSet set, int workers) throws IOException, InterruptedException {
        if (base == null || work == null) {
            return trainer;
        }
        engine.require();
        HeadSelection selection = FineTuningJobs.selection(options, set.examples(Holdout.none()));
        BaseModel model = new BaseModel(base);
        Path directory = model.locate(engine, work.resolve("base"), streams);
        FineTuningJobs jobs =
                FineTuningJobs.of(options, directory, engine.maxTokens(directory), selection, workers, seed);
        jobs.remark(remark -> streams.err().println("dna: " + remark));
        return FoldDirectories.of(new FoldTuner(jobs, engine, set.checksums(), streams), jobs.settings(model), work);
    }

    private TrainingSet load() throws IOException {
        return extra.trainingSet(DoNotAnswer.load(data));
    }

    /** Returns a plan of folds, for which data must have human labels for two LLMs. */
    static FoldPlan plan(TrainingSet set, long seed, int questionSets, Path data) throws IOException {
        FoldPlan plan = new FoldPlan(set, seed, questionSets);
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
                .parameter("questionSets", String.valueOf(folds))
                .parameter("bootstrapSamples", String.valueOf(CrossValidationReport.RESAMPLES))
                .parameter("calibrationBins", String.valueOf(ModelCalibration.BINS))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        if (base != null) {
            builder.parameter("base", base.toString());
            builder.parameter("command", Options.commandLine(spec));
        }
        set.checksums().forEach(builder::data);
        return builder.build();
    }
}
