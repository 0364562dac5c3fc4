package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.donotanswer.guard.policy.Scores.answer;
import static org.donotanswer.taxonomy.HarmType.MATERIAL_HARM_BY_MISINFORMATION;
import static org.donotanswer.taxonomy.SpecificHarm.FINANCIAL_ADVICE;
import static org.donotanswer.taxonomy.SpecificHarm.MEDICAL_ADVICE;

import org.junit.jupiter.api.Test;

/** Which of several thresholds decides and is reported, above all if some are equal. */
class ThresholdBandTest {
    private static Rule band(double review, double block) {
        return Rule.builder().review(review).block(block).build();
    }

    private static Decision decide(SafetyPolicyBuilder policy, double harmful) {
        return policy.build().decide(answer(harmful, MATERIAL_HARM_BY_MISINFORMATION));
    }

    @Test
    void decide_reviewThresholdThatIsTheBlockThreshold_isNoBand() {
        SafetyPolicyBuilder own = SafetyPolicy.builder().defaultRule(band(0.5, 0.5));
        SafetyPolicyBuilder inherited = SafetyPolicy.builder()
                .rule(
                        MATERIAL_HARM_BY_MISINFORMATION,
                        Rule.builder().review(0.5).build());

        assertThat(decide(own, 0.5).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(decide(own, 0.4).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(decide(inherited, 0.5).threshold()).hasValue(new ReportedThreshold(0.5, "default"));
        assertThat(decide(inherited, 0.4).threshold()).hasValue(new ReportedThreshold(0.5, "default"));
    }

    @Test
    void decide_equalThresholdsWithinType_thatOfTheTypeIsReported() {
        SafetyPolicyBuilder policy = SafetyPolicy.builder()
                .rule(MATERIAL_HARM_BY_MISINFORMATION, band(0.2, 0.6))
                .rule(MEDICAL_ADVICE, band(0.2, 0.6));

        assertThat(decide(policy, 0.6).threshold())
                .hasValue(new ReportedThreshold(0.6, "MATERIAL_HARM_BY_MISINFORMATION"));
        assertThat(decide(policy, 0.3).threshold())
                .hasValue(new ReportedThreshold(0.2, "MATERIAL_HARM_BY_MISINFORMATION"));
    }

    @Test
    void decide_specificHarmUnknown_lowestReviewThresholdApplies() {
        SafetyPolicyBuilder policy = SafetyPolicy.builder()
                .rule(MATERIAL_HARM_BY_MISINFORMATION, band(0.3, 0.6))
                .rule(MEDICAL_ADVICE, band(0.2, 0.7))
                .rule(FINANCIAL_ADVICE, band(0.4, 0.8));

        assertThat(decide(policy, 0.25).outcome()).isEqualTo(Outcome.REVIEW);
        assertThat(decide(policy, 0.25).threshold()).hasValue(new ReportedThreshold(0.2, "MEDICAL_ADVICE"));
    }
}
