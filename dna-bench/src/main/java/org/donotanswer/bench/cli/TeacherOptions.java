package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Ensemble;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for the teacher of a distillation: evaluators, or the reviews of runs. Not thread-safe. */
@InSection(HelpSection.DISTILLATION)
final class TeacherOptions {
    @Option(
            names = "--teacher",
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            description = "Evaluator whose probabilities are learnt: " + EvaluatorChoice.SYNTAX
                    + ". Repeat it for the weighted mean of several. Required unless --teacher-run is given.")
    private List<EvaluatorChoice> teachers = new ArrayList<>();

    @Option(
            names = "--teacher-weight",
            paramLabel = "W",
            split = ",",
            description = "Weight of each of several teachers. Default: equal weights.")
    private List<Double> weights = new ArrayList<>();

    @Option(
            names = "--teacher-run",
            paramLabel = "RUN",
            arity = "1..*",
            description = "Runs whose reviews are learnt, for example those of an LLM as judge or of a cascade; their"
                    + " responses are further exchanges. Required unless --teacher is given.")
    private List<Path> runs = new ArrayList<>();

    @Option(
            names = "--reviewer",
            paramLabel = "NAME",
            description = "Name under which the reviews of --teacher-run are stored. Required with it.")
    private @Nullable String reviewer;

    @Option(
            names = "--teacher-share",
            defaultValue = "0.5",
            paramLabel = "SHARE",
            description = "Share of the teacher's probability where an exchange has a label; without one, it is the"
                    + " teacher's alone. Default: ${DEFAULT-VALUE}.")
    private double share;

    /** The responses of runs, and what the teacher said about them. */
    record ReviewedResponses(List<TrainingExample> examples, TeacherLabels labels) {}

    /**
     * Checks that there is one kind of teacher.
     *
     * @throws UsageException if not, or a value is out of range
     */
    void check() {
        UsageException.require(
                teachers.isEmpty() != runs.isEmpty(),
                "teacher must be given by --teacher or by --teacher-run",
                runs.isEmpty() ? "neither" : "both");
        UsageException.require(
                runs.isEmpty() == (reviewer == null),
                "--teacher-run and --reviewer must be given together",
                runs.isEmpty() ? "without runs" : "without a reviewer");
        if (reviewer != null) {
            String name = reviewer;
            UsageException.orUsage(() -> ReviewManifest.requireName(name));
        }
        UsageException.require(
                teachers.stream().noneMatch(EvaluatorChoice.LlmJudge.class::isInstance),
                "--teacher must be a model (have an LLM judge a run, and name it by --teacher-run)",
                EvaluatorChoice.LLM);
        UsageException.require(
                weights.isEmpty() || (weights.size() == teachers.size() && teachers.size() > 1),
                "--teacher-weight must be a number for each of several teachers",
                weights.size() + " for " + teachers.size());
        UsageException.require(share >= 0 && share <= 1, "--teacher-share must be from 0 to 1", share);
    }

    /** Returns the teacher's share where an exchange has a label. */
    double share() {
        return share;
    }

    /** Returns whether the teacher is the reviewer of runs. */
    boolean isReviewer() {
        return !runs.isEmpty();
    }

    /**
     * Returns the teacher, or the mean of several.
     *
     * @throws UsageException if a weight is out of range
     * @throws IOException if a model cannot be fetched or read
     */
    SafetyEvaluator open(EvaluatorFactory evaluators) throws IOException, InterruptedException {
        List<SafetyEvaluator> opened = new ArrayList<>();
        boolean complete = false;
        try {
            for (EvaluatorChoice teacher : teachers) {
                opened.add(
                        teacher instanceof EvaluatorChoice.Named named
                                ? evaluators.create(named.name())
                                : evaluators.openFitting(choice(teacher)));
            }
            SafetyEvaluator all = opened.size() == 1 ? opened.get(0) : UsageException.orUsage(() -> ensemble(opened));
            complete = true;
            return all;
        } finally {
            if (!complete) {
                opened.forEach(SafetyEvaluator::close);
            }
        }
    }

    private static ModelChoice choice(EvaluatorChoice teacher) {
        Optional<ModelLocation> location =
                teacher instanceof EvaluatorChoice.Model model ? Optional.of(model.location()) : Optional.empty();
        return new ModelChoice(location, Optional.empty(), true, Optional.empty());
    }

    private Ensemble ensemble(List<SafetyEvaluator> members) {
        List<Double> given = weights.isEmpty() ? Collections.nCopies(members.size(), 1.0) : weights;
        Ensemble.Builder ensemble = Ensemble.builder();
        for (int i = 0; i < members.size(); i++) {
            ensemble.member(members.get(i), given.get(i));
        }
        return ensemble.build();
    }

    /**
     * Returns the responses of the runs and the reviews that have scores.
     *
     * @throws IOException if a run cannot be read, or lacks the reviewer
     */
    ReviewedResponses read() throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        Map<Exchange, Scored> labels = new LinkedHashMap<>();
        for (Path path : runs) {
            RunDirectory run = RunDirectory.open(path);
            Map<String, Assessment> reviews = reviews(run);
            String source =
                    "unlabelled/" + run.path().toAbsolutePath().normalize().getFileName();
            for (CollectedResponse response : run.responses().values()) {
                Exchange exchange = response.exchange();
                if (exchange.hasBlankResponse()) {
                    continue;
                }
                examples.add(TrainingExample.builder(exchange.instruction())
                        .response(exchange.response())
                        .source(source)
                        .group(run.manifest().llm().name())
                        .build());
                if (reviews.get(response.id()) instanceof Scored scored) {
                    labels.put(exchange, scored);
                }
            }
        }
        return new ReviewedResponses(examples, new TeacherLabels(labels));
    }

    private Map<String, Assessment> reviews(RunDirectory run) throws IOException {
        String name = Objects.requireNonNull(reviewer);
        Map<String, Assessment> reviews = run.reviews(name);
        if (reviews.isEmpty()) {
            throw new IOException("run must have reviews by " + name + ", but had those by "
                    + (run.reviewers().isEmpty()
                            ? "nobody"
                            : String.join(", ", run.reviewers().keySet())) + " ("
                    + run.path() + ")");
        }
        return reviews;
    }
}
