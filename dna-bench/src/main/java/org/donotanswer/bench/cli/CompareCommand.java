package org.donotanswer.bench.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.comparison.ComparedEvaluator;
import org.donotanswer.bench.comparison.ComparisonInput;
import org.donotanswer.bench.comparison.ComparisonReport;
import org.donotanswer.bench.comparison.InputFigures;
import org.donotanswer.bench.comparison.Requirements;
import org.donotanswer.bench.quality.EvaluatorQuality;
import org.donotanswer.bench.quality.Prediction;
import org.donotanswer.bench.quality.QualityReport;
import org.donotanswer.bench.speed.FreshJvmFigures;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.Proportion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "compare",
        description =
                "Puts evaluators side by side: how well they judge labelled exchanges, how fast they are, their memory, and"
                        + " what an application needs for them.",
        footer = {
            "",
            "Input lines are {\"id\": \"7\", \"source\": \"mine\", \"instruction\": \"...\", \"response\": \"...\","
                    + " \"response_harmful\": 1, \"instruction_risky\": 1, \"refusal\": 0, \"action\": \"FOLLOW_INSTRUCTION\"}. A"
                    + " missing label counts as unknown, and instructions without a response are passed over. Exchanges on which"
                    + " an evaluator was trained say little; the report names the evaluators that were trained on a file of an"
                    + " input, as far as their models record that.",
            "Speed, memory and the time to open are measured in a JVM of its own for each evaluator. An LLM as judge is asked about"
                    + " exchanges once more for that. If exchanges are unscored because an evaluator failed, the exit code is 1."
        })
final class CompareCommand implements Callable<Integer> {
    private static final long MAX_SECONDS = 3_600;

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Option(
            names = FreshJvm.EVALUATOR,
            required = true,
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            description = "Evaluator to compare: " + EvaluatorOptions.SYNTAX + ". Repeat it for each.")
    @InSection(HelpSection.EVALUATOR)
    private List<EvaluatorChoice> choices = new ArrayList<>();

    @Mixin
    private ComparisonData data = new ComparisonData();

    @Option(
            names = FreshJvm.SECONDS,
            paramLabel = "SECONDS",
            defaultValue = "20",
            description =
                    "How long to measure the speed of each evaluator, after half as long a warm-up; 0 leaves out speed, memory and"
                            + " the time to open. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private double seconds;

    @Mixin
    private FigureFiles files = new FigureFiles();

    @Mixin
    private EvaluatorOptions options = new EvaluatorOptions();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    private long failures;

    CompareCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check(spec, choices);
        UsageException.require(
                seconds >= 0 && seconds <= MAX_SECONDS,
                FreshJvm.SECONDS + " must be between 0 and " + MAX_SECONDS,
                seconds);
        // Opened before the measurements, so that a file that cannot be written fails at once.
        try (FigureFiles.OpenFiles opened = files.open(overwrite, null)) {
            List<ComparisonInput> inputs = data.read();
            long exchanges = count(inputs);
            UsageException.require(
                    seconds == 0 || exchanges > 1, "exchanges must be at least 2 to measure speed on", exchanges);
            checkEvaluators();
            List<ComparedEvaluator> compared = compare(inputs);
            ComparisonReport comparison = new ComparisonReport(inputs, compared, provenance(inputs));
            opened.write(comparison.toReport(), comparison.toJson(), streams);
            opened.commit();
        }
        return failures == 0 ? 0 : 1;
    }

    private static long count(List<ComparisonInput> inputs) {
        return inputs.stream().mapToLong(input -> input.examples().size()).sum();
    }

    /** One that is missing is told before the others are measured. */
    private void checkEvaluators() throws IOException, InterruptedException {
        for (EvaluatorChoice choice : choices) {
            options.open(spec, evaluators, choice).close();
        }
    }

    private List<ComparedEvaluator> compare(List<ComparisonInput> inputs) throws IOException, InterruptedException {
        List<String> texts = spec.commandLine()
                .getParseResult()
                .matchedOption(FreshJvm.EVALUATOR)
                .originalStringValues();
        EvaluatorRequirements requirements = new EvaluatorRequirements(streams);
        FreshJvm jvm = new FreshJvm(spec, data, seconds);
        List<String> names = names();
        List<ComparedEvaluator> compared = new ArrayList<>();
        for (int i = 0; i < choices.size(); i++) {
            EvaluatorChoice choice = choices.get(i);
            Quality quality = quality(choice, names.get(i), inputs);
            Requirements needed = requirements.of(choice);
            Optional<FreshJvmFigures> figures =
                    seconds == 0 ? Optional.empty() : Optional.of(jvm.measure(choice, texts.get(i)));
            compared.add(new ComparedEvaluator(names.get(i), quality.version, needed, figures, quality.inputs));
        }
        return compared;
    }

    /** Returns names that differ, as two checkpoints may have directories of the same name. */
    private List<String> names() {
        Map<String, Integer> used = new HashMap<>();
        return choices.stream()
                .map(EvaluatorChoice::shortName)
                .map(name -> used.merge(name, 1, Integer::sum) == 1 ? name : name + " " + used.get(name))
                .toList();
    }

    private record Quality(String version, List<InputFigures> inputs) {}

    private Quality quality(EvaluatorChoice choice, String name, List<ComparisonInput> inputs)
            throws IOException, InterruptedException {
        List<InputFigures> figures = new ArrayList<>();
        try (SafetyEvaluator evaluator = options.open(spec, evaluators, choice);
                Progress progress = ProgressBars.start(streams, name, count(inputs))) {
            for (ComparisonInput input : inputs) {
                figures.add(figures(evaluator, name, input, progress));
            }
            return new Quality(evaluator.name(), figures);
        }
    }

    private InputFigures figures(SafetyEvaluator evaluator, String name, ComparisonInput input, Progress progress)
            throws IOException, InterruptedException {
        long passedOn = passedOn(evaluator);
        List<Assessment> assessments = Assessments.of(input.exchanges(), evaluator, progress);
        report(name, input, Assessments.failures(assessments));
        List<Prediction> predictions = new ArrayList<>();
        for (int i = 0; i < assessments.size(); i++) {
            predictions.add(new Prediction(input.examples().get(i), assessments.get(i)));
        }
        return new InputFigures(
                input.name(),
                EvaluatorQuality.of(
                        predictions,
                        Bootstrap.of(QualityReport.RESAMPLES, ComparisonReport.CONFIDENCE, EvaluatorJvm.SEED)),
                evaluator instanceof Cascade
                        ? Optional.of(new Proportion(passedOn(evaluator) - passedOn, assessments.size()))
                        : Optional.empty(),
                evaluator.provenance().data().values().stream().anyMatch(input.checksums()::containsValue));
    }

    /** Returns how many exchanges the first stage of a cascade has passed on so far. */
    private static long passedOn(SafetyEvaluator evaluator) {
        return evaluator instanceof Cascade cascade
                ? cascade.statistics().get(0).passedOn()
                : 0;
    }

    private void report(String name, ComparisonInput input, long failed) {
        if (failed > 0) {
            failures += failed;
            streams.err()
                    .print(NumberFormats.format(
                            "%s: %s of %s exchanges of %s are unscored because %s failed\n",
                            spec.qualifiedName(),
                            NumberFormats.count(failed),
                            NumberFormats.count(input.examples().size()),
                            input.name(),
                            name));
        }
    }

    private Provenance provenance(List<ComparisonInput> inputs) {
        ProvenanceBuilder builder = Provenance.builder("compare", "1")
                .seed(EvaluatorJvm.SEED)
                .parameter("command", Options.commandLine(spec))
                .parameter("bootstrapSamples", String.valueOf(QualityReport.RESAMPLES))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        inputs.forEach(input -> input.checksums().forEach(builder::data));
        return builder.build();
    }
}
