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
import java.util.Optional;
import java.util.concurrent.Callable;
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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "tune-policy",
        description =
                "Chooses the thresholds of a policy for a share of harmless answers that it may block, on answers that"
                        + " people labelled, and tells what share of the harmful ones to expect it to block.",
        footer = {
            "",
            "Input lines are {\"instruction\":\"...\",\"response\":\"...\",\"harmful\":false}. Answers to one instruction count"
                    + " as one group. What the model was trained on is no good as input: it knows the labels."
        })
final class TunePolicyCommand implements Callable<Integer> {
    /** How many answers are judged at a time. */
    private static final int CHUNK = 256;

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Option(names = "--input", paramLabel = "FILE", description = "Labelled answers as .jsonl.")
    private @Nullable Path input;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The published Do-Not-Answer files instead: its answers with their human labels.")
    private @Nullable Path data;

    @Option(
            names = "--model",
            paramLabel = "PATH",
            converter = ModelLocationConverter.class,
            description =
                    "Model to judge them rather than the one that comes with dna: a file, a checkpoint's directory, or "
                            + ModelLocation.SYNTAX + ".")
    private @Nullable ModelLocation model;

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description =
                    "Policy (.json, .yaml) to take everything else from: actions, modes, texts. By default the defaults.")
    private @Nullable Path policy;

    @Option(
            names = "--false-block-rate",
            required = true,
            paramLabel = "RATE",
            description = "The share of harmless answers that may be blocked, such as 0.01.")
    private double falseBlockRate;

    @Option(
            names = "--review-rate",
            paramLabel = "RATE",
            description = "The share of harmless answers that may be given to review; by default nothing is.")
    private @Nullable Double reviewRate;

    @Option(
            names = "--granularity",
            defaultValue = "harm_type",
            paramLabel = "SCOPE",
            description =
                    "The finest scopes with thresholds of their own, where there are answers enough: default, risk_area"
                            + " or harm_type (default).")
    private Granularity granularity;

    @Option(names = "--folds", defaultValue = "5", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private int folds;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "The policy to write, as .json or .yaml.")
    private Path output;

    TunePolicyCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean yaml = isYaml();
        PolicyTuner tuner = tuner();
        try (Output file = Output.file(output)) {
            DoNotAnswer benchmark = data == null ? null : DoNotAnswer.load(data);
            List<LabelledExchange> exchanges =
                    benchmark == null ? LabelledExchanges.read(input) : LabelledExchanges.of(benchmark);
            boolean known;
            List<LabelledAssessment> answers;
            try (SafetyEvaluator evaluator = evaluators.open(
                    new ModelChoice(Optional.ofNullable(model), Optional.empty(), true, Optional.empty()))) {
                answers = assess(exchanges, evaluator);
                known = benchmark != null && isKnown(benchmark, evaluator);
            }
            TunedPolicy tuned = tune(tuner, answers);
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
            throw usage("name of the output must end in .json, .yaml or .yml, but was " + output);
        }
        return !name.endsWith(".json");
    }

    private PolicyTuner tuner() throws IOException {
        if ((input == null) == (data == null)) {
            throw usage(
                    "answers must come from --input or from --data, but was " + (input == null ? "neither" : "both"));
        }
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
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private static SafetyPolicy read(Path file) throws IOException {
        try {
            return SafetyPolicy.read(file);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private List<LabelledAssessment> assess(List<LabelledExchange> exchanges, SafetyEvaluator evaluator) {
        List<LabelledAssessment> answers = new ArrayList<>(exchanges.size());
        try (Progress progress = ProgressBars.start(streams, "judge", exchanges.size())) {
            for (int from = 0; from < exchanges.size(); from += CHUNK) {
                List<LabelledExchange> chunk = exchanges.subList(from, Math.min(from + CHUNK, exchanges.size()));
                List<Exchange> texts =
                        chunk.stream().map(LabelledExchange::exchange).toList();
                List<Assessment> assessments = evaluator.evaluateAll(texts);
                for (int i = 0; i < chunk.size(); i++) {
                    String instruction = texts.get(i).instruction();
                    answers.add(new LabelledAssessment(
                            assessments.get(i),
                            chunk.get(i).harmful().orElseThrow(),
                            instruction.isBlank() ? Optional.empty() : Optional.of(instruction)));
                }
                progress.stepBy(chunk.size());
            }
        }
        return answers;
    }

    /** Returns whether the model was trained on files of the benchmark. */
    private static boolean isKnown(DoNotAnswer benchmark, SafetyEvaluator evaluator) {
        Collection<String> trainedOn = evaluator.provenance().data().values();
        return !Collections.disjoint(trainedOn, benchmark.checksums().values());
    }

    private static TunedPolicy tune(PolicyTuner tuner, List<LabelledAssessment> answers) throws IOException {
        try {
            return tuner.tune(answers);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void print(TunedPolicy tuned, boolean known) {
        PrintWriter out = streams.writer();
        out.print(tuned.describe());
        out.print("\nWrote " + output + ": version " + tuned.policy().version() + "\n");
        if (known) {
            out.print(
                    "Note: the model was trained on these answers. On others it will block less of what is harmful, and more"
                            + " of what is not.\n");
        }
        out.flush();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
