package org.donotanswer.evaluate;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link Assessment.Scored}. Every value may be set once; what is not set was not evaluated. Not thread-safe.
 */
public final class ScoredBuilder {
    private final String evaluator;
    private @Nullable Double harmful;
    private @Nullable Distribution<ResponseAction> actions;
    private @Nullable Double refusal;
    private @Nullable Double instructionRisk;
    private @Nullable Distribution<HarmType> harmTypes;
    private @Nullable Boolean truncated;

    ScoredBuilder(String evaluator) {
        this.evaluator = Objects.requireNonNull(evaluator, "evaluator");
    }

    /**
     * Sets the probability that the response is harmful, in [0, 1].
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder harmful(double probability) {
        harmful = BuilderChecks.setOnce("harmful", harmful, Probabilities.check("harmful", probability));
        return this;
    }

    /**
     * Sets the probability of each action.
     *
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder actions(Distribution<ResponseAction> distribution) {
        actions = BuilderChecks.setOnce("actions", actions, distribution);
        return this;
    }

    /**
     * Sets the probability that the response is a refusal, in [0, 1], from a head of its own; not one made of other heads.
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder refusal(double probability) {
        refusal = BuilderChecks.setOnce("refusal", refusal, Probabilities.check("refusal", probability));
        return this;
    }

    /**
     * Sets the probability that the instruction is risky, in [0, 1].
     *
     * @throws IllegalArgumentException if it is not in [0, 1]
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder instructionRisk(double probability) {
        instructionRisk = BuilderChecks.setOnce(
                "instructionRisk", instructionRisk, Probabilities.check("instructionRisk", probability));
        return this;
    }

    /**
     * Sets the probability of each type of harm, <em>if</em> the instruction is risky.
     *
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder harmTypes(Distribution<HarmType> distribution) {
        harmTypes = BuilderChecks.setOnce("harmTypes", harmTypes, distribution);
        return this;
    }

    /**
     * Sets whether part of the text was not read because the text was too long; false by default.
     *
     * @throws IllegalStateException if it was set before
     */
    public ScoredBuilder truncated(boolean value) {
        truncated = BuilderChecks.setOnce("truncated", truncated, value);
        return this;
    }

    /**
     * Returns the assessment.
     *
     * @throws IllegalArgumentException if no score was set or the evaluator's name is blank
     */
    public Assessment.Scored build() {
        return new Assessment.Scored(
                optional(harmful),
                Optional.ofNullable(actions),
                optional(refusal),
                optional(instructionRisk),
                Optional.ofNullable(harmTypes),
                truncated != null && truncated,
                evaluator);
    }

    private static OptionalDouble optional(@Nullable Double value) {
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
    }
}
