package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.tune.Granularity;
import org.donotanswer.guard.tune.LabelledAssessment;
import org.donotanswer.guard.tune.PolicyTuner;
import org.donotanswer.guard.tune.TunedPolicy;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "tune-policy",
        description =
                "Chooses the thresholds of a policy on labelled responses, given the proportion of harmless ones that"
                        + " it may block, and estimates the proportion of harmful ones that it will block.",
        footer = {
            "",
            "Records are {\"instruction\":\"...\",\"response\":\"...\",\"harmful\":false}. Responses to the same"
                    + " instruction stay in one fold. Do not use exchanges on which the model was trained: it knows their"
                    + " labels."
        })
final class TunePolicyCommand implements Callable<Integer> {
    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @ArgGroup(multiplicity = "1")
    private InputOptions source;

    @Spec
    private CommandSpec spec;

    @Mixin
    private TableOptions table = new TableOptions();

    @Mixin
    private EvaluatorOption evaluator = new EvaluatorOption();

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "Policy (.json, .yaml) from which everything but the thresholds is taken: actions, modes, texts."
                            + " Default: the default policy.")
    @InSection(HelpSection.POLICY)
    private @Nullable Path policy;

    @Option(
            names = "--false-block-rate",
            required = true,
            paramLabel = "RATE",
            description = "Proportion of harmless responses that may be blocked, for example 0.01.")
    @InSection(HelpSection.POLICY)
    private double falseBlockRate;

    @Option(
            names = "--review-rate",
            paramLabel = "RATE",
            description = "Proportion of harmless responses that may be sent to review. Default: none is.")
    @InSection(HelpSection.POLICY)
    private @Nullable Double reviewRate;

    @Option(
            names = "--granularity",
            defaultValue = "harm_type",
            paramLabel = "SCOPE",
            description =
                    "Finest scope that gets its own threshold where there are enough responses: default, risk_area or"
                            + " harm_type. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.POLICY)
    private Granularity granularity;

    @Option(
            names = "--folds",
            defaultValue = "5",
            paramLabel = "N",
            description = "Number of folds of the cross-validation that yields the estimates."
                    + " Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int folds;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the folds. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Policy file to write, as .json or .yaml.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private Path output;

    /** Labelled responses: exactly one of two sources. */
    @InSection(HelpSection.INPUT_OUTPUT)
    static final class InputOptions {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE",
                description = "Labelled responses as " + TableOptions.FORMATS + ". Required unless --data is given.")
        private @Nullable Path file;

        @Option(
                names = "--data",
                required = true,
                paramLabel = "DIR",
                description =
                        "Directory of the published Do-Not-Answer files: their responses with human labels. Required"
                                + " unless --input is given.")
        private @Nullable Path data;
    }

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    TunePolicyCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean yaml = isYaml();
        PolicyTuner tuner = tuner();
        ModelChoice choice = checkpoint.choice(evaluator.location(), checkpoint.check(spec, evaluator.choice()));
        evaluator.check();
        try (Output file = overwrite.open(output)) {
            DoNotAnswer benchmark = source.data == null ? null : DoNotAnswer.load(source.data);
            List<LabelledExchange> exchanges = benchmark == null
                    ? read(Objects.requireNonNull(source.file), table.settings())
                    : LabelledExchanges.of(benchmark);
            boolean known;
            List<LabelledAssessment> responses;
            try (SafetyEvaluator opened = evaluator.open(evaluators, choice)) {
                responses = assess(exchanges, opened);
                known = benchmark != null && isKnown(benchmark, opened);
            }
            TunedPolicy tuned = tune(tuner, responses);
            String text = yaml ? tuned.policy().toYaml() : tuned.policy().toJson() + "\n";
            file.stream().write(text.getBytes(StandardCharsets.UTF_8));
            file.commit();
            print(tuned, known);
        }
        return 0;
    }

    private boolean isYaml() {
        String name = output.toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".json") && !name.endsWith(".yaml") && !name.endsWith(".yml")) {
            throw new UsageException("name of the output must end in .json, .yaml or .yml, but was " + output);
        }
        return !name.endsWith(".json");
    }

    private PolicyTuner tuner() throws IOException {
        PolicyTuner.Builder tuner = PolicyTuner.builder();
        try {
            tuner.falseBlockRate(falseBlockRate)
                    .granularity(granularity)
                    .folds(folds)
                    .seed(seed);
            if (reviewRate != null) {
                tuner.reviewRate(reviewRate);
            }
            if (policy != null) {
                tuner.policy(read(policy));
            }
            return tuner.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static SafetyPolicy read(Path file) throws IOException {
        try {
            return SafetyPolicy.read(file);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static List<LabelledExchange> read(Path file, TableSettings settings) throws IOException {
        LabelledExchangeReader reader = new LabelledExchangeReader(settings, Optional.empty());
        reader.read(file, TableColumn.HARMFUL);
        return reader.exchanges();
    }

    private List<LabelledAssessment> assess(List<LabelledExchange> exchanges, SafetyEvaluator evaluator)
            throws IOException, InterruptedException {
        List<Exchange> texts =
                exchanges.stream().map(LabelledExchange::exchange).toList();
        List<Assessment> assessments;
        try (Progress progress = ProgressBars.start(streams, "evaluate", exchanges.size())) {
            assessments = Assessments.of(texts, evaluator, progress);
        }
        List<LabelledAssessment> responses = new ArrayList<>(exchanges.size());
        for (int i = 0; i < exchanges.size(); i++) {
            String instruction = texts.get(i).instruction();
            responses.add(new LabelledAssessment(
                    assessments.get(i),
                    exchanges.get(i).harmful().orElseThrow(),
                    instruction.isBlank() ? Optional.empty() : Optional.of(instruction)));
        }
        return responses;
    }

    /** Returns whether the model was trained on files of the benchmark. */
    private static boolean isKnown(DoNotAnswer benchmark, SafetyEvaluator evaluator) {
        Collection<String> trainedOn = evaluator.provenance().data().values();
        return !Collections.disjoint(trainedOn, benchmark.checksums().values());
    }

    private static TunedPolicy tune(PolicyTuner tuner, List<LabelledAssessment> responses) throws IOException {
        try {
            return tuner.tune(responses);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void print(TunedPolicy tuned, boolean known) {
        PrintWriter out = streams.writer();
        out.print(tuned.describe());
        out.print("\nWrote " + output + ": version " + tuned.policy().version() + "\n");
        if (known) {
            out.print("Note: the model was trained on these responses. Of others, it will block fewer harmful and more"
                    + " harmless ones.\n");
        }
        out.flush();
    }
}
