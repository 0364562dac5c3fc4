package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.judge.TokenPrices;
import org.donotanswer.harness.review.ReviewJob;
import org.donotanswer.harness.review.Reviewer;
import org.donotanswer.harness.review.Reviewer.EscalationBand;
import org.donotanswer.harness.review.Reviewer.Stage;
import org.donotanswer.harness.review.SilentStage;
import org.donotanswer.harness.run.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "judge",
        description = "Reviews the responses of runs with an evaluator, or with several as a cascade or an ensemble.",
        footer = {
            "",
            "Reviews are stored in RUN/reviews. RUN/statistics records how many responses each evaluator reviewed, and at"
                    + " what cost. To resume a stopped command, repeat it: it also reviews responses for which an"
                    + " evaluator was not available before. While such responses are left, or if the last stage of a"
                    + " cascade scored nothing that was passed on to it, the exit code is 1."
        })
final class JudgeCommand implements Callable<Integer> {
    private static final Pattern BAND = Pattern.compile("([^:]+):([^:]+)");

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "Run directories.")
    private List<Path> runs = new ArrayList<>();

    @Option(
            names = {"--evaluator", "--stage"},
            required = true,
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            description =
                    "Evaluator that reviews: " + EvaluatorOptions.SYNTAX + ". Repeat it for --cascade and --ensemble.")
    @InSection(HelpSection.EVALUATOR)
    private List<EvaluatorChoice> choices = new ArrayList<>();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name under which the reviews are stored. Default: derived from the evaluator.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable String name;

    @ArgGroup(exclusive = false)
    private @Nullable CascadeOptions cascade;

    @ArgGroup(exclusive = false)
    private @Nullable EnsembleOptions ensemble;

    @Mixin
    private EvaluatorOptions options = new EvaluatorOptions();

    /** How several evaluators are asked in turn. */
    @InSection(HelpSection.COMBINATION)
    static final class CascadeOptions {
        @Option(
                names = "--cascade",
                required = true,
                description = "Ask the evaluators in the given order, each about the responses on which those before it"
                        + " are uncertain.")
        @SuppressWarnings("UnusedVariable") // the group exists if the option is given
        private boolean enabled;

        @Option(
                names = "--band",
                paramLabel = "LOW:HIGH",
                split = ",",
                description =
                        "Probabilities of harm at which an evaluator of a cascade is uncertain: one band for all, or"
                                + " one for each evaluator but the last; needs --cascade. Default: 0.1:0.9.")
        private List<String> bands = new ArrayList<>();

        @Option(
                names = "--fall-back",
                description = "If the last evaluator of a cascade returns no score, use the last uncertain score; needs"
                        + " --cascade. Default: the response stays unscored.")
        private boolean fallBack;
    }

    /** How the scores of several evaluators are combined. */
    @InSection(HelpSection.COMBINATION)
    static final class EnsembleOptions {
        @Option(names = "--ensemble", required = true, description = "Ask all evaluators and take the weighted mean.")
        @SuppressWarnings("UnusedVariable") // the group exists if the option is given
        private boolean enabled;

        @Option(
                names = "--weights",
                paramLabel = "W",
                split = ",",
                description = "Weight of each evaluator of an ensemble; needs --ensemble. Default: equal weights.")
        private List<Double> weights = new ArrayList<>();

        @Option(
                names = "--minimum-scored",
                paramLabel = "N",
                description =
                        "Minimum number of evaluators of an ensemble that must score a response; needs --ensemble."
                                + " Default: more than half.")
        private @Nullable Integer minimumScored;
    }

    JudgeCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkCombination();
        options.check(spec, choices);
        List<EscalationBand> bands = bands();
        String reviewerName = checkedName();
        List<RunDirectory> opened = new ArrayList<>();
        for (Path run : runs) {
            opened.add(RunDirectory.open(run));
        }
        boolean complete = true;
        PrintWriter out = streams.writer();
        try (Reviewer reviewer = reviewer(reviewerName, bands)) {
            for (RunDirectory run : opened) {
                ReviewJob.ReviewResult result = ReviewJob.run(
                        run, reviewer, (done, steps) -> ProgressBars.start(streams, "judge", done, steps));
                out.print(ReviewSummary.of(run, reviewerName, result));
                out.flush();
                if (!result.isComplete()) {
                    complete = false;
                    warn(ReviewSummary.missing(run, result));
                }
                Optional<SilentStage> silent = SilentStage.find(run, reviewerName);
                if (silent.isPresent()) {
                    complete = false;
                    warn(silent.get().describe() + " (" + run.path() + ")");
                }
                if (result.evaluatorDown()) {
                    break;
                }
            }
            long failures = reviewer.cacheWriteFailures();
            if (failures > 0) {
                warn((failures == 1 ? "1 reply" : failures + " replies")
                        + " could not be written to the cache: the reviews are complete, but a repeated request will be paid"
                        + " for again");
            }
        }
        return complete ? 0 : 1;
    }

    private void warn(String message) {
        streams.err().print(spec.qualifiedName() + ": " + message + "\n");
    }

    private void checkCombination() {
        UsageException.require(
                cascade == null || ensemble == null, "evaluators must be a cascade or an ensemble", "both");
        UsageException.require(
                (choices.size() > 1) == (cascade != null || ensemble != null),
                "--cascade or --ensemble must go with several evaluators",
                choices.size() > 1 ? "missing" : "with one");
        if (cascade != null) {
            int bands = cascade.bands.size();
            if (bands > 1 && bands != choices.size() - 1) {
                throw new UsageException("--band needs 1 band, or one for each evaluator but the last ("
                        + (choices.size() - 1) + "), but had " + bands);
            }
        }
        if (ensemble != null) {
            int weights = ensemble.weights.size();
            if (weights > 0 && weights != choices.size()) {
                throw new UsageException("--weights needs " + choices.size() + " numbers, but had " + weights);
            }
            UsageException.require(
                    ensemble.minimumScored == null
                            || (ensemble.minimumScored >= 1 && ensemble.minimumScored <= choices.size()),
                    "--minimum-scored must be from 1 to " + choices.size(),
                    String.valueOf(ensemble.minimumScored));
        }
    }

    private String checkedName() {
        String chosen = name == null ? defaultName() : name;
        try {
            return Reviewer.requireName(chosen);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + (name == null ? " (give another by --name)" : ""));
        }
    }

    private String defaultName() {
        if (choices.size() > 1) {
            return cascade != null ? "cascade" : "ensemble";
        }
        return choices.get(0) instanceof EvaluatorChoice.LlmJudge
                ? options.llmJudge().modelName().replaceAll("[^A-Za-z0-9._-]", "-")
                : choices.get(0).shortName();
    }

    /** Returns the band of each evaluator but the last. */
    private List<EscalationBand> bands() {
        List<EscalationBand> bands = cascade == null
                ? List.of()
                : cascade.bands.stream().map(JudgeCommand::band).toList();
        return bands.size() == choices.size() - 1
                ? bands
                : Collections.nCopies(choices.size() - 1, bands.isEmpty() ? EscalationBand.DEFAULT : bands.get(0));
    }

    private static EscalationBand band(String text) {
        Matcher matcher = BAND.matcher(text);
        if (!matcher.matches()) {
            throw noBand(text);
        }
        double low;
        double high;
        try {
            low = Double.parseDouble(matcher.group(1));
            high = Double.parseDouble(matcher.group(2));
        } catch (NumberFormatException e) {
            throw noBand(text);
        }
        return UsageException.orUsage(() -> new EscalationBand(low, high));
    }

    private static UsageException noBand(String text) {
        return new UsageException("--band must be LOW:HIGH, but was '" + text + "'");
    }

    private Reviewer reviewer(String reviewerName, List<EscalationBand> bands)
            throws IOException, InterruptedException {
        List<Stage> stages = new ArrayList<>();
        try {
            for (EvaluatorChoice choice : choices) {
                stages.add(stage(choice));
            }
            if (cascade != null) {
                return Reviewer.cascade(reviewerName, stages, bands, cascade.fallBack);
            }
            if (ensemble != null) {
                return Reviewer.ensemble(
                        reviewerName,
                        stages,
                        ensemble.weights.isEmpty() ? Collections.nCopies(stages.size(), 1.0) : ensemble.weights,
                        ensemble.minimumScored == null ? stages.size() / 2 + 1 : ensemble.minimumScored);
            }
            return Reviewer.of(reviewerName, stages.get(0));
        } catch (IllegalArgumentException e) {
            close(stages);
            throw new UsageException(String.valueOf(e.getMessage()));
        } catch (IOException | IllegalStateException | UsageException | InterruptedException e) {
            close(stages);
            throw e;
        }
    }

    private static void close(List<Stage> stages) {
        stages.forEach(stage -> stage.evaluator().close());
    }

    private Stage stage(EvaluatorChoice choice) throws IOException, InterruptedException {
        Optional<TokenPrices> prices =
                choice instanceof EvaluatorChoice.LlmJudge ? options.llmJudge().prices() : Optional.empty();
        return new Stage(options.open(spec, evaluators, choice), prices);
    }
}
