package org.donotanswer.guard.policy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * The settings of a policy, by which policies are compared. Immutable, hence thread-safe.
 *
 * @param defaultRule the rule of everything that is not named; it has a block threshold
 * @param areas the rules of risk areas; unmodifiable, in the order of the constants, like the other maps
 * @param harmTypes the rules of harm types
 * @param specificHarms the rules of specific harms
 * @param instructionRule the rule of instructions: a block threshold and possibly a review threshold
 * @param unscored what becomes of texts that were not scored
 * @param riskFrom the lowest risk of an instruction at which rules on actions apply
 * @param passFrom the lowest probability at which a passing action passes
 * @param shadow whether the policy only observes
 * @param holdReviews whether texts to review are withheld
 * @param replacements the replacements of blocked texts by language tag; empty for no language
 */
record PolicySettings(
        Rule defaultRule,
        Map<RiskArea, Rule> areas,
        Map<HarmType, Rule> harmTypes,
        Map<SpecificHarm, Rule> specificHarms,
        Rule instructionRule,
        UnscoredOutcomes unscored,
        double riskFrom,
        double passFrom,
        boolean shadow,
        boolean holdReviews,
        SortedMap<String, String> replacements) {
    private static final Rule NOTHING = Rule.builder().build();

    static final PolicySettings DEFAULTS = new PolicySettings(
            Rule.block(SafetyPolicy.DEFAULT_BLOCK),
            Map.of(),
            Map.of(),
            Map.of(),
            Rule.block(SafetyPolicy.DEFAULT_INSTRUCTION_BLOCK),
            UnscoredOutcomes.DEFAULTS,
            SafetyPolicy.DEFAULT_RISK_FROM,
            SafetyPolicy.DEFAULT_PASS_FROM,
            false,
            false,
            Collections.emptySortedMap());

    /**
     * Copies and checks the settings.
     *
     * @throws IllegalArgumentException if instructions have rules on actions, or a probability is not in [0, 1]
     */
    PolicySettings {
        defaultRule = complete(defaultRule, SafetyPolicy.DEFAULT_BLOCK);
        areas = copy(RiskArea.class, areas);
        harmTypes = copy(HarmType.class, harmTypes);
        specificHarms = copy(SpecificHarm.class, specificHarms);
        instructionRule = complete(instructionRule, SafetyPolicy.DEFAULT_INSTRUCTION_BLOCK);
        if (!instructionRule.required().isEmpty()
                || !instructionRule.forbidden().isEmpty()
                || !instructionRule.passing().isEmpty()) {
            throw new IllegalArgumentException(
                    "rule of instructions must have thresholds only, but was " + instructionRule);
        }
        Rule.requireProbability("riskFrom", riskFrom);
        Rule.requireProbability("passFrom", passFrom);
        replacements = Collections.unmodifiableSortedMap(new TreeMap<>(replacements));
    }

    /** Returns a rule with a block threshold: a policy must not change with this library's defaults. */
    private static Rule complete(Rule rule, double block) {
        return rule.block().isPresent()
                ? rule
                : new Rule(OptionalDouble.of(block), rule.review(), rule.required(), rule.forbidden(), rule.passing());
    }

    private static <E extends Enum<E>> Map<E, Rule> copy(Class<E> scopes, Map<E, Rule> rules) {
        EnumMap<E, Rule> copy = new EnumMap<>(scopes);
        copy.putAll(rules);
        copy.forEach((scope, rule) -> {
            if (rule.equals(NOTHING)) {
                throw new IllegalArgumentException(
                        "rule of " + scope + " must set something, but left all of it to wider scopes");
            }
        });
        return Collections.unmodifiableMap(copy);
    }
}
