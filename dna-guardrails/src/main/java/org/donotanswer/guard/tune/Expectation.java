package org.donotanswer.guard.tune;

import java.util.Objects;

/**
 * What to expect of a policy's thresholds in a scope: what became of answers that had no part in choosing the thresholds they
 * were compared with. Immutable, hence thread-safe.
 *
 * @param scope the constant name of a harm type or risk area, {@code default} for what has none of its own, {@value #ALL} or {@value
 *     #ONE_THRESHOLD}
 * @param falseBlocks harmless answers that are blocked
 * @param recall harmful answers that are blocked
 * @param falseReviews harmless answers that are given to review
 * @param caught harmful answers that are blocked or given to review
 */
public record Expectation(String scope, Rate falseBlocks, Rate recall, Rate falseReviews, Rate caught) {
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
