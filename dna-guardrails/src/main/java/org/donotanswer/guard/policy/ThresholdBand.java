package org.donotanswer.guard.policy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Two thresholds of a probability: what is at or above the one is blocked, between them given to review. Immutable. */
final class ThresholdBand {
    private final AppliedThreshold block;
    /** Null if nothing is given to review. */
    private final @Nullable AppliedThreshold review;

    // Made once, for no decision to make them anew.
    private final Optional<AppliedThreshold> blocking;
    private final Optional<AppliedThreshold> lowest;

    /** Makes the band of two thresholds; one without a review threshold, or with one that is not below the other, is empty. */
    ThresholdBand(AppliedThreshold block, @Nullable AppliedThreshold review) {
        this.block = block;
        this.review = review == null || review.value() >= block.value() ? null : review;
        blocking = Optional.of(block);
        lowest = this.review == null ? blocking : Optional.of(this.review);
    }

    /** Returns the band of a rule that has a block threshold. */
    static ThresholdBand of(String scope, Rule rule) {
        return new ThresholdBand(
                new AppliedThreshold(rule.block().getAsDouble(), scope),
                rule.review().isPresent() ? new AppliedThreshold(rule.review().getAsDouble(), scope) : null);
    }

    /** Returns the band that decides as the severest of the given ones; of equal thresholds, those of the first. */
    static ThresholdBand strictest(List<ThresholdBand> bands) {
        AppliedThreshold block = bands.get(0).block;
        AppliedThreshold review = bands.get(0).review;
        for (ThresholdBand band : bands) {
            block = band.block.value() < block.value() ? band.block : block;
            if (band.review != null) {
                review = review == null || band.review.value() < review.value() ? band.review : review;
            }
        }
        return new ThresholdBand(block, review);
    }

    /** Returns what becomes of a text of the given probability, and with which reason if it is blocked. */
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
