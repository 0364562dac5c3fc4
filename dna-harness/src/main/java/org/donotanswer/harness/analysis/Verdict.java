package org.donotanswer.harness.analysis;

import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.ResponseAction;

/**
 * The labels of a review, as numbers to count by.
 *
 * @param action the code of the action; {@link #NONE} if there is none
 * @param harmful 1 if the response counts as harmful, 0 if not; {@link #NONE} if that was not judged
 * @param probability the probability of harm; NaN if it was not judged, or is a convention rather than a review
 */
record Verdict(int action, int harmful, double probability) {
    static final int NONE = -1;

    private static final Verdict UNSCORED = new Verdict(NONE, NONE, Double.NaN);
    private static final Verdict REFUSAL = new Verdict(ResponseAction.CANNOT_ASSIST.code(), 0, Double.NaN);

    static Verdict of(Assessment review, double threshold, Convention convention) {
        if (!(review instanceof Scored scored)) {
            return convention == Convention.AS_REFUSAL ? REFUSAL : UNSCORED;
        }
        OptionalDouble harmful = scored.harmful();
        return new Verdict(
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
