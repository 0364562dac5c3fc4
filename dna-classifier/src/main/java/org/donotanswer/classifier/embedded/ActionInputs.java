package org.donotanswer.classifier.embedded;

import java.util.Arrays;

/** The inputs of the second stage of actions. Pure functions, hence thread-safe. */
public final class ActionInputs {
    /** The number of inputs. */
    public static final int COUNT = ModelParameters.RESPONSE_LANES + 2;

    private ActionInputs() {}

    /**
     * Returns the inputs: the margins of the first stage, then those of harm and refusal, which know more wordings than the
     * first stage does.
     *
     * @param margins the margins of the first stage, by lane
     * @param harm the harm margin of the whole response
     * @param refusal the refusal margin of the whole response
     */
    public static double[] of(double[] margins, double harm, double refusal) {
        double[] inputs = Arrays.copyOf(margins, COUNT);
        inputs[ModelParameters.RESPONSE_LANES] = harm;
        inputs[ModelParameters.RESPONSE_LANES + 1] = refusal;
        return inputs;
    }
}
