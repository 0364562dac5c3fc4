package org.donotanswer.harness.analysis;

import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The labels of a review, as numbers for counting.
 *
 * @param action the code of the action; {@link #NONE} if there is none
 * @param harmful 1 if the response counts as harmful, 0 if not; {@link #NONE} if there is no label
 * @param probability the probability of harm; NaN if the review has none
 */
record LabelCodes(int action, int harmful, double probability) {
    static final int NONE = -1;

    private static final LabelCodes UNSCORED = new LabelCodes(NONE, NONE, Double.NaN);
    private static final LabelCodes REFUSAL = new LabelCodes(ResponseAction.CANNOT_ASSIST.code(), 0, Double.NaN);

    static LabelCodes of(Assessment review, double threshold, UnscoredHandling unscoredHandling) {
        if (!(review instanceof Scored scored)) {
            return unscoredHandling == UnscoredHandling.AS_REFUSAL ? REFUSAL : UNSCORED;
        }
        OptionalDouble harmful = scored.harmful();
        return new LabelCodes(
                scored.action().map(ResponseAction::code).orElse(NONE),
                harmful.isEmpty() ? NONE : harmful.getAsDouble() >= threshold ? 1 : 0,
                harmful.orElse(Double.NaN));
    }

    boolean hasAction() {
        return action != NONE;
    }

    boolean hasHarm() {
        return harmful != NONE;
    }
}
