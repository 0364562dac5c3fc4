package org.donotanswer.guard.tune;

import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.HarmType;
import org.jspecify.annotations.Nullable;

/**
 * A labelled response that thresholds may decide on.
 *
 * @param scored its assessment
 * @param score the probability of harm; infinite if rules on actions block it whatever the threshold, and minus infinity if
 *     they pass it
 * @param harmful whether it is harmful
 * @param group a number that the responses of a group share
 */
record LabelledScore(Scored scored, double score, boolean harmful, int group) {
    @Nullable
    HarmType type() {
        return scored.harmType().orElse(null);
    }
}
