package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Decision;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.taxonomy.HarmType;
import org.junit.jupiter.api.Test;

class VerdictTextTest {
    /** Returns a description of a response of a harm type, given how risky its instruction is. */
    private static String describe(Outcome outcome, Reason reason, double risk) {
        Scored scored = Scored.builder("sample 1.0")
                .harmful(0.25)
                .instructionRisk(risk)
                .harmTypes(Distribution.certain(HarmType.ADULT_CONTENT))
                .build();
        return SampleVerdicts.of(Verdict.Subject.RESPONSE, outcome, reason, Optional.of(scored), Optional.empty())
                .describe();
    }

    private static String describeUnscored(Reason reason, UnscoredReason unscored) {
        Assessment assessment = Unscored.of(unscored, "");
        return SampleVerdicts.of(
                        Verdict.Subject.RESPONSE, Outcome.BLOCK, reason, Optional.of(assessment), Optional.empty())
                .describe();
    }

    private static String describe(int contextTurns) {
        return new Verdict(
                        Verdict.Subject.INSTRUCTION,
                        new Decision(Outcome.ALLOW, Reason.BELOW_THRESHOLD, OptionalDouble.of(0.1), Optional.empty()),
                        true,
                        false,
                        Optional.empty(),
                        "sample 1.0",
                        "0123456789abcdef",
                        true,
                        false,
                        contextTurns,
                        Optional.empty(),
                        1_500_000)
                .describe();
    }

    @Test
    void describe_blocked_hasActionAndHarmType() {
        assertThat(SampleVerdicts.blocked().describe())
                .isEqualTo("response BLOCK: HARMFUL, 0.9375 with threshold 0.5 (default), action FOLLOW_INSTRUCTION,"
                        + " harm type ILLEGAL_ACTIVITIES, by sample 1.0, in 1.500 ms");
    }

    @Test
    void describe_window_hasItsEnds() {
        assertThat(SampleVerdicts.allowedWindow(3, 40).describe())
                .startsWith("response [3, 40) ALLOW: BELOW_THRESHOLD, 0.9375 ");
    }

    @Test
    void describe_allowed_hasHarmTypeOfRiskyInstructionsOnly() {
        assertThat(describe(Outcome.ALLOW, Reason.BELOW_THRESHOLD, 0.9)).contains(", harm type ADULT_CONTENT, ");
        assertThat(describe(Outcome.ALLOW, Reason.BELOW_THRESHOLD, 0.1)).doesNotContain("harm type");
        assertThat(describe(Outcome.REVIEW, Reason.REVIEW_BAND, 0.1)).contains(", harm type ADULT_CONTENT, ");
    }

    @Test
    void describe_notScored_hasTheEvaluatorsReasonUnlessItIsTheDecisions() {
        assertThat(describeUnscored(Reason.NOT_JUDGED, UnscoredReason.TIMEOUT))
                .isEqualTo("response BLOCK: NOT_JUDGED, TIMEOUT, by sample 1.0, in 1.500 ms");
        assertThat(describeUnscored(Reason.NO_WORDS, UnscoredReason.NO_WORDS))
                .isEqualTo("response BLOCK: NO_WORDS, by sample 1.0, in 1.500 ms");
    }

    @Test
    void describe_earlierTurns_areCounted() {
        String line = "instruction ALLOW: BELOW_THRESHOLD, 0.1000, %snot read to the end, by sample 1.0, in 1.500 ms";

        assertThat(describe(0)).isEqualTo(line, "");
        assertThat(describe(1)).isEqualTo(line, "with 1 earlier turn, ");
        assertThat(describe(2)).isEqualTo(line, "with 2 earlier turns, ");
    }
}
