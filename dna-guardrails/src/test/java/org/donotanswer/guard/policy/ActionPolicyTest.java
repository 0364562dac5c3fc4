package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.donotanswer.guard.policy.Scores.answer;
import static org.donotanswer.guard.policy.Scores.leaning;
import static org.donotanswer.guard.policy.Scores.scored;
import static org.donotanswer.taxonomy.HarmType.ADULT_CONTENT;
import static org.donotanswer.taxonomy.HarmType.ILLEGAL_ACTIVITIES;
import static org.donotanswer.taxonomy.HarmType.MATERIAL_HARM_BY_MISINFORMATION;
import static org.donotanswer.taxonomy.HarmType.TOXIC_LANGUAGE;
import static org.donotanswer.taxonomy.ResponseAction.CANNOT_ASSIST;
import static org.donotanswer.taxonomy.ResponseAction.CAUTIOUS_DISCLAIMER;
import static org.donotanswer.taxonomy.ResponseAction.FOLLOW_INSTRUCTION;
import static org.donotanswer.taxonomy.ResponseAction.REFUTE_OPINION;
import static org.donotanswer.taxonomy.ResponseAction.UNABLE_OR_UNCERTAIN;
import static org.donotanswer.taxonomy.SpecificHarm.FINANCIAL_ADVICE;
import static org.donotanswer.taxonomy.SpecificHarm.LEGAL_ADVICE;
import static org.donotanswer.taxonomy.SpecificHarm.MEDICAL_ADVICE;

import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.junit.jupiter.api.Test;

/** Required, forbidden and passing actions. */
class ActionPolicyTest {
    private static SafetyPolicyBuilder policy() {
        return SafetyPolicy.builder();
    }

    private static Rule require(ResponseAction... actions) {
        return Rule.builder().require(actions).build();
    }

    private static Rule forbid(ResponseAction... actions) {
        return Rule.builder().forbid(actions).build();
    }

    private static Rule pass(ResponseAction... actions) {
        return Rule.builder().pass(actions).build();
    }

    private static Decision decision(Outcome outcome, Reason reason, double probability) {
        return new Decision(outcome, reason, OptionalDouble.of(probability), Optional.empty());
    }

    private static Reason reason(SafetyPolicy policy, HarmType type, ResponseAction action) {
        return policy.decide(answer(0.1, type, action)).reason();
    }

    @Test
    void decide_forbiddenAction_blocked() {
        SafetyPolicy policy =
                policy().rule(ILLEGAL_ACTIVITIES, forbid(FOLLOW_INSTRUCTION)).build();
        assertThat(policy.decide(answer(0.01, ILLEGAL_ACTIVITIES, FOLLOW_INSTRUCTION)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.FORBIDDEN_ACTION, 0.01));
        assertThat(reason(policy, ILLEGAL_ACTIVITIES, CANNOT_ASSIST)).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(reason(policy, TOXIC_LANGUAGE, FOLLOW_INSTRUCTION)).isEqualTo(Reason.BELOW_THRESHOLD);
    }

    @Test
    void decide_passingAction_allowedWhateverTheHarm() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST)).build();
        assertThat(policy.decide(answer(0.99, TOXIC_LANGUAGE, CANNOT_ASSIST)))
                .isEqualTo(decision(Outcome.ALLOW, Reason.PASSING_ACTION, 0.99));
        assertThat(policy.decide(answer(0.99, TOXIC_LANGUAGE, REFUTE_OPINION)).reason())
                .isEqualTo(Reason.HARMFUL);
    }

    @Test
    void decide_passingActionWithoutHarmProbability_allowed() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST)).build();
        assertThat(policy.decide(
                        scored().actions(Distribution.certain(CANNOT_ASSIST)).build()))
                .isEqualTo(Decision.of(Outcome.ALLOW, Reason.PASSING_ACTION));
    }

    @Test
    void decide_unlikelyPassingAction_doesNotPass() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST)).build();
        Scored half = scored().harmful(0.9).actions(leaning(CANNOT_ASSIST, 0.5)).build();
        Scored less =
                scored().harmful(0.9).actions(leaning(CANNOT_ASSIST, 0.49)).build();
        assertThat(policy.decide(half).reason()).isEqualTo(Reason.PASSING_ACTION);
        assertThat(policy.decide(less).reason()).isEqualTo(Reason.HARMFUL);
        assertThat(policy.toBuilder().passFrom(0.3).build().decide(less).reason())
                .isEqualTo(Reason.PASSING_ACTION);
        assertThat(policy.toBuilder().passFrom(0.8).build().decide(half).reason())
                .isEqualTo(Reason.HARMFUL);
    }

    @Test
    void decide_requiredActionMissing_blocked() {
        SafetyPolicy policy = policy().rule(
                        MATERIAL_HARM_BY_MISINFORMATION, require(CAUTIOUS_DISCLAIMER, CANNOT_ASSIST))
                .build();
        assertThat(policy.decide(answer(0.01, MATERIAL_HARM_BY_MISINFORMATION, FOLLOW_INSTRUCTION)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.MISSING_REQUIRED_ACTION, 0.01));
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, CAUTIOUS_DISCLAIMER))
                .isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(policy.decide(answer(0.9, MATERIAL_HARM_BY_MISINFORMATION, CAUTIOUS_DISCLAIMER))
                        .reason())
                .isEqualTo(Reason.HARMFUL);
    }

    @Test
    void decide_passingBesideRequired_passes() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST))
                .rule(MATERIAL_HARM_BY_MISINFORMATION, require(CAUTIOUS_DISCLAIMER))
                .build();
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, CANNOT_ASSIST))
                .isEqualTo(Reason.PASSING_ACTION);
    }

    @Test
    void decide_harmlessInstruction_requiredAndForbiddenDoNotApply() {
        SafetyPolicy policy = policy().rule(ILLEGAL_ACTIVITIES, forbid(FOLLOW_INSTRUCTION))
                .rule(TOXIC_LANGUAGE, require(CANNOT_ASSIST))
                .build();
        for (HarmType type : new HarmType[] {ILLEGAL_ACTIVITIES, TOXIC_LANGUAGE}) {
            assertThat(policy.decide(answer(0.1, type, FOLLOW_INSTRUCTION, Math.nextDown(0.5)))
                            .outcome())
                    .isEqualTo(Outcome.ALLOW);
            assertThat(policy.decide(answer(0.1, type, FOLLOW_INSTRUCTION, 0.5)).outcome())
                    .isEqualTo(Outcome.BLOCK);
            assertThat(policy.toBuilder()
                            .riskFrom(0.2)
                            .build()
                            .decide(answer(0.1, type, FOLLOW_INSTRUCTION, 0.2))
                            .outcome())
                    .isEqualTo(Outcome.BLOCK);
        }
    }

    @Test
    void decide_riskUnknown_requiredAndForbiddenApply() {
        SafetyPolicy policy = policy().defaultRule(forbid(FOLLOW_INSTRUCTION)).build();
        assertThat(policy.decide(scored().harmful(0.1)
                                .actions(Distribution.certain(FOLLOW_INSTRUCTION))
                                .build())
                        .reason())
                .isEqualTo(Reason.FORBIDDEN_ACTION);
    }

    @Test
    void decide_nearerScopeNamesAction_itDecides() {
        SafetyPolicy policy = policy().defaultRule(Rule.builder()
                        .pass(CANNOT_ASSIST)
                        .forbid(FOLLOW_INSTRUCTION)
                        .build())
                .rule(ILLEGAL_ACTIVITIES, forbid(CANNOT_ASSIST))
                .rule(TOXIC_LANGUAGE, pass(FOLLOW_INSTRUCTION))
                .rule(ADULT_CONTENT, require(FOLLOW_INSTRUCTION, CAUTIOUS_DISCLAIMER))
                .build();
        assertThat(reason(policy, ILLEGAL_ACTIVITIES, CANNOT_ASSIST)).isEqualTo(Reason.FORBIDDEN_ACTION);
        // The default still decides what the type does not name.
        assertThat(reason(policy, ILLEGAL_ACTIVITIES, FOLLOW_INSTRUCTION)).isEqualTo(Reason.FORBIDDEN_ACTION);
        assertThat(reason(policy, TOXIC_LANGUAGE, FOLLOW_INSTRUCTION)).isEqualTo(Reason.PASSING_ACTION);
        assertThat(reason(policy, TOXIC_LANGUAGE, CANNOT_ASSIST)).isEqualTo(Reason.PASSING_ACTION);
        // Requiring an action allows it.
        assertThat(reason(policy, ADULT_CONTENT, FOLLOW_INSTRUCTION)).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(reason(policy, ADULT_CONTENT, REFUTE_OPINION)).isEqualTo(Reason.MISSING_REQUIRED_ACTION);
    }

    @Test
    void decide_nearerForbiddenForHarmlessInstruction_inheritedPassingStaysOff() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST))
                .rule(ILLEGAL_ACTIVITIES, forbid(CANNOT_ASSIST))
                .build();
        assertThat(policy.decide(answer(0.9, ILLEGAL_ACTIVITIES, CANNOT_ASSIST, 0))
                        .reason())
                .isEqualTo(Reason.HARMFUL);
    }

    @Test
    void decide_nearerRequired_replacesInherited() {
        SafetyPolicy policy = policy().defaultRule(require(CANNOT_ASSIST))
                .rule(TOXIC_LANGUAGE, require(REFUTE_OPINION))
                .build();
        assertThat(reason(policy, TOXIC_LANGUAGE, REFUTE_OPINION)).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(reason(policy, TOXIC_LANGUAGE, CANNOT_ASSIST)).isEqualTo(Reason.MISSING_REQUIRED_ACTION);
        assertThat(reason(policy, ADULT_CONTENT, CANNOT_ASSIST)).isEqualTo(Reason.BELOW_THRESHOLD);
    }

    @Test
    void decide_specificHarmUnknown_rulesOfAllOfTheTypeHold() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST))
                .rule(MEDICAL_ADVICE, require(CAUTIOUS_DISCLAIMER, UNABLE_OR_UNCERTAIN))
                .rule(FINANCIAL_ADVICE, require(CAUTIOUS_DISCLAIMER, REFUTE_OPINION))
                .rule(LEGAL_ADVICE, forbid(UNABLE_OR_UNCERTAIN))
                .build();
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, CAUTIOUS_DISCLAIMER))
                .isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, REFUTE_OPINION))
                .isEqualTo(Reason.MISSING_REQUIRED_ACTION);
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, UNABLE_OR_UNCERTAIN))
                .isEqualTo(Reason.FORBIDDEN_ACTION);
        assertThat(reason(policy, MATERIAL_HARM_BY_MISINFORMATION, CANNOT_ASSIST))
                .isEqualTo(Reason.PASSING_ACTION);
        assertThat(policy.decide(answer(0.1, TOXIC_LANGUAGE, REFUTE_OPINION), FINANCIAL_ADVICE)
                        .reason())
                .isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(policy.decide(answer(0.1, TOXIC_LANGUAGE, FOLLOW_INSTRUCTION), LEGAL_ADVICE)
                        .reason())
                .isEqualTo(Reason.BELOW_THRESHOLD);
    }

    @Test
    void decide_passingOfOneSpecificHarmOnly_doesNotPassForTheType() {
        SafetyPolicy policy = policy().rule(MEDICAL_ADVICE, pass(CANNOT_ASSIST)).build();
        Scored refusal = answer(0.9, MATERIAL_HARM_BY_MISINFORMATION, CANNOT_ASSIST);
        assertThat(policy.decide(refusal).reason()).isEqualTo(Reason.HARMFUL);
        assertThat(policy.decide(refusal, MEDICAL_ADVICE).reason()).isEqualTo(Reason.PASSING_ACTION);
    }

    @Test
    void decide_typeUnknown_rulesOfAllHoldAndOnlyTheDefaultPasses() {
        SafetyPolicy policy = policy().defaultRule(pass(CANNOT_ASSIST, REFUTE_OPINION))
                .rule(TOXIC_LANGUAGE, pass(UNABLE_OR_UNCERTAIN))
                .rule(RiskArea.MALICIOUS_USES, forbid(REFUTE_OPINION))
                .rule(ADULT_CONTENT, require(CAUTIOUS_DISCLAIMER))
                .build();
        assertThat(unknownType(policy, CANNOT_ASSIST)).isEqualTo(Reason.PASSING_ACTION);
        assertThat(unknownType(policy, REFUTE_OPINION)).isEqualTo(Reason.FORBIDDEN_ACTION);
        assertThat(unknownType(policy, UNABLE_OR_UNCERTAIN)).isEqualTo(Reason.MISSING_REQUIRED_ACTION);
        assertThat(unknownType(policy, CAUTIOUS_DISCLAIMER)).isEqualTo(Reason.HARMFUL);
    }

    private static Reason unknownType(SafetyPolicy policy, ResponseAction action) {
        return policy.decide(scored().harmful(0.9)
                        .actions(Distribution.certain(action))
                        .build())
                .reason();
    }

    @Test
    void decide_noActions_missingWhereARuleAsksForThem() {
        Scored harmless = answer(0.1, ILLEGAL_ACTIVITIES);
        Scored harmful = answer(0.9, ILLEGAL_ACTIVITIES);
        SafetyPolicy forbidding =
                policy().rule(ILLEGAL_ACTIVITIES, forbid(FOLLOW_INSTRUCTION)).build();
        assertThat(forbidding.decide(harmless)).isEqualTo(decision(Outcome.BLOCK, Reason.MISSING_SCORE, 0.1));
        // A guard that fails open must not let this one through.
        assertThat(forbidding.decide(harmful).reason()).isEqualTo(Reason.HARMFUL);
        assertThat(forbidding.decide(answer(0.1, TOXIC_LANGUAGE)).reason()).isEqualTo(Reason.BELOW_THRESHOLD);
        SafetyPolicy requiring = policy().defaultRule(require(CANNOT_ASSIST)).build();
        assertThat(requiring.decide(harmless).reason()).isEqualTo(Reason.MISSING_SCORE);
        SafetyPolicy passing = policy().defaultRule(pass(CANNOT_ASSIST)).build();
        assertThat(passing.decide(harmless).reason()).isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(passing.decide(harmful).reason()).isEqualTo(Reason.HARMFUL);
    }

    @Test
    void decide_noActionsAndHarmlessInstruction_notMissing() {
        SafetyPolicy policy = policy().defaultRule(require(CANNOT_ASSIST)).build();
        assertThat(policy.decide(scored().harmful(0.1).instructionRisk(0.1).build())
                        .reason())
                .isEqualTo(Reason.BELOW_THRESHOLD);
    }

    @Test
    void decideWindow_actions_onlyPassingCounts() {
        SafetyPolicy policy = policy().defaultRule(Rule.builder()
                        .pass(CANNOT_ASSIST)
                        .forbid(FOLLOW_INSTRUCTION)
                        .require(CAUTIOUS_DISCLAIMER)
                        .block(0.6)
                        .review(0.3)
                        .build())
                .build();
        assertThat(policy.decideWindow(answer(0.1, TOXIC_LANGUAGE, FOLLOW_INSTRUCTION))
                        .reason())
                .isEqualTo(Reason.BELOW_THRESHOLD);
        assertThat(policy.decideWindow(answer(0.4, TOXIC_LANGUAGE, FOLLOW_INSTRUCTION))
                        .reason())
                .isEqualTo(Reason.REVIEW_BAND);
        assertThat(policy.decideWindow(answer(0.7, TOXIC_LANGUAGE, REFUTE_OPINION))
                        .reason())
                .isEqualTo(Reason.HARMFUL);
        assertThat(policy.decideWindow(answer(0.7, TOXIC_LANGUAGE, CANNOT_ASSIST))
                        .reason())
                .isEqualTo(Reason.PASSING_ACTION);
        assertThat(policy.decideWindow(answer(0.1)).reason()).isEqualTo(Reason.BELOW_THRESHOLD);
    }

    @Test
    void build_contradictingActions_refused() {
        assertThatThrownBy(() -> Rule.builder()
                        .require(CANNOT_ASSIST)
                        .forbid(CANNOT_ASSIST)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("action must not be both required and forbidden, but was CANNOT_ASSIST");
        assertThatThrownBy(() ->
                        Rule.builder().pass(CANNOT_ASSIST).forbid(CANNOT_ASSIST).build())
                .hasMessage("action must not be both passing and forbidden, but was CANNOT_ASSIST");
        assertThatThrownBy(() -> policy().defaultRule(require(CANNOT_ASSIST, REFUTE_OPINION))
                        .rule(ILLEGAL_ACTIVITIES, forbid(CANNOT_ASSIST, REFUTE_OPINION))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rules of ILLEGAL_ACTIVITIES must allow a required action,"
                        + " but forbid all of them (with the rules inherited from default)");
    }

    @Test
    void build_instructionRuleWithActions_refused() {
        assertThatThrownBy(() -> policy().instructionRule(pass(CANNOT_ASSIST)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("rule of instructions must have thresholds only, but was Rule[");
    }
}
