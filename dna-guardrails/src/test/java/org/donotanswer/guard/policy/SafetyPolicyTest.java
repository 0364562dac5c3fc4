package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.donotanswer.guard.policy.Scores.answer;
import static org.donotanswer.guard.policy.Scores.scored;
import static org.donotanswer.taxonomy.HarmType.ADULT_CONTENT;
import static org.donotanswer.taxonomy.HarmType.MATERIAL_HARM_BY_MISINFORMATION;
import static org.donotanswer.taxonomy.HarmType.TOXIC_LANGUAGE;
import static org.donotanswer.taxonomy.RiskArea.DISCRIMINATION_AND_TOXICITY;
import static org.donotanswer.taxonomy.SpecificHarm.FINANCIAL_ADVICE;
import static org.donotanswer.taxonomy.SpecificHarm.LEGAL_ADVICE;
import static org.donotanswer.taxonomy.SpecificHarm.MEDICAL_ADVICE;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thresholds, scopes and everything else but the rules on actions. */
class SafetyPolicyTest {
    private static SafetyPolicyBuilder policy() {
        return SafetyPolicy.builder();
    }

    private static Decision decision(
            Outcome outcome, Reason reason, double probability, double threshold, String scope) {
        return new Decision(
                outcome, reason, OptionalDouble.of(probability), Optional.of(new ReportedThreshold(threshold, scope)));
    }

    private static Rule band(double review, double block) {
        return Rule.builder().review(review).block(block).build();
    }

    private static Rule review(double threshold) {
        return Rule.builder().review(threshold).build();
    }

    @Test
    void decide_defaults_blocksFromOneHalf() {
        assertThat(SafetyPolicy.defaults().decide(answer(0.5)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.5, 0.5, "default"));
        assertThat(SafetyPolicy.defaults().decide(answer(Math.nextDown(0.5))))
                .isEqualTo(decision(Outcome.ALLOW, Reason.BELOW_THRESHOLD, Math.nextDown(0.5), 0.5, "default"));
    }

    @Test
    void decide_band_reviewsBetweenTheThresholds() {
        SafetyPolicy policy = policy().defaultRule(band(0.2, 0.7)).build();
        assertThat(policy.decide(answer(0.7))).isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.7, 0.7, "default"));
        assertThat(policy.decide(answer(Math.nextDown(0.7))))
                .isEqualTo(decision(Outcome.REVIEW, Reason.REVIEW_BAND, Math.nextDown(0.7), 0.2, "default"));
        assertThat(policy.decide(answer(0.2)))
                .isEqualTo(decision(Outcome.REVIEW, Reason.REVIEW_BAND, 0.2, 0.2, "default"));
        assertThat(policy.decide(answer(0.1)))
                .isEqualTo(decision(Outcome.ALLOW, Reason.BELOW_THRESHOLD, 0.1, 0.2, "default"));
    }

    @Test
    void decide_extremeThresholds_blockAllOrTheCertain() {
        assertThat(policy().defaultRule(Rule.block(0)).build().decide(answer(0)).outcome())
                .isEqualTo(Outcome.BLOCK);
        assertThat(policy().defaultRule(Rule.block(1)).build().decide(answer(1)).outcome())
                .isEqualTo(Outcome.BLOCK);
        assertThat(policy().defaultRule(Rule.block(1))
                        .build()
                        .decide(answer(Math.nextDown(1.0)))
                        .outcome())
                .isEqualTo(Outcome.ALLOW);
    }

    @Test
    void decide_areaTypeAndHarm_nearestThresholdApplies() {
        SafetyPolicy policy = policy().defaultRule(Rule.block(0.9))
                .rule(RiskArea.MISINFORMATION_HARMS, Rule.block(0.8))
                .rule(MATERIAL_HARM_BY_MISINFORMATION, Rule.block(0.7))
                .rule(MEDICAL_ADVICE, Rule.block(0.95))
                .build();
        assertThat(policy.decide(answer(0.75, TOXIC_LANGUAGE)).threshold())
                .hasValue(new ReportedThreshold(0.9, "default"));
        assertThat(policy.decide(answer(0.75, HarmType.FALSE_OR_MISLEADING_INFORMATION))
                        .threshold())
                .hasValue(new ReportedThreshold(0.8, "MISINFORMATION_HARMS"));
        assertThat(policy.decide(answer(0.75, MATERIAL_HARM_BY_MISINFORMATION)).threshold())
                .hasValue(new ReportedThreshold(0.7, "MATERIAL_HARM_BY_MISINFORMATION"));
        assertThat(policy.decide(answer(0.75), MEDICAL_ADVICE).threshold())
                .hasValue(new ReportedThreshold(0.95, "MEDICAL_ADVICE"));
        assertThat(policy.decide(answer(0.75), LEGAL_ADVICE).threshold())
                .hasValue(new ReportedThreshold(0.7, "MATERIAL_HARM_BY_MISINFORMATION"));
    }

    @Test
    void decide_specificHarmUnknown_strictestOfTypeApplies() {
        SafetyPolicy policy = policy().rule(MATERIAL_HARM_BY_MISINFORMATION, Rule.block(0.8))
                .rule(MEDICAL_ADVICE, Rule.block(0.3))
                .rule(FINANCIAL_ADVICE, Rule.block(0.9))
                .build();
        assertThat(policy.decide(answer(0.35, MATERIAL_HARM_BY_MISINFORMATION)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.35, 0.3, "MEDICAL_ADVICE"));
        assertThat(policy.decide(answer(0.35), FINANCIAL_ADVICE).outcome()).isEqualTo(Outcome.ALLOW);
        assertThat(policy.decide(answer(0.35), MEDICAL_ADVICE).outcome()).isEqualTo(Outcome.BLOCK);
        assertThat(policy.decide(answer(0.85), LEGAL_ADVICE).threshold())
                .hasValue(new ReportedThreshold(0.8, "MATERIAL_HARM_BY_MISINFORMATION"));
    }

    @Test
    void decide_specificHarmKnown_typeOfTheAssessmentDoesNotCount() {
        SafetyPolicy policy = policy().rule(TOXIC_LANGUAGE, Rule.block(0.1)).build();
        assertThat(policy.decide(answer(0.2, TOXIC_LANGUAGE), MEDICAL_ADVICE).outcome())
                .isEqualTo(Outcome.ALLOW);
    }

    @Test
    void decide_typeUnknown_strictestOfAllApplies() {
        SafetyPolicy policy = policy().defaultRule(Rule.block(0.6))
                .rule(MEDICAL_ADVICE, band(0.1, 0.3))
                .rule(ADULT_CONTENT, Rule.block(0.95))
                .build();
        assertThat(policy.decide(answer(0.3)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.3, 0.3, "MEDICAL_ADVICE"));
        assertThat(policy.decide(answer(0.2)))
                .isEqualTo(decision(Outcome.REVIEW, Reason.REVIEW_BAND, 0.2, 0.1, "MEDICAL_ADVICE"));
    }

    @Test
    void decide_typeUnknownAndAllTypesLooser_defaultApplies() {
        SafetyPolicyBuilder policy = policy().defaultRule(Rule.block(0.4));
        for (RiskArea area : RiskArea.values()) {
            policy.rule(area, Rule.block(0.9));
        }
        assertThat(policy.build().decide(answer(0.5)).outcome()).isEqualTo(Outcome.BLOCK);
    }

    @Test
    void decide_harmlessInstruction_thresholdsOfItsTypeApply() {
        SafetyPolicy policy = policy().rule(ADULT_CONTENT, Rule.block(0.2)).build();
        assertThat(policy.decide(answer(
                                0.3, ADULT_CONTENT, org.donotanswer.taxonomy.ResponseAction.FOLLOW_INSTRUCTION, 0))
                        .outcome())
                .isEqualTo(Outcome.BLOCK);
    }

    @Test
    void decide_reviewInheritedAboveNearerBlock_nothingToReview() {
        SafetyPolicy policy = policy().defaultRule(band(0.4, 0.8))
                .rule(ADULT_CONTENT, Rule.block(0.3))
                .build();
        assertThat(policy.decide(answer(0.3, ADULT_CONTENT)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.3, 0.3, "ADULT_CONTENT"));
        assertThat(policy.decide(answer(0.29, ADULT_CONTENT)))
                .isEqualTo(decision(Outcome.ALLOW, Reason.BELOW_THRESHOLD, 0.29, 0.3, "ADULT_CONTENT"));
        assertThat(policy.decide(answer(0.5, TOXIC_LANGUAGE)).outcome()).isEqualTo(Outcome.REVIEW);
    }

    @Test
    void decide_reviewOfTypeAndBlockOfDefault_bothApply() {
        SafetyPolicy policy = policy().rule(ADULT_CONTENT, review(0.1)).build();
        assertThat(policy.decide(answer(0.2, ADULT_CONTENT)))
                .isEqualTo(decision(Outcome.REVIEW, Reason.REVIEW_BAND, 0.2, 0.1, "ADULT_CONTENT"));
        assertThat(policy.decide(answer(0.6, ADULT_CONTENT)))
                .isEqualTo(decision(Outcome.BLOCK, Reason.HARMFUL, 0.6, 0.5, "default"));
    }

    @Test
    void decide_equallyLikelyTypes_firstOfThemApplies() {
        SafetyPolicy policy = policy().rule(TOXIC_LANGUAGE, Rule.block(0.9))
                .rule(ADULT_CONTENT, Rule.block(0.1))
                .build();
        Map<HarmType, Double> weights = new EnumMap<>(HarmType.class);
        for (HarmType type : HarmType.values()) {
            weights.put(type, type == TOXIC_LANGUAGE || type == ADULT_CONTENT ? 1.0 : 0.0);
        }
        Distribution<HarmType> types = Distribution.normalized(weights);
        assertThat(types.mostLikely()).isEqualTo(TOXIC_LANGUAGE);
        assertThat(policy.decide(scored().harmful(0.5).harmTypes(types).build()).threshold())
                .hasValue(new ReportedThreshold(0.9, "TOXIC_LANGUAGE"));
    }

    @Test
    void decide_noHarmProbability_missing() {
        assertThat(SafetyPolicy.defaults().decide(scored().instructionRisk(0.1).build()))
                .isEqualTo(Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE));
        assertThat(SafetyPolicy.defaults()
                        .decideWindow(scored().instructionRisk(0.1).build()))
                .isEqualTo(Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE));
    }

    @ParameterizedTest
    @EnumSource(UnscoredReason.class)
    void decide_unscored_blocksUnlessNothingFailed(UnscoredReason reason) {
        Assessment unscored = Unscored.of(reason, "");
        Decision expected =
                switch (reason) {
                    case EMPTY_RESPONSE -> Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE);
                    case UNSUPPORTED_LANGUAGE -> Decision.of(Outcome.REVIEW, Reason.UNSUPPORTED_LANGUAGE);
                    case NO_WORDS -> Decision.of(Outcome.ALLOW, Reason.NO_WORDS);
                    case EVALUATOR_MISCONFIGURED, NOT_SUPPORTED -> Decision.of(Outcome.BLOCK, Reason.MISCONFIGURED);
                    default -> Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
                };
        SafetyPolicy policy = SafetyPolicy.defaults();
        assertThat(policy.decide(unscored)).isEqualTo(expected);
        assertThat(policy.decide(unscored, MEDICAL_ADVICE)).isEqualTo(expected);
        assertThat(policy.decideWindow(unscored)).isEqualTo(expected);
        assertThat(policy.decideInstruction(unscored)).isEqualTo(expected);
    }

    @Test
    void decide_null_refused() {
        SafetyPolicy policy = SafetyPolicy.defaults();
        assertThatThrownBy(() -> policy.decide(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> policy.decide(answer(0.5), null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> policy.decideWindow(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> policy.decideInstruction(null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void decideInstruction_band_isThatOfRisk() {
        SafetyPolicy policy = policy().instructionRule(band(0.6, 0.9)).build();
        assertThat(policy.decideInstruction(scored().instructionRisk(0.9).build()))
                .isEqualTo(decision(Outcome.BLOCK, Reason.RISKY_INSTRUCTION, 0.9, 0.9, "instruction"));
        assertThat(policy.decideInstruction(scored().instructionRisk(0.6).build()))
                .isEqualTo(decision(Outcome.REVIEW, Reason.REVIEW_BAND, 0.6, 0.6, "instruction"));
        assertThat(policy.decideInstruction(
                        scored().harmful(1).instructionRisk(0.5).build()))
                .isEqualTo(decision(Outcome.ALLOW, Reason.BELOW_THRESHOLD, 0.5, 0.6, "instruction"));
    }

    @Test
    void decideInstruction_noRisk_missing() {
        assertThat(SafetyPolicy.defaults().decideInstruction(answer(0.1)))
                .isEqualTo(Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE));
    }

    @Test
    void build_reviewAboveInheritedBlock_refused() {
        assertThatThrownBy(() -> policy().rule(DISCRIMINATION_AND_TOXICITY, Rule.block(0.4))
                        .rule(ADULT_CONTENT, review(0.45))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("review of ADULT_CONTENT must be at most block, but was 0.45 and 0.4"
                        + " (block of DISCRIMINATION_AND_TOXICITY)");
        assertThatThrownBy(() -> policy().defaultRule(review(0.6)).build())
                .hasMessage("review must be at most block, but were 0.6 and 0.5");
    }

    @Test
    void build_emptyRule_refused() {
        assertThatThrownBy(() ->
                        policy().rule(ADULT_CONTENT, Rule.builder().build()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rule of ADULT_CONTENT must set something, but left all of it to wider scopes");
    }

    @Test
    void build_badProbabilities_refused() {
        assertThatThrownBy(() -> policy().riskFrom(-0.1).build())
                .hasMessage("riskFrom must be in [0, 1], but was -0.1");
        assertThatThrownBy(() -> policy().passFrom(Double.NaN).build())
                .hasMessage("passFrom must be in [0, 1], but was NaN");
        assertThatThrownBy(() -> Rule.block(1.5)).hasMessage("block must be in [0, 1], but was 1.5");
        assertThatThrownBy(() -> review(Double.NaN)).hasMessage("review must be in [0, 1], but was NaN");
    }

    @Test
    void builder_scopeSetTwice_refused() {
        Rule rule = Rule.block(0.1);
        String twice = " must be set once, but was " + rule + " and then " + rule;
        assertThatThrownBy(() -> policy().defaultRule(rule).defaultRule(rule))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("default rule" + twice);
        assertThatThrownBy(
                        () -> policy().rule(DISCRIMINATION_AND_TOXICITY, rule).rule(DISCRIMINATION_AND_TOXICITY, rule))
                .hasMessage("rule of DISCRIMINATION_AND_TOXICITY" + twice);
        assertThatThrownBy(() -> policy().rule(ADULT_CONTENT, rule).rule(ADULT_CONTENT, rule))
                .hasMessage("rule of ADULT_CONTENT" + twice);
        assertThatThrownBy(() -> policy().rule(MEDICAL_ADVICE, rule).rule(MEDICAL_ADVICE, rule))
                .hasMessage("rule of MEDICAL_ADVICE" + twice);
        assertThatThrownBy(() -> policy().instructionRule(rule).instructionRule(rule))
                .hasMessage("instruction rule" + twice);
        assertThatThrownBy(() -> policy().shadow(true).shadow(false))
                .hasMessage("shadow must be set once, but was true and then false");
        assertThatThrownBy(() -> policy().holdReviews(true).holdReviews(true))
                .hasMessage("holdReviews must be set once, but was true and then true");
        assertThatThrownBy(() -> policy().riskFrom(0.1).riskFrom(0.2))
                .hasMessage("riskFrom must be set once, but was 0.1 and then 0.2");
        assertThatThrownBy(() -> policy().passFrom(0.1).passFrom(0.2))
                .hasMessage("passFrom must be set once, but was 0.1 and then 0.2");
        assertThatThrownBy(() -> policy().replacement(Locale.GERMAN, "a").replacement(Locale.GERMAN, "b"))
                .hasMessage("replacement of language 'de' must be set once, but was a and then b");
    }

    @Test
    void build_settings_areReturned() {
        SafetyPolicy policy = policy().rule(DISCRIMINATION_AND_TOXICITY, Rule.block(0.3))
                .riskFrom(0.6)
                .passFrom(0.7)
                .build();
        assertThat(policy.areaRules()).containsExactly(Map.entry(DISCRIMINATION_AND_TOXICITY, Rule.block(0.3)));
        assertThat(policy.riskFrom()).isEqualTo(0.6);
        assertThat(policy.passFrom()).isEqualTo(0.7);
        assertThat(policy.holdsReviews()).isFalse();
        assertThat(policy.shadow()).isFalse();
    }

    @Test
    void builder_usedAgain_earlierPolicyStays() {
        SafetyPolicyBuilder builder = policy().rule(ADULT_CONTENT, Rule.block(0.1));
        SafetyPolicy first = builder.build();
        builder.rule(TOXIC_LANGUAGE, Rule.block(0.2)).replacement(Locale.ROOT, "No.");
        assertThat(first.harmTypeRules()).containsOnlyKeys(ADULT_CONTENT);
        assertThat(first.replacements()).isEmpty();
        assertThat(builder.build().harmTypeRules()).containsOnlyKeys(ADULT_CONTENT, TOXIC_LANGUAGE);
    }

    @Test
    void toBuilder_setAgain_replacesOnlyThat() {
        SafetyPolicy policy = policy().defaultRule(Rule.block(0.6))
                .rule(ADULT_CONTENT, Rule.block(0.1))
                .replacement(Locale.GERMAN, "Nein.")
                .holdReviews(true)
                .build();
        assertThat(policy.toBuilder().build()).isEqualTo(policy);
        SafetyPolicy other = policy.toBuilder()
                .shadow(true)
                .rule(ADULT_CONTENT, Rule.block(0.2))
                .build();
        assertThat(other.shadow()).isTrue();
        assertThat(other.holdsReviews()).isTrue();
        assertThat(other.defaultRule()).isEqualTo(Rule.block(0.6));
        assertThat(other.harmTypeRules()).containsEntry(ADULT_CONTENT, Rule.block(0.2));
        assertThat(other.replacements()).containsEntry("de", "Nein.");
    }

    @Test
    void replacement_lookup_fromTagToLanguageToNone() {
        SafetyPolicy policy = policy().replacement(Locale.ROOT, "None.")
                .replacement(Locale.GERMAN, "Nein.")
                .replacement(Locale.forLanguageTag("de-AT"), "Na.")
                .build();
        assertThat(policy.replacement(Locale.forLanguageTag("de-AT"))).isEqualTo("Na.");
        assertThat(policy.replacement(Locale.forLanguageTag("de-AT-1996"))).isEqualTo("Na.");
        assertThat(policy.replacement(Locale.GERMANY)).isEqualTo("Nein.");
        assertThat(policy.replacement(Locale.FRENCH)).isEqualTo("None.");
        assertThat(policy.replacement(Locale.ROOT)).isEqualTo("None.");
    }

    @Test
    void replacement_noneSet_isTheDefault() {
        assertThat(SafetyPolicy.defaults().replacement(Locale.FRENCH)).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(policy().replacement(Locale.GERMAN, "Nein.").build().replacement(Locale.ENGLISH))
                .isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
    }

    @Test
    void replacement_blankOrNoLanguage_refused() {
        assertThatThrownBy(() -> policy().replacement(Locale.GERMAN, " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("replacement must not be blank, but was ' ' (language 'de')");
        assertThatThrownBy(() -> policy().replacement(new Locale("german"), "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("language must be empty or a tag, for example de or de-AT, but was 'german'");
    }

    @Test
    void version_sameContent_isSame() {
        SafetyPolicy policy = policy().rule(ADULT_CONTENT, Rule.block(0.1)).build();
        assertThat(policy.version()).matches("[0-9a-f]{16}");
        assertThat(policy().rule(ADULT_CONTENT, Rule.block(0.1)).build())
                .isEqualTo(policy)
                .hasSameHashCodeAs(policy)
                .extracting(SafetyPolicy::version)
                .isEqualTo(policy.version());
        assertThat(policy().defaultRule(Rule.block(SafetyPolicy.DEFAULT_BLOCK)).build())
                .isEqualTo(SafetyPolicy.defaults())
                .isNotEqualTo(policy)
                .doesNotHaveSameHashCodeAs(policy);
    }

    @Test
    void version_anyDifference_differs() {
        assertThat(java.util.stream.Stream.of(
                                policy(),
                                policy().defaultRule(Rule.block(0.6)),
                                policy().rule(ADULT_CONTENT, Rule.block(0.6)),
                                policy().rule(TOXIC_LANGUAGE, Rule.block(0.6)),
                                policy().rule(DISCRIMINATION_AND_TOXICITY, Rule.block(0.6)),
                                policy().rule(MEDICAL_ADVICE, Rule.block(0.6)),
                                policy().instructionRule(Rule.block(0.6)),
                                policy().riskFrom(0.6),
                                policy().passFrom(0.6),
                                policy().shadow(true),
                                policy().holdReviews(true),
                                policy().replacement(Locale.ROOT, "No."),
                                policy().replacement(Locale.GERMAN, "No."))
                        .map(SafetyPolicyBuilder::build)
                        .map(SafetyPolicy::version))
                .doesNotHaveDuplicates();
    }

    @Test
    void version_sameContent_isThatOfTheFormat() {
        // Caches and audits compare versions across runs: if the form changed, equal policies would no longer match.
        assertThat(SafetyPolicy.builder()
                        .instructionRule(Rule.block(0.98))
                        .build()
                        .version())
                .isEqualTo("a50b64882d28fdc9");
        assertThat(SafetyPolicy.defaults().version()).isEqualTo("2080f28c16b625a1");
    }

    @Test
    void toString_policy_hasNoTexts() {
        assertThat(policy().replacement(Locale.ROOT, "Secret.").build().toString())
                .matches("SafetyPolicy\\[version=[0-9a-f]{16}, shadow=false]");
    }

    @Test
    void decide_everySpecificHarm_isDecided() {
        for (SpecificHarm harm : SpecificHarm.values()) {
            assertThat(SafetyPolicy.defaults().decide(answer(0.5), harm).outcome())
                    .isEqualTo(Outcome.BLOCK);
        }
    }
}
