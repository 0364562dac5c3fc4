package org.donotanswer.guard.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Applies a rule's two thresholds to a probability: at or above the block threshold, a text is blocked; from the review
 * threshold on, it is sent to review. Immutable, hence thread-safe.
 */
final class ThresholdBand {
    private final ReportedThreshold block;
    /** Null if nothing is sent to review. */
    private final @Nullable ReportedThreshold review;

    // Created once, so that decisions need not.
    private final Optional<ReportedThreshold> blocking;
    private final Optional<ReportedThreshold> lowest;

    /**
     * Creates a band. Without a review threshold, or if it is not below the block threshold, nothing is sent to
     * review.
     */
    ThresholdBand(ReportedThreshold block, @Nullable ReportedThreshold review) {
        this.block = block;
        this.review = review == null || review.value() >= block.value() ? null : review;
        blocking = Optional.of(block);
        lowest = this.review == null ? blocking : Optional.of(this.review);
    }

    /** Returns the band of a rule that has a block threshold. */
    static ThresholdBand of(String scope, Rule rule) {
        return new ThresholdBand(
                new ReportedThreshold(rule.block().getAsDouble(), scope),
                rule.review().isPresent() ? new ReportedThreshold(rule.review().getAsDouble(), scope) : null);
    }

    /**
     * Returns the band that decides like the most severe of the given ones; of equal thresholds, those of the first.
     */
    static ThresholdBand strictest(List<ThresholdBand> bands) {
        ReportedThreshold block = bands.get(0).block;
        ReportedThreshold review = bands.get(0).review;
        for (ThresholdBand band : bands) {
            block = band.block.value() < block.value() ? band.block : block;
            if (band.review != null) {
                review = review == null || band.review.value() < review.value() ? band.review : review;
            }
        }
        return new ThresholdBand(block, review);
    }

    /** Returns the decision for a probability, with the given reason if the text is blocked. */
    Decision decide(OptionalDouble probability, Reason blocked) {
        double value = probability.getAsDouble();
        if (value >= block.value()) {
            return new Decision(Outcome.BLOCK, blocked, probability, blocking);
        }
        boolean reviewed = review != null && value >= review.value();
        return new Decision(
                reviewed ? Outcome.REVIEW : Outcome.ALLOW,
                reviewed ? Reason.REVIEW_BAND : Reason.BELOW_THRESHOLD,
                probability,
                lowest);
    }
}
