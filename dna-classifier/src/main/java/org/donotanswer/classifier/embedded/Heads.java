package org.donotanswer.classifier.embedded;

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
record Heads(
        WeightTable responses,
        WeightTable instructions,
        SoftmaxRegression actions,
        @Nullable SoftmaxRegression risk,
        HarmHead harm,
        double harmTypeScale) {
    /** The lane of {@code responses} behind the actions', for the matter. */
    static final int MATTER_LANE = ActionTraining.ACTIONS;

    static final int RESPONSE_LANES = MATTER_LANE + 1;

    /** Lanes of {@code instructions} behind the actions'. */
    static final int RISK_LANE = ActionTraining.ACTIONS;

    static final int HARM_TYPE_LANE = RISK_LANE + 1;
    static final int INSTRUCTION_LANES = HARM_TYPE_LANE + InstructionTraining.HARM_TYPES;

    boolean judgesHarmType() {
        return harmTypeScale > 0;
    }
}
