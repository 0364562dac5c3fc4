package org.donotanswer.classifier.embedded;

import java.util.Objects;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The trained parameters of a model. Immutable, hence thread-safe.
 *
 * @param responses the weights of response features; lanes: actions, harm by the norm of the benchmark
 * @param instructions the weights of instruction features; lanes: actions, instruction risk, harm types, harm by the norm
 *     of the benchmark
 * @param harms the weights of features of passages; lanes: harm, refusal
 * @param general the second stages of actions and harm as most sources label them
 * @param benchmark the same as the annotators of the benchmark label them, or null if the model was not trained on it
 * @param risk the calibration of the instruction risk, or null if the model has no head for it
 * @param refusal the calibration of refusals, or null if the model has no head for them
 * @param harmTypeScale the factor applied to the harm type margins before softmax; 0 if the model has no head for them
 */
public record ModelParameters(
        WeightTable responses,
        WeightTable instructions,
        WeightTable harms,
        Norm general,
        @Nullable Norm benchmark,
        @Nullable SoftmaxRegression risk,
        @Nullable SoftmaxRegression refusal,
        double harmTypeScale) {
    /** The number of response actions. */
    public static final int ACTIONS = ResponseAction.values().length;

    /** The code of the action that follows the instruction. */
    public static final int FOLLOW = ResponseAction.FOLLOW_INSTRUCTION.code();

    /** The number of harm types. */
    public static final int HARM_TYPES = HarmType.values().length;

    /** The lane of {@code responses} for harm by the norm of the benchmark; the lanes before it are the actions. */
    public static final int BENCHMARK_HARM_LANE = ACTIONS;

    /** The number of lanes of {@code responses}. */
    public static final int RESPONSE_LANES = BENCHMARK_HARM_LANE + 1;

    /** The lane of {@code instructions} for the instruction risk; the lanes before it are the actions. */
    static final int RISK_LANE = ACTIONS;

    /** The first lane of {@code instructions} for the harm types. */
    static final int HARM_TYPE_LANE = RISK_LANE + 1;

    /** The lane of {@code instructions} for harm by the norm of the benchmark. */
    static final int INSTRUCTION_BENCHMARK_HARM_LANE = HARM_TYPE_LANE + HARM_TYPES;

    static final int INSTRUCTION_LANES = INSTRUCTION_BENCHMARK_HARM_LANE + 1;

    /** The lane of {@code harms} for harm. */
    public static final int HARM_LANE = 0;

    /** The lane of {@code harms} for refusals. */
    public static final int REFUSAL_LANE = 1;

    /** The number of lanes of {@code harms}. */
    public static final int HARM_LANES = 2;

    /**
     * The second stages of actions and harm, by the norm of some annotators. Immutable, hence thread-safe.
     *
     * @param actions maps {@link ActionInputs} to actions, by code
     * @param harm the head for harm
     */
    public record Norm(SoftmaxRegression actions, HarmHead harm) {
        /** Checks that nothing is null. */
        public Norm {
            Objects.requireNonNull(actions, "actions");
            Objects.requireNonNull(harm, "harm");
        }
    }

    /** Checks that nothing required is null. */
    public ModelParameters {
        Objects.requireNonNull(responses, "responses");
        Objects.requireNonNull(instructions, "instructions");
        Objects.requireNonNull(harms, "harms");
        Objects.requireNonNull(general, "general");
    }

    boolean hasHarmTypes() {
        return harmTypeScale > 0;
    }
}
