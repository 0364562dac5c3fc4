package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.classifier.finetune.FineTuner;
import org.donotanswer.classifier.finetune.FineTuningExample;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.internal.Sha256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "distil",
        description = {
            "Trains a small model to say what a larger one says, on labelled and unlabelled exchanges.",
            "The teacher's probabilities are learnt rather than its labels."
        },
        footer = {
            "",
            TrainCommand.CSV_FOOTER,
            "The teacher is asked once: a repeated command finds its labels in the directory of --state. Exchanges that it"
                    + " cannot score keep the labels that they have, and are left out if they have none."
        })
final class DistilCommand implements Callable<Integer> {
    private final Streams streams;
    private final EvaluatorFactory evaluators;
    private final FineTuningEngine engine;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TeacherOptions teacher = new TeacherOptions();

    @Option(
            names = "--student",
            required = true,
            paramLabel = "S",
            converter = EvaluatorChoiceConverter.class,
            description = "What is trained: " + EvaluatorChoice.EMBEDDED
                    + ", a model file as train writes it; or what a classifier is fine-tuned from: " + BaseModel.SYNTAX
                    + ".")
    @InSection(HelpSection.DISTILLATION)
    private EvaluatorChoice student;

    @Mixin
    private TrainingDataOptions data = new TrainingDataOptions();

    @Option(
            names = "--unlabelled",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Exchanges without labels as " + TableOptions.FORMATS + ". Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private List<Path> unlabelled = new ArrayList<>();

    @Option(
            names = "--held-out",
            defaultValue = "0.1",
            paramLabel = "SHARE",
            description = "Share of the exchanges that the student does not see, and on which it is compared with the"
                    + " teacher; all exchanges of an instruction are on the same side. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.DISTILLATION)
    private double heldOut;

    @Mixin
    private FineTuneOptions options = new FineTuneOptions();

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the exchanges held out and of the training. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Directory that keeps the teacher's labels. Default: the output's name with .state.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private @Nullable Path state;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description =
                    "Model file to write, or directory of a classifier, which evaluate and other commands can use.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path output;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    DistilCommand(Streams streams, EvaluatorFactory evaluators, FineTuningEngine engine) {
        this.streams = streams;
        this.evaluators = evaluators;
        this.engine = engine;
    }

    /** All exchanges, and where they come from. */
    private record Sources(
            List<TrainingExample> labelled,
            List<TrainingExample> unlabelled,
            TeacherLabels reviews,
            Map<String, String> checksums) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = threads.value();
        check();
        // Opened before anything is computed, so that an output that cannot be written fails at once.
        try (Student learner = open(workers)) {
            Sources sources = load();
            DistilData exchanges = DistilData.of(sources.labelled(), sources.unlabelled(), heldOut, seed);
            TeacherLabels labels = teacher.isReviewer() ? sources.reviews() : ask(exchanges.all());
            report(exchanges, labels);
            Map<String, String> checksums = new LinkedHashMap<>(sources.checksums());
            checksums.put("teacher", labels.checksum());
            List<TrainingExample> taught = labels.applyTo(exchanges.training(), teacher.share());
            try (SafetyEvaluator evaluator = learner.learn(taught, checksums)) {
                compare(exchanges.heldOut(), labels, evaluator);
            }
        }
        return 0;
    }

    private void check() throws IOException {
        teacher.check();
        UsageException.require(
                data.isGiven() || !unlabelled.isEmpty() || teacher.isReviewer(),
                "--data, --csv, --unlabelled or --teacher-run must be given",
                "none");
        data.checkExtra();
        UsageException.require(heldOut >= 0 && heldOut <= 0.5, "--held-out must be from 0 to 0.5", heldOut);
        if (student instanceof EvaluatorChoice.Model model) {
            options.check();
            new BaseModel(model.location()).check(options.isFromScratch());
            UsageException.require(
                    !overwrite.isGiven(),
                    OverwriteOption.NAME + " must go with the student " + EvaluatorChoice.EMBEDDED,
                    "with " + model.location());
            FineTuner.requireFree(output);
        } else {
            UsageException.require(
                    student instanceof EvaluatorChoice.Embedded,
                    "--student must be " + EvaluatorChoice.EMBEDDED + " or a base",
                    EvaluatorChoice.LLM);
            Options.firstGiven(spec, Set.of(HelpSection.FINE_TUNING)).ifPresent(option -> {
                throw new UsageException(
                        option + " must go with a classifier as the student, but was with " + EvaluatorChoice.EMBEDDED);
            });
            OutputRule.check(spec, List.of(output));
        }
    }

    private Student open(int workers) throws IOException {
        if (student instanceof EvaluatorChoice.Model model) {
            engine.require();
            return new EncoderStudent(new ClassifierTraining(
                    new BaseModel(model.location()),
                    options,
                    FineTuner.Form.WHOLE,
                    output,
                    seed,
                    workers,
                    Options.commandLine(spec),
                    engine,
                    streams));
        }
        return new EmbeddedStudent(output, overwrite.open(output), teacher.share(), seed, workers, streams.writer());
    }

    private Sources load() throws IOException {
        TrainingDataOptions.LoadedData loaded = data.load();
        Map<String, String> checksums = new LinkedHashMap<>(loaded.checksums());
        List<TrainingExample> further = new ArrayList<>();
        for (Path file : unlabelled) {
            further.addAll(UnlabelledFile.read(file, data.tableSettings()));
            UsageException.require(
                    checksums.put("unlabelled/" + file.getFileName(), Sha256.of(file)) == null,
                    "files of --unlabelled must have different names",
                    file.getFileName() + " twice");
        }
        TeacherOptions.ReviewedResponses reviewed = teacher.read();
        further.addAll(reviewed.examples());
        return new Sources(loaded.examples(), further, reviewed.labels(), checksums);
    }

    private TeacherLabels ask(List<TrainingExample> examples) throws IOException, InterruptedException {
        try (SafetyEvaluator evaluator = teacher.open(evaluators)) {
            Path directory = state == null ? output.resolveSibling(output.getFileName() + ".state") : state;
            return TeacherLabels.of(
                    evaluator,
                    TeacherLog.open(directory, evaluator),
                    examples,
                    (done, steps) -> ProgressBars.start(streams, "teacher", done, steps));
        }
    }

    /**
     * Says how many exchanges there are.
     *
     * @throws IOException if the teacher scored none of those that are trained on
     */
    private void report(DistilData exchanges, TeacherLabels labels) throws IOException {
        List<TrainingExample> training = exchanges.training();
        long scored = training.stream()
                .filter(example -> labels.assessments().containsKey(TeacherLabels.exchange(example)))
                .count();
        long labelled = training.stream().filter(DistilData::isLabelled).count();
        int leftOut =
                training.size() - labels.applyTo(training, teacher.share()).size();
        if (scored == 0) {
            throw new IOException(
                    "teacher must score an exchange, but scored none of " + NumberFormats.count(training.size()));
        }
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "%s exchanges, %s of them labelled; the teacher scored %s. Held out: %s.\n",
                NumberFormats.count(training.size()),
                NumberFormats.count(labelled),
                NumberFormats.count(scored),
                NumberFormats.count(exchanges.heldOut().size())));
        if (leftOut > 0) {
            out.print("Note: " + NumberFormats.count(leftOut)
                    + " exchanges without a label are left out, as the teacher did not score them.\n");
        }
        out.flush();
    }

    private void compare(List<TrainingExample> examples, TeacherLabels labels, SafetyEvaluator evaluator) {
        List<Exchange> exchanges =
                examples.stream().map(TeacherLabels::exchange).distinct().toList();
        Map<Exchange, Scored> ofStudent = new LinkedHashMap<>();
        TeacherLabels.assess(evaluator, exchanges).forEach((exchange, assessment) -> {
            if (assessment instanceof Scored scored) {
                ofStudent.put(exchange, scored);
            }
        });
        PrintWriter out = streams.writer();
        StudentFigures.of(examples.stream().map(FineTuningExample::of).toList(), labels.assessments(), ofStudent)
                .forEach(figures -> out.print(figures.text()));
        long unscored = exchanges.stream()
                .filter(each -> !labels.assessments().containsKey(each) || !ofStudent.containsKey(each))
                .count();
        if (unscored > 0) {
            out.print("Note: " + NumberFormats.count(unscored)
                    + " exchanges held out are not compared, as teacher or student did not score them.\n");
        }
        out.flush();
    }
}
