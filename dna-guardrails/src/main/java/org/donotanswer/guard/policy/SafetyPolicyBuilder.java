package org.donotanswer.guard.policy;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.internal.BuilderChecks;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.jspecify.annotations.Nullable;

/**
 * Builds a policy. Each option may be set once, including the rule of a scope and the replacement of a language. Not
 * thread-safe.
 */
public final class SafetyPolicyBuilder {
    private final PolicySettings base;
    private @Nullable Rule defaultRule;
    private final Map<RiskArea, Rule> areas = new EnumMap<>(RiskArea.class);
    private final Map<HarmType, Rule> harmTypes = new EnumMap<>(HarmType.class);
    private final Map<SpecificHarm, Rule> specificHarms = new EnumMap<>(SpecificHarm.class);
    private @Nullable Rule instructionRule;
    private final Map<UnscoredReason, Outcome> unscored = new EnumMap<>(UnscoredReason.class);
    private @Nullable Double riskFrom;
    private @Nullable Double passFrom;
    private @Nullable Boolean shadow;
    private @Nullable Boolean holdReviews;
    private final Map<String, String> replacements = new TreeMap<>();

    SafetyPolicyBuilder(PolicySettings base) {
        this.base = base;
    }

    /** Sets the rule of everything that is not named. */
    public SafetyPolicyBuilder defaultRule(Rule rule) {
        defaultRule = BuilderChecks.setOnce("default rule", defaultRule, rule);
        return this;
    }

    /** Sets the rule of a risk area. */
    public SafetyPolicyBuilder rule(RiskArea area, Rule rule) {
        putOnce(areas, area, rule);
        return this;
    }

    /** Sets the rule of a harm type. */
    public SafetyPolicyBuilder rule(HarmType type, Rule rule) {
        putOnce(harmTypes, type, rule);
        return this;
    }

    /** Sets the rule of a specific harm. */
    public SafetyPolicyBuilder rule(SpecificHarm harm, Rule rule) {
        putOnce(specificHarms, harm, rule);
        return this;
    }

    /** Sets the thresholds of the risk of instructions. */
    public SafetyPolicyBuilder instructionRule(Rule rule) {
        instructionRule = BuilderChecks.setOnce("instruction rule", instructionRule, rule);
        return this;
    }

    /**
     * Sets what becomes of a text that was not scored for a reason that is no failure. By default, a text in a language that
     * the evaluator does not read is marked for review, and one without words is allowed; the other two reasons below are
     * left to the fail mode of the guard.
     *
     * @param reason {@link UnscoredReason#UNSUPPORTED_LANGUAGE}, {@link UnscoredReason#NO_WORDS}, {@link
     *     UnscoredReason#UNPARSED_REVIEW} or {@link UnscoredReason#REVIEW_REFUSED}
     * @throws IllegalArgumentException if it is another reason
     */
    public SafetyPolicyBuilder unscored(UnscoredReason reason, Outcome outcome) {
        UnscoredOutcomes.requirePolicyDecides(reason);
        Objects.requireNonNull(outcome, "outcome");
        unscored.put(reason, BuilderChecks.setOnce("outcome of unscored " + reason, unscored.get(reason), outcome));
        return this;
    }

    /** Sets the lowest risk of an instruction at which rules on actions apply, in [0, 1]. */
    public SafetyPolicyBuilder riskFrom(double risk) {
        riskFrom = BuilderChecks.setOnce("riskFrom", riskFrom, risk);
        return this;
    }

    /** Sets the lowest probability at which a passing action passes, in [0, 1]. */
    public SafetyPolicyBuilder passFrom(double probability) {
        passFrom = BuilderChecks.setOnce("passFrom", passFrom, probability);
        return this;
    }

    /**
     * Sets the replacement of blocked texts in a language.
     *
     * @param language the language, and possibly the country, of the text; {@link Locale#ROOT} for all others
     * @throws IllegalArgumentException if the text is blank, or there is no such language
     */
    public SafetyPolicyBuilder replacement(Locale language, String text) {
        String tag = LanguageTag.canonical(language.toLanguageTag());
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "replacement must not be blank, but was '" + text + "' (language '" + tag + "')");
        }
        replacements.put(
                tag, BuilderChecks.setOnce("replacement of language '" + tag + "'", replacements.get(tag), text));
        return this;
    }

    /** Sets whether the policy only observes. */
    public SafetyPolicyBuilder shadow(boolean value) {
        shadow = BuilderChecks.setOnce("shadow", shadow, value);
        return this;
    }

    /** Sets whether texts to review are withheld. */
    public SafetyPolicyBuilder holdReviews(boolean value) {
        holdReviews = BuilderChecks.setOnce("holdReviews", holdReviews, value);
        return this;
    }

    /**
     * Returns the policy.
     *
     * @throws IllegalArgumentException if a probability is not in [0, 1], a review threshold is above the block
     *     threshold that its scope has or inherits, all required actions are forbidden, or the instruction rule names
     *     actions
     */
    public SafetyPolicy build() {
        return new SafetyPolicy(new PolicySettings(
                orElse(defaultRule, base.defaultRule()),
                merged(base.areas(), areas),
                merged(base.harmTypes(), harmTypes),
                merged(base.specificHarms(), specificHarms),
                orElse(instructionRule, base.instructionRule()),
                new UnscoredOutcomes(merged(base.unscored().outcomes(), unscored)),
                orElse(riskFrom, base.riskFrom()),
                orElse(passFrom, base.passFrom()),
                orElse(shadow, base.shadow()),
                orElse(holdReviews, base.holdReviews()),
                merged(base.replacements(), replacements)));
    }

    private static <K extends Comparable<K>, V> SortedMap<K, V> merged(Map<K, V> base, Map<K, V> own) {
        SortedMap<K, V> all = new TreeMap<>(base);
        all.putAll(own);
        return all;
    }

    private static <T> T orElse(@Nullable T own, T base) {
        return own == null ? base : own;
    }

    private static <E extends Enum<E>> void putOnce(Map<E, Rule> rules, E scope, Rule rule) {
        rules.put(scope, BuilderChecks.setOnce("rule of " + scope, rules.get(scope), rule));
    }
}
