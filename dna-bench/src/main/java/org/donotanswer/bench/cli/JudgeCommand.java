package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.Reviewer;
import org.donotanswer.harness.review.Reviewer.EscalationBand;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.run.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "judge",
        description = "Reviews the answers of runs by an evaluator, or by several as a cascade or an ensemble.",
        footer = {
            "",
            "Reviews are kept in RUN/reviews, and how many answers went to which evaluator, and what that cost, in"
                    + " RUN/statistics. Stop the command however you like, and give it again to go on. What no evaluator"
                    + " could be asked about now is asked again then, and the exit code is 1."
        })
final class JudgeCommand implements Callable<Integer> {
    private static final Pattern BAND = Pattern.compile("([^:]+):([^:]+)");

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Directories of runs.")
    private List<Path> runs = new ArrayList<>();

    @Option(
            names = {"--evaluator", "--stage"},
            required = true,
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            description =
                    "Who reviews: " + EvaluatorChoice.EMBEDDED + ", the model that comes with dna; a model's file; a"
                            + " checkpoint's directory; " + ModelLocation.SYNTAX + "; or " + EvaluatorChoice.LLM
                            + ", the one of --endpoint. Several times with --cascade or --ensemble.")
    private List<EvaluatorChoice> choices = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the reviews are called. Default: after the evaluator.")
    private @Nullable String name;

    @Option(
            names = "--cascade",
            description = "Ask evaluators in their order, each about what those before it could not decide.")
    private boolean cascade;

    @Option(
            names = "--band",
            paramLabel = "LOW:HIGH",
            split = ",",
            description = "Probabilities of harm that an evaluator of a cascade passes on: one band for all, or one for"
                    + " each but the last. Default: 0.1:0.9.")
    private List<String> bands = new ArrayList<>();

    @Option(
            names = "--fall-back",
            description =
                    "Where the last evaluator of a cascade has no score, take the uncertain one of those before it."
                            + " Default: leave the answer unscored.")
    private boolean fallBack;

    @Option(names = "--ensemble", description = "Take the mean of all evaluators.")
    private boolean ensemble;

    @Option(
            names = "--weights",
            paramLabel = "W",
            split = ",",
            description = "How much each evaluator of an ensemble counts. Default: all the same.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--minimum-scored",
            paramLabel = "N",
            description = "How many evaluators of an ensemble must score an answer. Default: more than half.")
    private @Nullable Integer minimumScored;

    @Mixin
    private CheckpointOptions checkpoint;

    @Mixin
    private JudgeOptions judge;

    JudgeCommand(Streams streams, EvaluatorFactory evaluators) {
        checkpoint = new CheckpointOptions();
        judge = new JudgeOptions();
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkUsage();
        List<EscalationBand> parsed = bands();
        String reviewerName = checkedName();
        List<RunDirectory> opened = new ArrayList<>();
        for (Path run : runs) {
            opened.add(RunDirectory.open(run));
        }
        boolean complete = true;
        PrintWriter out = streams.writer();
        try (Reviewer reviewer = reviewer(reviewerName, parsed)) {
            for (RunDirectory run : opened) {
                ReviewJob.ReviewResult outcome = ReviewJob.run(
                        run, reviewer, (done, steps) -> ProgressBars.start(streams, "judge", done, steps));
                out.print(ReviewSummary.of(run, reviewerName, outcome));
                out.flush();
                if (!outcome.isComplete()) {
                    complete = false;
                    streams.err().print(spec.qualifiedName() + ": " + ReviewSummary.missing(run, outcome) + "\n");
                }
                if (outcome.evaluatorDown()) {
                    break;
                }
            }
            if (reviewer.cacheWriteFailures() > 0) {
                streams.err()
                        .print(spec.qualifiedName() + ": replies must be kept in the cache, but "
                                + reviewer.cacheWriteFailures()
                                + " could not be written: the reviews stand, but another call pays for these replies"
                                + " again\n");
            }
        }
        return complete ? 0 : 1;
    }

    private void checkUsage() {
        try {
            checkCombination();
            if (count(EvaluatorChoice.LlmJudge.class) > 0) {
                judge.check();
            }
            checkpoint.check();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private void checkCombination() {
        require(!(cascade && ensemble), "evaluators must be a cascade or an ensemble", "both");
        require(
                (choices.size() > 1) == (cascade || ensemble),
                "--cascade or --ensemble must go with several evaluators",
                choices.size() > 1 ? "missing" : "with one");
        require(cascade || bands.isEmpty(), "--band must go with --cascade", "without");
        require(ensemble || weights.isEmpty(), "--weights must go with --ensemble", "without");
        require(cascade || !fallBack, "--fall-back must go with --cascade", "without");
        require(ensemble || minimumScored == null, "--minimum-scored must go with --ensemble", "without");
        require(
                minimumScored == null || (minimumScored >= 1 && minimumScored <= choices.size()),
                "--minimum-scored must be from 1 to " + choices.size(),
                String.valueOf(minimumScored));
        require(
                bands.size() <= 1 || bands.size() == choices.size() - 1,
                "--band must be given once, or " + (choices.size() - 1) + " times",
                bands.size());
        require(
                weights.isEmpty() || weights.size() == choices.size(),
                "--weights must be " + choices.size(),
                weights.size());
        require(
                count(EvaluatorChoice.LlmJudge.class) <= 1,
                "LLMs must be at most 1",
                count(EvaluatorChoice.LlmJudge.class));
        require(
                count(EvaluatorChoice.LlmJudge.class) == 1 || judge.given().isEmpty(),
                first(judge.given()) + " must go with the evaluator " + EvaluatorChoice.LLM,
                "without");
        require(
                count(EvaluatorChoice.Model.class) == 1 || checkpoint.given().isEmpty(),
                first(checkpoint.given()) + " must go with one model",
                count(EvaluatorChoice.Model.class));
    }

    private static String first(List<String> options) {
        return options.isEmpty() ? "" : options.get(0);
    }

    private long count(Class<? extends EvaluatorChoice> kind) {
        return choices.stream().filter(kind::isInstance).count();
    }

    private void require(boolean condition, String requirement, Object found) {
        if (!condition) {
            throw usage(requirement + ", but was " + found);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private String checkedName() {
        String chosen = name == null ? defaultName() : name;
        try {
            return Reviewer.requireName(chosen);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage() + (name == null ? " (give another by --name)" : ""));
        }
    }

    private String defaultName() {
        if (choices.size() > 1) {
            return cascade ? "cascade" : "ensemble";
        }
        return choices.get(0) instanceof EvaluatorChoice.LlmJudge
                ? judge.modelName().replaceAll("[^A-Za-z0-9._-]", "-")
                : choices.get(0).shortName();
    }

    private List<EscalationBand> bands() {
        List<EscalationBand> parsed = new ArrayList<>();
        for (String band : bands) {
            Matcher matcher = BAND.matcher(band);
            try {
                if (!matcher.matches()) {
                    throw new NumberFormatException();
                }
                parsed.add(
                        new EscalationBand(Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2))));
            } catch (NumberFormatException e) {
                throw usage("--band must be LOW:HIGH, but was '" + band + "'");
            } catch (IllegalArgumentException e) {
                throw usage(String.valueOf(e.getMessage()));
            }
        }
        return parsed.size() == choices.size() - 1
                ? parsed
                : Collections.nCopies(choices.size() - 1, parsed.isEmpty() ? EscalationBand.DEFAULT : parsed.get(0));
    }

    private Reviewer reviewer(String reviewerName, List<EscalationBand> parsed)
            throws IOException, InterruptedException {
        List<Stage> stages = new ArrayList<>();
        try {
            for (EvaluatorChoice choice : choices) {
                stages.add(stage(choice));
            }
            if (cascade) {
                return Reviewer.cascade(reviewerName, stages, parsed, fallBack);
            }
            if (ensemble) {
                return Reviewer.ensemble(
                        reviewerName,
                        stages,
                        weights.isEmpty() ? Collections.nCopies(stages.size(), 1.0) : weights,
                        minimumScored == null ? stages.size() / 2 + 1 : minimumScored);
            }
            return Reviewer.of(reviewerName, stages.get(0));
        } catch (IllegalArgumentException e) {
            stages.forEach(stage -> stage.evaluator().close());
            throw usage(String.valueOf(e.getMessage()));
        } catch (IOException | IllegalStateException | InterruptedException e) {
            stages.forEach(stage -> stage.evaluator().close());
            throw e;
        }
    }

    private Stage stage(EvaluatorChoice choice) throws IOException, InterruptedException {
        if (choice instanceof EvaluatorChoice.LlmJudge) {
            return new Stage(judge.open(), judge.currency());
        }
        return Stage.of(model(
                choice instanceof EvaluatorChoice.Model model ? Optional.of(model.location()) : Optional.empty()));
    }

    private SafetyEvaluator model(Optional<ModelLocation> location) throws IOException, InterruptedException {
        boolean options = location.isPresent() && !checkpoint.given().isEmpty();
        if (options && location.get() instanceof ModelLocation.Local local && Files.isRegularFile(local.path())) {
            throw usage(first(checkpoint.given()) + " must go with a checkpoint, but was with the file " + local);
        }
        return evaluators.open(new ModelChoice(
                location,
                options ? Optional.ofNullable(checkpoint.action()) : Optional.empty(),
                true,
                options ? Optional.of(builder -> checkpoint.apply(builder, null)) : Optional.empty()));
    }
}
