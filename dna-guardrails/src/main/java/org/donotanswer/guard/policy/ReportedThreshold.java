package org.donotanswer.guard.policy;

import java.util.Objects;

/**
 * The threshold that a decision reports: the one that a probability was compared with, and the scope that it came from. The
 * comparison itself is made for {@link SafetyPolicy#decide}, in {@code ThresholdBand}. Immutable, hence thread-safe.
 *
 * @param value a probability, in [0, 1]
 * @param scope the scope that it was set for: the constant name of a specific harm, harm type or risk area, {@value
 *     #DEFAULT}, {@value #INSTRUCTION} or {@value #RISK_FROM}
 */
public record ReportedThreshold(double value, String scope) {
    /** The scope of everything that the policy does not name. */
    public static final String DEFAULT = "default";
    /** The scope of instructions. */
    public static final String INSTRUCTION = "instruction";
    /** The scope of {@link SafetyPolicy#riskFrom()}, from which on a response that was not scored is blocked. */
    public static final String RISK_FROM = "riskFrom";

    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException if the value is not in [0, 1]
     */
    public ReportedThreshold {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("threshold must be in [0, 1], but was " + value);
        }
        Objects.requireNonNull(scope, "scope");
    }
}
