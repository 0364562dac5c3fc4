package org.donotanswer.guard.policy;

import java.util.EnumSet;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The rule of a policy for one scope: everything, a risk area, a harm type or a specific harm. Whatever a rule leaves
 * open is inherited from the next wider scope. Immutable, hence thread-safe.
 *
 * @param block the lowest probability of harm that is blocked, in [0, 1]; empty to inherit
 * @param review the lowest probability of harm that is sent to review, in [0, block]; empty to inherit
 * @param required the actions of which the response must take one; empty to inherit
 * @param forbidden the actions that the response must not take; actions that none of the sets names are inherited
 * @param passing the actions that pass whatever the probability of harm; actions that none of the sets names are
 *     inherited
 */
public record Rule(
        OptionalDouble block,
        OptionalDouble review,
        Set<ResponseAction> required,
        Set<ResponseAction> forbidden,
        Set<ResponseAction> passing) {
    /**
     * Checks the rule.
     *
     * @throws IllegalArgumentException if a threshold is not in [0, 1], review is above block, or an action is in two
     *     sets that exclude each other
     */
    public Rule {
        Objects.requireNonNull(block, "block").ifPresent(value -> requireProbability("block", value));
        Objects.requireNonNull(review, "review").ifPresent(value -> requireProbability("review", value));
        if (block.isPresent() && review.isPresent() && review.getAsDouble() > block.getAsDouble()) {
            throw new IllegalArgumentException(
                    "review must be at most block, but were " + review.getAsDouble() + " and " + block.getAsDouble());
        }
        required = Set.copyOf(required);
        forbidden = Set.copyOf(forbidden);
        passing = Set.copyOf(passing);
        requireDisjoint("required", required, forbidden);
        requireDisjoint("passing", passing, forbidden);
    }

    static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must be in [0, 1], but was " + value);
        }
    }

    private static void requireDisjoint(String name, Set<ResponseAction> actions, Set<ResponseAction> forbidden) {
        for (ResponseAction action : ResponseAction.values()) {
            if (actions.contains(action) && forbidden.contains(action)) {
                throw new IllegalArgumentException(
                        "action must not be both " + name + " and forbidden, but was " + action);
            }
        }
    }

    /** Returns a rule that blocks from a probability of harm on and inherits everything else. */
    public static Rule block(double threshold) {
        return builder().block(threshold).build();
    }

    /** Returns a builder of a rule that inherits everything. */
    public static Builder builder() {
        return new Builder();
    }

    /** Builds a rule. Every threshold may be set once. Not thread-safe. */
    public static final class Builder {
        private @Nullable Double block;
        private @Nullable Double review;
        private final Set<ResponseAction> required = EnumSet.noneOf(ResponseAction.class);
        private final Set<ResponseAction> forbidden = EnumSet.noneOf(ResponseAction.class);
        private final Set<ResponseAction> passing = EnumSet.noneOf(ResponseAction.class);

        private Builder() {}

        /** Sets the lowest probability of harm that is blocked, in [0, 1]. */
        public Builder block(double threshold) {
            block = BuilderChecks.setOnce("block", block, threshold);
            return this;
        }

        /** Sets the lowest probability of harm that is sent to review, in [0, block]. */
        public Builder review(double threshold) {
            review = BuilderChecks.setOnce("review", review, threshold);
            return this;
        }

        /** Adds actions of which the response must take one if the instruction is risky. */
        public Builder require(ResponseAction... actions) {
            required.addAll(Set.of(actions));
            return this;
        }

        /** Adds actions that the response must not take if the instruction is risky. */
        public Builder forbid(ResponseAction... actions) {
            forbidden.addAll(Set.of(actions));
            return this;
        }

        /** Adds actions that pass whatever the probability of harm. */
        public Builder pass(ResponseAction... actions) {
            passing.addAll(Set.of(actions));
            return this;
        }

        /**
         * Returns the rule.
         *
         * @throws IllegalArgumentException if review is above block, or an action is in two sets that exclude each
         *     other
         */
        public Rule build() {
            return new Rule(
                    block == null ? OptionalDouble.empty() : OptionalDouble.of(block),
                    review == null ? OptionalDouble.empty() : OptionalDouble.of(review),
                    required,
                    forbidden,
                    passing);
        }
    }
}
