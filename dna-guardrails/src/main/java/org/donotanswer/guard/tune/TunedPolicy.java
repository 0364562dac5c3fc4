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
 * A policy with thresholds chosen on labelled answers, and what to expect of it on others like them. Immutable, hence
 * thread-safe.
 *
 * @param policy the policy
 * @param falseBlockRate the share of harmless answers that it may block
 * @param reviewRate the share of harmless answers that it may give to review; empty if it reviews nothing
 * @param all what to expect of all answers
 * @param byScope what to expect in each scope that has thresholds of its own, in the end the default
 * @param oneThreshold what to expect of all answers if the default's were the only thresholds; empty if they are
 * @param notJudged how many answers were left out, by the reason for which the policy compares them with no threshold
 * @param folds in how many parts the answers were, each decided with thresholds that the others chose
 * @param confidence the confidence of intervals
 * @param seed the seed of the folds and intervals
 */
public record TunedPolicy(
        SafetyPolicy policy,
        double falseBlockRate,
        OptionalDouble reviewRate,
        Expectation all,
        List<Expectation> byScope,
        Optional<Expectation> oneThreshold,
        Map<Reason, Integer> notJudged,
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
        counts.putAll(notJudged);
        notJudged = Collections.unmodifiableMap(counts);
    }

    /** Returns a table for people to read, of lines that end in a line feed. */
    public String describe() {
        return TunedPolicyText.describe(this);
    }
}
