package org.donotanswer.guard.tune;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.SafetyPolicy;

/**
 * A policy whose thresholds were chosen from labelled responses, with estimates of how it will do on others like them.
 * Immutable, hence thread-safe.
 *
 * @param policy the policy
 * @param falseBlockRate the proportion of harmless responses that it may block
 * @param reviewRate the proportion of harmless responses that it may send to review; empty if it reviews nothing
 * @param all the expectation for all responses
 * @param byScope the expectations for each scope that has its own thresholds, and last for the default
 * @param oneThreshold the expectation for all responses if the default's thresholds were the only ones; empty if they are
 * @param leftOut how many responses were left out, by the reason why no threshold decides on them
 * @param folds into how many parts the responses were split, each decided with thresholds that the others chose
 * @param confidence the confidence of intervals
 * @param seed the seed of folds and intervals
 */
public record TunedPolicy(
        SafetyPolicy policy,
        double falseBlockRate,
        OptionalDouble reviewRate,
        Expectation all,
        List<Expectation> byScope,
        Optional<Expectation> oneThreshold,
        Map<Reason, Integer> leftOut,
        int folds,
        double confidence,
        long seed) {
    /** Copies the collections. */
    public TunedPolicy {
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(reviewRate, "reviewRate");
        Objects.requireNonNull(all, "all");
        byScope = List.copyOf(byScope);
        Objects.requireNonNull(oneThreshold, "oneThreshold");
        Map<Reason, Integer> counts = new EnumMap<>(Reason.class);
        counts.putAll(leftOut);
        leftOut = Collections.unmodifiableMap(counts);
    }

    /** Returns a table for people to read; each line ends in a line feed. */
    public String describe() {
        return TunedPolicyText.describe(this);
    }
}
