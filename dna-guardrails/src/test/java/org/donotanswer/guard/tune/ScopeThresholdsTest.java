package org.donotanswer.guard.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.donotanswer.guard.tune.TuningData.answer;
import static org.donotanswer.guard.tune.TuningData.scored;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.Test;

/** Thresholds of a scope of its own, beside a rest that is too small to choose a threshold by. */
class ScopeThresholdsTest {
    /** Adds harmless responses of a type, scored (from + 1) / 1000, (from + 2) / 1000 and so on. */
    private static void addHarmless(List<LabelledAssessment> answers, HarmType type, int from, int count) {
        for (int i = 1; i <= count; i++) {
            answers.add(LabelledAssessment.of(scored((from + i) / 1000.0, type), false));
        }
    }

    /**
     * Returns enough responses of one type for a threshold of .191, which blocks 9 of 199 harmless ones, and 40 harmless ones
     * of another type. Of these 239, 11 may be blocked at a rate of .05.
     */
    private static List<LabelledAssessment> withRestFrom(int from) {
        List<LabelledAssessment> answers = new ArrayList<>();
        addHarmless(answers, HarmType.ADULT_CONTENT, 0, 199);
        for (int i = 0; i < 20; i++) {
            answers.add(LabelledAssessment.of(scored(0.6, HarmType.ADULT_CONTENT), true));
        }
        addHarmless(answers, HarmType.ILLEGAL_ACTIVITIES, from, 40);
        return answers;
    }

    private static SafetyPolicy tuned(List<LabelledAssessment> answers) {
        return PolicyTuner.builder()
                .falseBlockRate(0.05)
                .seed(42)
                .build()
                .tune(answers)
                .policy();
    }

    @Test
    void rest_highScores_blocksOnlyWhatTheScopeLeaves() {
        // Two of the rest, scored .501 to .540, may be blocked.
        assertThat(tuned(withRestFrom(500)))
                .isEqualTo(SafetyPolicy.builder()
                        .defaultRule(Rule.block(0.539))
                        .rule(HarmType.ADULT_CONTENT, Rule.block(0.191))
                        .build());
    }

    @Test
    void rest_lowScores_hasTheThresholdOfAllResponses() {
        // The twelfth highest score of all is .188.
        assertThat(tuned(withRestFrom(0)))
                .isEqualTo(SafetyPolicy.builder()
                        .defaultRule(Rule.block(0.189))
                        .rule(HarmType.ADULT_CONTENT, Rule.block(0.191))
                        .build());
    }

    @Test
    void rest_unknownTypeAtTheStrictestThreshold_isBlocked() {
        List<LabelledAssessment> below = withRestFrom(500);
        below.add(answer(0.1905, false));
        List<LabelledAssessment> at = withRestFrom(500);
        at.add(answer(0.191, false));

        assertThat(tuned(below).harmTypeRules()).containsOnlyKeys(HarmType.ADULT_CONTENT);
        // With this one, 12 would be blocked, one more than may be.
        assertThat(tuned(at).harmTypeRules()).isEmpty();
    }
}
