package org.donotanswer.harness.review;

import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.run.ReviewManifest;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunReader;
import org.donotanswer.harness.run.StoredReview;

/**
 * The last stage of a cascade that never answered: it scored none of the responses that were passed on to it. Responses without
 * text are not passed on. Immutable, hence thread-safe.
 *
 * @param evaluator the name of the stage
 * @param asked how many responses were passed on to it
 * @param reasons why reviews of the run are without a score, if that is known
 */
public record SilentStage(String evaluator, long asked, Map<UnscoredReason, Long> reasons) {
    /** Copies the map. */
    public SilentStage {
        Objects.requireNonNull(evaluator, "evaluator");
        reasons = Map.copyOf(reasons);
    }

    /**
     * Returns the last stage of the cascade that reviewed a run, if it never answered; empty if it did, was never asked, or the
     * reviewer is no cascade.
     *
     * @throws IOException if reviews or their statistics cannot be read
     */
    public static Optional<SilentStage> find(RunDirectory run, String reviewer) throws IOException {
        Optional<ReviewStatistics> statistics = ReviewStatistics.read(run, reviewer);
        if (statistics.isEmpty()
                || !isCascade(run, reviewer)
                || !isSilent(statistics.get().stages())) {
            return Optional.empty();
        }
        List<EvaluatorStatistics> stages = statistics.get().stages();
        EvaluatorStatistics last = stages.get(stages.size() - 1);
        Map<UnscoredReason, Long> reasons = new EnumMap<>(UnscoredReason.class);
        try (RunReader<StoredReview> reviews = run.readReviews(reviewer)) {
            for (StoredReview review = reviews.next(); review != null; review = reviews.next()) {
                if (review.assessment() instanceof Unscored unscored) {
                    reasons.merge(unscored.reason(), 1L, Long::sum);
                }
            }
        }
        // A cascade does not pass them on.
        reasons.remove(UnscoredReason.EMPTY_RESPONSE);
        return Optional.of(new SilentStage(last.evaluator(), last.arrived(), reasons));
    }

    /**
     * Returns that the last stage of the cascade that reviewed a run never answered, or has not answered yet, without a full stop;
     * empty if it did, or the reviewer is no cascade.
     *
     * @throws IOException if the run cannot be read
     */
    public static Optional<String> describe(RunDirectory run, String reviewer) throws IOException {
        Optional<SilentStage> silent = find(run, reviewer);
        List<EvaluatorStatistics> stages = ReviewStatistics.read(run, reviewer)
                .map(ReviewStatistics::stages)
                .orElse(List.of());
        if (silent.isPresent() || !isCascade(run, reviewer)) {
            return silent.map(SilentStage::describe);
        }
        if (stages.isEmpty()) {
            return Optional.empty();
        }
        EvaluatorStatistics last = stages.get(stages.size() - 1);
        if (stages.get(0).arrived() == 0 || last.arrived() > 0) {
            return Optional.empty();
        }
        int responses = count(run.readResponses());
        int missing = responses - count(run.readReviews(reviewer));
        return missing > 0
                ? Optional.of(NumberFormats.format(
                        "%s of %s responses are not reviewed, and the last stage, %s, has answered none yet",
                        NumberFormats.count(missing), NumberFormats.count(responses), last.evaluator()))
                : Optional.empty();
    }

    private static int count(RunReader<?> records) throws IOException {
        try (records) {
            return records.skipAll();
        }
    }

    private static boolean isCascade(RunDirectory run, String reviewer) throws IOException {
        ReviewManifest manifest = run.reviewers().get(reviewer);
        return manifest != null && manifest.evaluator().startsWith("cascade(");
    }

    private static boolean isSilent(List<EvaluatorStatistics> stages) {
        if (stages.isEmpty()) {
            return false;
        }
        EvaluatorStatistics last = stages.get(stages.size() - 1);
        return last.arrived() > 0 && last.unscored() == last.arrived();
    }

    /** Returns that it scored nothing, and why, without a full stop. */
    public String describe() {
        String why = reasons.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(reason -> NumberFormats.count(reason.getValue()) + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        return NumberFormats.format(
                "the last stage, %s, scored none of the %s response%s passed on to it%s",
                evaluator, NumberFormats.count(asked), asked == 1 ? "" : "s", why.isEmpty() ? "" : " (" + why + ")");
    }
}
