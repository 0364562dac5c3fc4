package org.donotanswer.guard.tune;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.guard.policy.SafetyPolicyBuilder;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.jspecify.annotations.Nullable;

/** A policy without its thresholds of harm, into which tuned ones are put. Immutable. */
final class PolicyTemplate {
    private final SafetyPolicy given;
    private final SafetyPolicy plain;

    PolicyTemplate(SafetyPolicy given) {
        this.given = given;
        plain = build(
                Rule.block(SafetyPolicy.DEFAULT_BLOCK), new EnumMap<>(RiskArea.class), new EnumMap<>(HarmType.class));
    }

    /** Returns the policy with the default threshold alone, to find out which responses are compared with a threshold. */
    SafetyPolicy plain() {
        return plain;
    }

    /** Returns the policy with the given thresholds. */
    SafetyPolicy with(ScopeThresholds block, @Nullable ScopeThresholds review) {
        Map<RiskArea, Rule> areas = new EnumMap<>(RiskArea.class);
        Map<HarmType, Rule> types = new EnumMap<>(HarmType.class);
        block.own().forEach((scope, threshold) -> {
            Rule rule = rule(threshold, review == null ? null : review.own().get(scope));
            if (scope instanceof RiskArea area) {
                areas.put(area, rule);
            } else {
                types.put((HarmType) scope, rule);
            }
        });
        return build(rule(block.common(), review == null ? null : review.common()), areas, types);
    }

    private static Rule rule(double block, @Nullable Double review) {
        return review == null
                ? Rule.block(block)
                : Rule.builder().block(block).review(Math.min(review, block)).build();
    }

    private SafetyPolicy build(Rule common, Map<RiskArea, Rule> areas, Map<HarmType, Rule> types) {
        SafetyPolicyBuilder policy = SafetyPolicy.builder()
                .defaultRule(merged(common, given.defaultRule()))
                .instructionRule(given.instructionRule())
                .riskFrom(given.riskFrom())
                .passFrom(given.passFrom())
                .shadow(given.shadow())
                .holdReviews(given.holdsReviews());
        given.unscoredOutcomes().forEach(policy::unscored);
        given.replacements().forEach((tag, text) -> policy.replacement(Locale.forLanguageTag(tag), text));
        merged(RiskArea.class, areas, given.areaRules()).forEach(policy::rule);
        merged(HarmType.class, types, given.harmTypeRules()).forEach(policy::rule);
        given.specificHarmRules().forEach((harm, rule) -> {
            if (hasActions(rule)) {
                policy.rule(harm, merged(null, rule));
            }
        });
        return policy.build();
    }

    private static <E extends Enum<E>> Map<E, Rule> merged(
            Class<E> scopes, Map<E, Rule> thresholds, Map<E, Rule> given) {
        Map<E, Rule> merged = new EnumMap<>(scopes);
        for (E scope : EnumSet.allOf(scopes)) {
            Rule threshold = thresholds.get(scope);
            Rule rule = given.get(scope);
            if (rule != null && hasActions(rule)) {
                merged.put(scope, merged(threshold, rule));
            } else if (threshold != null) {
                merged.put(scope, threshold);
            }
        }
        return merged;
    }

    /** Returns a rule with the thresholds of one rule, if given, and the actions of the other. */
    private static Rule merged(@Nullable Rule thresholds, Rule actions) {
        return new Rule(
                thresholds == null ? OptionalDouble.empty() : thresholds.block(),
                thresholds == null ? OptionalDouble.empty() : thresholds.review(),
                actions.required(),
                actions.forbidden(),
                actions.passing());
    }

    private static boolean hasActions(Rule rule) {
        for (Set<ResponseAction> actions : List.of(rule.required(), rule.forbidden(), rule.passing())) {
            if (!actions.isEmpty()) {
                return true;
            }
        }
        return false;
    }
}
