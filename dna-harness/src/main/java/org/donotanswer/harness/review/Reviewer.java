package org.donotanswer.harness.review;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Cascade;
import org.donotanswer.evaluate.Ensemble;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;

/** One evaluator, or several as one, under the name of their reviews. Closes its evaluators. Not thread-safe. */
public final class Reviewer implements AutoCloseable {
    /** For so many, a failure is not that of an exchange. */
    static final int SYSTEMATIC = 8;

    private final ReviewManifest manifest;
    private final SafetyEvaluator evaluator;
    private final List<RecordingEvaluator> stages;

    private Reviewer(String name, SafetyEvaluator evaluator, List<RecordingEvaluator> stages) {
        this.evaluator = evaluator;
        this.stages = stages;
        manifest = new ReviewManifest(requireName(name), evaluator.name(), evaluator.provenance());
    }

    /**
     * Returns a name under which an evaluator may review.
     *
     * @throws IllegalArgumentException if it is not one for files, or that of people
     */
    public static String requireName(String name) {
        if (name.equals(RunDirectory.HUMAN)) {
            throw new IllegalArgumentException(
                    "name of an evaluator must not be that of people, but was '" + name + "'");
        }
        return ReviewManifest.requireName(name);
    }

    /**
     * An evaluator that may be one of several.
     *
     * @param evaluator the evaluator
     * @param currency what the prices of a judge are in; empty without
     */
    public record Stage(SafetyEvaluator evaluator, Optional<String> currency) {
        /** Checks that nothing is null. */
        public Stage {
            Objects.requireNonNull(evaluator, "evaluator");
            Objects.requireNonNull(currency, "currency");
        }

        /** Returns a stage without prices. */
        public static Stage of(SafetyEvaluator evaluator) {
            return new Stage(evaluator, Optional.empty());
        }

        private RecordingEvaluator watched() {
            return new RecordingEvaluator(evaluator, currency);
        }
    }

    /**
     * The probabilities of harm that a stage of a cascade passes on. Immutable, hence thread-safe.
     *
     * @param low the least, in [0, 1]
     * @param high the greatest, in [low, 1]
     */
    public record EscalationBand(double low, double high) {
        /** The one that stages have by default. */
        public static final EscalationBand DEFAULT = new EscalationBand(Cascade.DEFAULT_LOW, Cascade.DEFAULT_HIGH);

        /**
         * Checks the ends.
         *
         * @throws IllegalArgumentException if one is not in [0, 1], or the lower above the upper
         */
        public EscalationBand {
            if (!(low >= 0 && low <= high && high <= 1)) {
                throw new IllegalArgumentException(
                        "band must be two ascending numbers from 0 to 1, but was " + low + ":" + high);
            }
        }
    }

    /** Returns a reviewer of one evaluator. */
    public static Reviewer of(String name, Stage stage) {
        RecordingEvaluator watched = stage.watched();
        return new Reviewer(name, watched, List.of(watched));
    }

    /**
     * Returns a cascade.
     *
     * @param stages at least two; the last one's word stands
     * @param bands one for each stage but the last
     * @throws IllegalArgumentException if there are fewer stages, or bands
     */
    public static Reviewer cascade(String name, List<Stage> stages, List<EscalationBand> bands) {
        return cascade(name, stages, bands, false);
    }

    /**
     * Returns a cascade.
     *
     * @param stages at least two; the last one's word stands
     * @param bands one for each stage but the last
     * @param fallBack whether the latest uncertain score stands where the last stage has none
     * @throws IllegalArgumentException if there are fewer stages, or bands
     */
    public static Reviewer cascade(String name, List<Stage> stages, List<EscalationBand> bands, boolean fallBack) {
        List<RecordingEvaluator> watched = watched("cascade", stages);
        if (bands.size() != stages.size() - 1) {
            throw new IllegalArgumentException(
                    "bands must be " + (stages.size() - 1) + ", one for each but the last, but was " + bands.size());
        }
        Cascade.Builder cascade = Cascade.builder().fallBack(fallBack);
        for (int i = 0; i < bands.size(); i++) {
            cascade.stage(watched.get(i), bands.get(i).low(), bands.get(i).high());
        }
        return new Reviewer(name, cascade.last(watched.get(bands.size())).build(), watched);
    }

    /**
     * Returns an ensemble.
     *
     * @param stages at least two
     * @param weights one for each
     * @throws IllegalArgumentException if there are fewer, or a weight is out of range
     */
    public static Reviewer ensemble(String name, List<Stage> stages, List<Double> weights) {
        return ensemble(name, stages, weights, stages.size() / 2 + 1);
    }

    /**
     * Returns an ensemble.
     *
     * @param stages at least two
     * @param weights one for each
     * @param minimumScored how many must score a response so that it is scored, from 1 to all
     * @throws IllegalArgumentException if there are fewer, or a weight or that number is out of range
     */
    public static Reviewer ensemble(String name, List<Stage> stages, List<Double> weights, int minimumScored) {
        List<RecordingEvaluator> watched = watched("ensemble", stages);
        if (weights.size() != stages.size()) {
            throw new IllegalArgumentException(
                    "weights must be " + stages.size() + ", one for each, but was " + weights.size());
        }
        if (minimumScored < 1 || minimumScored > stages.size()) {
            throw new IllegalArgumentException(
                    "minimumScored must be from 1 to " + stages.size() + ", but was " + minimumScored);
        }
        Ensemble.Builder ensemble = Ensemble.builder().minimumScored(minimumScored);
        for (int i = 0; i < weights.size(); i++) {
            ensemble.member(watched.get(i), weights.get(i));
        }
        return new Reviewer(name, ensemble.build(), watched);
    }

    private static List<RecordingEvaluator> watched(String what, List<Stage> stages) {
        if (stages.size() < 2) {
            throw new IllegalArgumentException(
                    "evaluators of " + what + " must be at least 2, but was " + stages.size());
        }
        return stages.stream().map(Stage::watched).toList();
    }

    /** Returns who reviews. */
    public ReviewManifest manifest() {
        return manifest;
    }

    /** Returns statistics of nothing, in the currencies in which something will be spent. */
    ReviewStatistics noStatistics() {
        return new ReviewStatistics(
                0,
                0,
                0,
                stages.stream()
                        .map(stage -> new EvaluatorStatistics(stage.name(), 0, 0, 0, 0, 0, stage.noUsage()))
                        .toList());
    }

    /** Returns whether a stage ever had something to say, in whatever run. */
    boolean answered(int stage) {
        return stages.get(stage).answered();
    }

    /** Returns whether a stage failed on enough exchanges in a row to tell that it is not they. */
    boolean fails(int stage) {
        return stages.get(stage).failedInARow() >= SYSTEMATIC;
    }

    /** Returns how many replies could not be written to the cache, and are paid again if they are asked for again. */
    public long cacheWriteFailures() {
        return stages.stream().mapToLong(RecordingEvaluator::cacheWriteFailures).sum();
    }

    /** Returns why there is no use in asking on, if there is not. */
    Optional<ChatException> outage() {
        return stages.stream().flatMap(stage -> stage.outage().stream()).findFirst();
    }

    /** Returns what is said of exchanges, and by whom. */
    ReviewedBatch review(List<Exchange> exchanges) {
        stages.forEach(RecordingEvaluator::take);
        List<Assessment> assessments = evaluator.evaluateAll(exchanges);
        List<RecordingEvaluator.Recording> notes = new ArrayList<>();
        stages.forEach(stage -> notes.add(stage.take()));
        return new ReviewedBatch(
                evaluator instanceof Ensemble,
                stages.stream().map(RecordingEvaluator::name).toList(),
                exchanges,
                assessments,
                notes);
    }

    @Override
    public void close() {
        evaluator.close();
    }
}
