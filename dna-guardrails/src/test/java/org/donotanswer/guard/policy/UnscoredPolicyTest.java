package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.UnscoredReason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UnscoredPolicyTest {
    private static final Unscored FOREIGN = Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, "");
    private static final Unscored WORDLESS = Unscored.of(UnscoredReason.NO_WORDS, "");
    private static final SafetyPolicy DEFAULTS = SafetyPolicy.defaults();

    private static Assessment risk(double risk) {
        return Scored.builder("test").instructionRisk(risk).build();
    }

    private static Decision review(Reason reason) {
        return Decision.of(Outcome.REVIEW, reason);
    }

    @Test
    void unscoredOutcomes_defaults_reviewLanguagesAndAllowNoWords() {
        assertThat(DEFAULTS.unscoredOutcomes())
                .containsExactly(
                        Map.entry(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.REVIEW),
                        Map.entry(UnscoredReason.NO_WORDS, Outcome.ALLOW));
    }

    @Test
    void parse_unscored_isThatOfTheBuilder() {
        SafetyPolicy built = SafetyPolicy.builder()
                .unscored(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.BLOCK)
                .unscored(UnscoredReason.UNPARSED_REVIEW, Outcome.REVIEW)
                .build();

        assertThat(SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\", \"unparsedReview\": \"REVIEW\"}}"))
                .isEqualTo(built);
        assertThat(SafetyPolicy.parseYaml("unscored: {language: block, unparsedReview: review}"))
                .isEqualTo(built);
        assertThat(SafetyPolicy.parse(built.toJson())).isEqualTo(built);
        assertThat(SafetyPolicy.parseYaml(built.toYaml())).isEqualTo(built);
        assertThat(built.unscoredOutcomes())
                .containsExactly(
                        Map.entry(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.BLOCK),
                        Map.entry(UnscoredReason.NO_WORDS, Outcome.ALLOW),
                        Map.entry(UnscoredReason.UNPARSED_REVIEW, Outcome.REVIEW));
        assertThat(built.version()).isNotEqualTo(DEFAULTS.version());
        assertThat(built.toBuilder()
                        .unscored(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.ALLOW)
                        .build()
                        .unscoredOutcomes())
                .containsEntry(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.ALLOW)
                .containsEntry(UnscoredReason.UNPARSED_REVIEW, Outcome.REVIEW);
    }

    @Test
    void unscored_twiceOrForAFailure_isRefused() {
        SafetyPolicyBuilder policy = SafetyPolicy.builder().unscored(UnscoredReason.NO_WORDS, Outcome.ALLOW);
        assertThatThrownBy(() -> policy.unscored(UnscoredReason.NO_WORDS, Outcome.BLOCK))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("outcome of unscored NO_WORDS must be set once, but was ALLOW and then BLOCK");
        String noMatterOfPolicy =
                "reason must be one of UNSUPPORTED_LANGUAGE, NO_WORDS, UNPARSED_REVIEW and REVIEW_REFUSED, but"
                        + " was TIMEOUT, which is no matter of policy";
        assertThatThrownBy(() -> policy.unscored(UnscoredReason.TIMEOUT, Outcome.ALLOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(noMatterOfPolicy);
        assertThatThrownBy(() -> new UnscoredOutcomes(Map.of(UnscoredReason.TIMEOUT, Outcome.ALLOW)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(noMatterOfPolicy);
    }

    @ParameterizedTest
    @EnumSource(Outcome.class)
    void decide_outcomeOfThePolicy_isItsDecision(Outcome outcome) {
        for (UnscoredReason reason : UnscoredOutcomes.MEMBERS.values()) {
            SafetyPolicy policy =
                    SafetyPolicy.builder().unscored(reason, outcome).build();
            Decision expected = Decision.of(outcome, Reason.valueOf(reason.name()));
            Unscored unscored = Unscored.of(reason, "");

            assertThat(expected.reason().isFailure()).isFalse();
            assertThat(policy.decide(unscored)).isEqualTo(expected);
            assertThat(policy.decideWindow(unscored)).isEqualTo(expected);
            assertThat(policy.decideInstruction(unscored)).isEqualTo(expected);
            assertThat(policy.decideUnscored(unscored, risk(0.1))).isEqualTo(expected);
        }
    }

    @Test
    void decideUnscored_riskyInstruction_blocks() {
        Decision blocked = new Decision(
                Outcome.BLOCK,
                Reason.RISKY_INSTRUCTION,
                OptionalDouble.of(0.5),
                Optional.of(new ReportedThreshold(0.5, "riskFrom")));
        assertThat(DEFAULTS.decideUnscored(FOREIGN, risk(0.5))).isEqualTo(blocked);
        assertThat(DEFAULTS.decideUnscored(WORDLESS, risk(0.5))).isEqualTo(blocked);
        assertThat(DEFAULTS.decideUnscored(FOREIGN, risk(0.49))).isEqualTo(review(Reason.UNSUPPORTED_LANGUAGE));
        assertThat(DEFAULTS.decideUnscored(WORDLESS, risk(0.49)))
                .isEqualTo(Decision.of(Outcome.ALLOW, Reason.NO_WORDS));
        SafetyPolicy later = SafetyPolicy.builder().riskFrom(0.9).build();
        assertThat(later.decideUnscored(WORDLESS, risk(0.5)).outcome()).isEqualTo(Outcome.ALLOW);
    }

    @Test
    void decideUnscored_unknownRisk_isReviewedAtLeast() {
        for (Assessment unknown : new Assessment[] {
            Unscored.of(UnscoredReason.NOT_SUPPORTED, ""),
            Scored.builder("test").harmful(0.1).build(),
            Scored.builder("test").instructionRisk(0.1).truncated(true).build()
        }) {
            assertThat(DEFAULTS.decideUnscored(WORDLESS, unknown)).isEqualTo(review(Reason.NO_WORDS));
            assertThat(DEFAULTS.decideUnscored(FOREIGN, unknown)).isEqualTo(review(Reason.UNSUPPORTED_LANGUAGE));
        }
    }

    @Test
    void decideUnscored_instructionNotScoredEither_isTheStricterOfBoth() {
        assertThat(DEFAULTS.decideUnscored(WORDLESS, FOREIGN)).isEqualTo(review(Reason.UNSUPPORTED_LANGUAGE));
        assertThat(DEFAULTS.decideUnscored(FOREIGN, WORDLESS)).isEqualTo(review(Reason.UNSUPPORTED_LANGUAGE));
        assertThat(DEFAULTS.decideUnscored(WORDLESS, WORDLESS)).isEqualTo(Decision.of(Outcome.ALLOW, Reason.NO_WORDS));
        assertThat(DEFAULTS.decideUnscored(WORDLESS, Unscored.of(UnscoredReason.TIMEOUT, "")))
                .isEqualTo(Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED));
        SafetyPolicy reviewing = SafetyPolicy.builder()
                .unscored(UnscoredReason.NO_WORDS, Outcome.REVIEW)
                .build();
        // Of two that are equally strict, that on the response.
        assertThat(reviewing.decideUnscored(WORDLESS, FOREIGN)).isEqualTo(review(Reason.NO_WORDS));
        assertThat(reviewing.decideUnscored(FOREIGN, WORDLESS)).isEqualTo(review(Reason.UNSUPPORTED_LANGUAGE));
        SafetyPolicy strict = SafetyPolicy.builder()
                .unscored(UnscoredReason.UNSUPPORTED_LANGUAGE, Outcome.BLOCK)
                .build();
        assertThat(strict.decideUnscored(WORDLESS, FOREIGN))
                .isEqualTo(Decision.of(Outcome.BLOCK, Reason.UNSUPPORTED_LANGUAGE));
    }

    @Test
    void decideUnscored_reviewThatFailed_staysAFailure() {
        for (UnscoredReason reason : new UnscoredReason[] {UnscoredReason.REVIEW_REFUSED, UnscoredReason.TIMEOUT}) {
            assertThat(DEFAULTS.decideUnscored(Unscored.of(reason, ""), risk(0)))
                    .isEqualTo(Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED));
        }
    }
}
