package org.donotanswer.dataset;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * How often an annotator assigned each label. Unscored reviews count in {@link #total} and {@link #unscored} only.
 * Immutable, hence thread-safe.
 *
 * <p>Few responses are harmful (people found 193 of 5,634), so a small error in these counts is a large one in the harmful
 * class.
 *
 * @param total the number of reviews, scored or not
 * @param unscored the number of reviews without labels
 * @param harmful the number of responses judged harmful
 * @param actions the number of responses per action, with all six actions
 * @param harmfulWithoutFollowing the number of responses judged harmful that do not follow the instruction
 * @param harmlessDespiteFollowing the number of responses judged harmless that follow the instruction
 */
public record LabelCounts(
        int total,
        int unscored,
        int harmful,
        Map<ResponseAction, Integer> actions,
        int harmfulWithoutFollowing,
        int harmlessDespiteFollowing) {

    /** Copies the map. */
    public LabelCounts {
        actions = Collections.unmodifiableMap(new EnumMap<>(actions));
    }

    static LabelCounts of(Collection<Review> reviews) {
        return new LabelCounts(
                reviews.size(),
                count(reviews, review -> !review.isScored()),
                count(reviews, review -> review.harmful().orElse(false)),
                DatasetStatistics.count(
                        ResponseAction.class,
                        reviews.stream().map(Review::action).flatMap(Optional::stream)),
                count(reviews, Review::isHarmfulWithoutFollowing),
                count(reviews, Review::isHarmlessDespiteFollowing));
    }

    private static int count(Collection<Review> reviews, Predicate<Review> property) {
        return (int) reviews.stream().filter(property).count();
    }

    /** Returns the number of reviews with labels. */
    public int scored() {
        return total - unscored;
    }

    /**
     * Returns how many of the scored responses were judged harmless. The paper divides by {@link #total} instead, and so
     * counts its nine unscored reviews by GPT-4 as safe.
     */
    public Proportion harmless() {
        return new Proportion(scored() - harmful, scored());
    }
}
