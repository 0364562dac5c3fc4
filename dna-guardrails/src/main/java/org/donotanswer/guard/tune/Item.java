package org.donotanswer.guard.tune;

import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.taxonomy.HarmType;
import org.jspecify.annotations.Nullable;

/**
 * A labelled answer that thresholds may decide about.
 *
 * @param scored what the evaluator says
 * @param score the probability of harm; infinite if rules on actions block it, whatever the threshold, and minus infinity if
 *     they let it pass
 * @param harmful whether it is harmful
 * @param group a number that the answers of its group share
 */
record Item(Scored scored, double score, boolean harmful, int group) {
    @Nullable
    HarmType type() {
        return scored.harmType().orElse(null);
    }
}
