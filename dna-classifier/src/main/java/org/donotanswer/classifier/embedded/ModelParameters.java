package org.donotanswer.classifier.embedded;

import java.util.Objects;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a model.
 *
 * @param responses the first stage's weights of response features; lanes: actions, matter
 * @param instructions the weights of instruction features; lanes: actions, risk, types of harm
 * @param actions the second stage: the actions, by code, of the first stage's outputs for them
 * @param risk the calibration of the risk of the instruction, or null if the model does not judge it
 * @param harm the head of harm
 * @param harmTypeScale the factor of the types' margins before their softmax; 0 if the model does not judge them
 */
public record ModelParameters(
        WeightTable responses,
        WeightTable instructions,
        SoftmaxRegression actions,
        @Nullable SoftmaxRegression risk,
        HarmHead harm,
        double harmTypeScale) {
    /** The number of actions: classes of the second stage, by code. */
    public static final int ACTIONS = ResponseAction.values().length;

    /** The class of the action that follows the instruction. */
    public static final int FOLLOW = ResponseAction.FOLLOW_INSTRUCTION.code();

    /** The number of types of harm. */
    public static final int HARM_TYPES = HarmType.values().length;

    /** The lane of {@code responses} behind the actions', for the matter. */
    static final int MATTER_LANE = ACTIONS;

    static final int RESPONSE_LANES = MATTER_LANE + 1;

    /** Lanes of {@code instructions} behind the actions'. */
    static final int RISK_LANE = ACTIONS;

    static final int HARM_TYPE_LANE = RISK_LANE + 1;
    static final int INSTRUCTION_LANES = HARM_TYPE_LANE + HARM_TYPES;

    /** Checks that nothing required is null. */
    public ModelParameters {
        Objects.requireNonNull(responses, "responses");
        Objects.requireNonNull(instructions, "instructions");
        Objects.requireNonNull(actions, "actions");
        Objects.requireNonNull(harm, "harm");
    }

    boolean judgesHarmType() {
        return harmTypeScale > 0;
    }
}
