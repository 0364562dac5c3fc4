package org.donotanswer.classifier.embedded;

import java.util.Objects;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The trained parameters of a model. Immutable, hence thread-safe.
 *
 * @param responses the weights of response features; lanes: actions, topic risk
 * @param instructions the weights of instruction features; lanes: actions, instruction risk, harm types
 * @param actions the second stage of the action head: maps the first stage's margins to actions, by code
 * @param risk the calibration of the instruction risk, or null if the model has no head for it
 * @param harm the head for harm
 * @param harmTypeScale the factor applied to the harm type margins before softmax; 0 if the model has no head for them
 */
public record ModelParameters(
        WeightTable responses,
        WeightTable instructions,
        SoftmaxRegression actions,
        @Nullable SoftmaxRegression risk,
        HarmHead harm,
        double harmTypeScale) {
    /** The number of response actions. */
    public static final int ACTIONS = ResponseAction.values().length;

    /** The code of the action that follows the instruction. */
    public static final int FOLLOW = ResponseAction.FOLLOW_INSTRUCTION.code();

    /** The number of harm types. */
    public static final int HARM_TYPES = HarmType.values().length;

    /** The lane of {@code responses} for the topic risk; the lanes before it are the actions. */
    static final int TOPIC_LANE = ACTIONS;

    static final int RESPONSE_LANES = TOPIC_LANE + 1;

    /** The lane of {@code instructions} for the instruction risk; the lanes before it are the actions. */
    static final int RISK_LANE = ACTIONS;

    /** The first lane of {@code instructions} for the harm types. */
    static final int HARM_TYPE_LANE = RISK_LANE + 1;

    static final int INSTRUCTION_LANES = HARM_TYPE_LANE + HARM_TYPES;

    /** Checks that nothing required is null. */
    public ModelParameters {
        Objects.requireNonNull(responses, "responses");
        Objects.requireNonNull(instructions, "instructions");
        Objects.requireNonNull(actions, "actions");
        Objects.requireNonNull(harm, "harm");
    }

    boolean hasHarmTypes() {
        return harmTypeScale > 0;
    }
}
