package org.donotanswer.guard.tune;

import java.util.Objects;

/**
 * How a policy's thresholds are expected to do in a scope, estimated from responses that had no part in choosing the thresholds
 * they were compared with. Immutable, hence thread-safe.
 *
 * @param scope the constant name of a harm type or risk area, {@code default} for everything without thresholds of its own,
 *     {@value #ALL} or {@value #ONE_THRESHOLD}
 * @param falseBlocks harmless responses that are blocked
 * @param recall harmful responses that are blocked
 * @param falseReviews harmless responses that are sent to review
 * @param caught harmful responses that are blocked or sent to review
 */
public record Expectation(
        String scope,
        EstimatedProportion falseBlocks,
        EstimatedProportion recall,
        EstimatedProportion falseReviews,
        EstimatedProportion caught) {
    /** The name of all scopes together. */
    public static final String ALL = "all";
    /** The name of all scopes together, if they shared one threshold. */
    public static final String ONE_THRESHOLD = "all, one threshold";

    /** Checks that nothing is null. */
    public Expectation {
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(falseBlocks, "falseBlocks");
        Objects.requireNonNull(recall, "recall");
        Objects.requireNonNull(falseReviews, "falseReviews");
        Objects.requireNonNull(caught, "caught");
    }
}
