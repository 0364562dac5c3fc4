package org.donotanswer.harness.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.classifier.judge.TokenPrices;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Ensemble;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;

/**
 * An evaluator, or a cascade or ensemble of several, with the name under which its reviews are stored. Owns and closes its
 * evaluators. Not thread-safe.
 */
public final class Reviewer implements AutoCloseable {
    /** From this number on, consecutive failures are attributed to the evaluator, not to the exchanges. */
    static final int MIN_SYSTEMATIC_FAILURES = 8;

    private final ReviewManifest manifest;
    private final SafetyEvaluator evaluator;
    private final List<RecordingEvaluator> stages;

    private Reviewer(String name, SafetyEvaluator evaluator, List<RecordingEvaluator> stages) {
        this.evaluator = evaluator;
        this.stages = stages;
        manifest = new ReviewManifest(requireName(name), evaluator.name(), evaluator.provenance());
    }

    /**
     * Returns the name if an evaluator may review under it.
     *
     * @throws IllegalArgumentException if it is not usable as a file name, or reserved for human labels
     */
    public static String requireName(String name) {
        if (name.equals(RunDirectory.HUMAN)) {
            throw new IllegalArgumentException(
                    "name of an evaluator must not be reserved for human labels, but was '" + name + "'");
        }
        return ReviewManifest.requireName(name);
    }

    /**
     * An evaluator, alone or as a stage of a cascade or a member of an ensemble. As thread-safe as the evaluator.
     *
     * @param evaluator the evaluator
     * @param prices what the endpoint of an LLM judge charges; empty if that is not known
     */
    public record Stage(SafetyEvaluator evaluator, Optional<TokenPrices> prices) {
        /** Checks that nothing is null. */
        public Stage {
            Objects.requireNonNull(evaluator, "evaluator");
            Objects.requireNonNull(prices, "prices");
        }

        /** Returns a stage without prices. */
        public static Stage of(SafetyEvaluator evaluator) {
            return new Stage(evaluator, Optional.empty());
        }

        private RecordingEvaluator recording() {
            return new RecordingEvaluator(evaluator, prices);
        }
    }

    /**
     * The probabilities of harm for which a stage of a cascade passes an exchange on to the next. Immutable, hence
     * thread-safe.
     *
     * @param low the least, in [0, 1]
     * @param high the greatest, in [low, 1]
     */
    public record EscalationBand(double low, double high) {
        /** The default of {@link Cascade}. */
        public static final EscalationBand DEFAULT = new EscalationBand(Cascade.DEFAULT_LOW, Cascade.DEFAULT_HIGH);

        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException if one is not in [0, 1], or the lower is above the upper
         */
        public EscalationBand {
            if (!(low >= 0 && low <= high && high <= 1)) {
                throw new IllegalArgumentException(
                        "band must be two ascending numbers from 0 to 1, but was " + low + ":" + high);
            }
        }
    }

    /** Returns a reviewer with one evaluator. */
    public static Reviewer of(String name, Stage stage) {
        RecordingEvaluator recording = stage.recording();
        return new Reviewer(name, recording, List.of(recording));
    }

    /**
     * Returns a cascade that leaves an exchange unscored if its last stage does.
     *
     * @param stages at least two; the last one's assessment is final
     * @param bands one for each stage but the last
     * @throws IllegalArgumentException if there are fewer stages, or another number of bands
     */
    public static Reviewer cascade(String name, List<Stage> stages, List<EscalationBand> bands) {
        return cascade(name, stages, bands, false);
    }

    /**
     * Returns a cascade.
     *
     * @param stages at least two; the last one's assessment is final
     * @param bands one for each stage but the last
     * @param fallBack whether the latest uncertain score is used if the last stage has none
     * @throws IllegalArgumentException if there are fewer stages, or another number of bands
     */
    public static Reviewer cascade(String name, List<Stage> stages, List<EscalationBand> bands, boolean fallBack) {
        List<RecordingEvaluator> recordings = recordings("cascade", stages);
        if (bands.size() != stages.size() - 1) {
            throw new IllegalArgumentException("number of bands must be " + (stages.size() - 1)
                    + ", one for each stage but the last, but was " + bands.size());
        }
        Cascade.Builder cascade = Cascade.builder().fallBack(fallBack);
        for (int i = 0; i < bands.size(); i++) {
            cascade.stage(recordings.get(i), bands.get(i).low(), bands.get(i).high());
        }
        return new Reviewer(name, cascade.last(recordings.get(bands.size())).build(), recordings);
    }

    /**
     * Returns an ensemble that scores a response if more than half of its members do.
     *
     * @param stages at least two
     * @param weights one for each stage
     * @throws IllegalArgumentException if there are fewer stages, or a weight is missing or out of range
     */
    public static Reviewer ensemble(String name, List<Stage> stages, List<Double> weights) {
        return ensemble(name, stages, weights, stages.size() / 2 + 1);
    }

    /**
     * Returns an ensemble.
     *
     * @param stages at least two
     * @param weights one for each stage
     * @param minimumScored how many members must score a response for it to be scored, from 1 to all
     * @throws IllegalArgumentException if there are fewer stages, or a weight or that number is missing or out of range
     */
    public static Reviewer ensemble(String name, List<Stage> stages, List<Double> weights, int minimumScored) {
        List<RecordingEvaluator> recordings = recordings("ensemble", stages);
        if (weights.size() != stages.size()) {
            throw new IllegalArgumentException("number of weights must be " + stages.size()
                    + ", one for each evaluator, but was " + weights.size());
        }
        if (minimumScored < 1 || minimumScored > stages.size()) {
            throw new IllegalArgumentException(
                    "minimumScored must be from 1 to " + stages.size() + ", but was " + minimumScored);
        }
        Ensemble.Builder ensemble = Ensemble.builder().minimumScored(minimumScored);
        for (int i = 0; i < weights.size(); i++) {
            ensemble.member(recordings.get(i), weights.get(i));
        }
        return new Reviewer(name, ensemble.build(), recordings);
    }

    private static List<RecordingEvaluator> recordings(String kind, List<Stage> stages) {
        if (stages.size() < 2) {
            throw new IllegalArgumentException(
                    "number of evaluators of the " + kind + " must be at least 2, but was " + stages.size());
        }
        return stages.stream().map(Stage::recording).toList();
    }

    /** Returns the description of this reviewer. */
    public ReviewManifest manifest() {
        return manifest;
    }

    /** Returns statistics of no reviews, with costs of 0 in the currencies of the judges. */
    ReviewStatistics noStatistics() {
        return new ReviewStatistics(
                0,
                0,
                0,
                stages.stream()
                        .map(stage -> new EvaluatorStatistics(stage.name(), 0, 0, 0, 0, 0, stage.noUsage()))
                        .toList());
    }

    /**
     * Returns earlier statistics of this reviewer, in which tokens without a cost have their cost at today's prices: these may have
     * become known only later.
     */
    ReviewStatistics priced(ReviewStatistics earlier) {
        List<EvaluatorStatistics> priced = new ArrayList<>();
        for (int i = 0; i < earlier.stages().size(); i++) {
            EvaluatorStatistics stage = earlier.stages().get(i);
            Optional<TokenPrices> prices =
                    i < stages.size() && stage.usage().cost().isEmpty()
                            ? stages.get(i).prices()
                            : Optional.empty();
            priced.add(prices.map(stage::pricedAt).orElse(stage));
        }
        return new ReviewStatistics(earlier.reviewed(), earlier.begun(), earlier.ended(), priced);
    }

    /** Returns whether a stage has worked at least once, in any run. */
    boolean worked(int stage) {
        return stages.get(stage).worked();
    }

    /** Returns whether a stage failed on so many exchanges in a row that it must be broken. */
    boolean isBroken(int stage) {
        return stages.get(stage).consecutiveFailures() >= MIN_SYSTEMATIC_FAILURES;
    }

    /** Returns the number of replies that could not be cached, and cost again if they are needed again. */
    public long cacheWriteFailures() {
        return stages.stream().mapToLong(RecordingEvaluator::cacheWriteFailures).sum();
    }

    /** Returns the outage of a judge's endpoint, if there is one. */
    Optional<ChatException> outage() {
        return stages.stream().flatMap(stage -> stage.outage().stream()).findFirst();
    }

    /** Evaluates exchanges. */
    ReviewedBatch review(List<Exchange> exchanges) {
        // Drops what an interrupted batch left.
        stages.forEach(RecordingEvaluator::take);
        List<Assessment> assessments = evaluator.evaluateAll(exchanges);
        List<RecordingEvaluator.Recording> recordings = new ArrayList<>();
        stages.forEach(stage -> recordings.add(stage.take()));
        return new ReviewedBatch(
                evaluator instanceof Ensemble,
                stages.stream().map(RecordingEvaluator::name).toList(),
                exchanges,
                assessments,
                recordings);
    }

    /** Closes the evaluators. */
    @Override
    public void close() {
        evaluator.close();
    }
}
