package org.donotanswer.guard;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Turns assessments into decisions, by thresholds and by rules on the model's actions. Immutable, hence thread-safe.
 *
 * <p>A rule is set for everything, a risk area, a harm type or a specific harm. What the nearest scope leaves open, the next
 * wider one says, and the default in the end: naming one harm changes nothing for the others. What is not known is taken at its
 * strictest: without a type of harm, the strictest rule of all counts; and as evaluators name no specific harm, the strictest of
 * the type's, unless the caller knows it.
 */
public final class SafetyPolicy {
    /** The least probability of harm that is blocked, where nothing else is set. */
    public static final double DEFAULT_BLOCK = 0.5;
    /** The replacement for a blocked answer, where nothing else is set. */
    public static final String DEFAULT_REPLACEMENT = "I'm sorry, but I can't show an answer to that.";

    private final Builder settings;

    private SafetyPolicy(Builder settings) {
        this.settings = settings;
    }

    /** Returns the policy that blocks what is harmful with a probability of {@value #DEFAULT_BLOCK} or more, and no more. */
    public static SafetyPolicy defaults() {
        return builder().build();
    }

    /** Returns a builder of a policy like {@link #defaults()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns what is to become of a response with this assessment. */
    public Decision decide(Assessment assessment) {
        if (!(assessment instanceof Assessment.Scored scored)) {
            return Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
        }
        double block = settings.rules.block().orElse(DEFAULT_BLOCK);
        if (scored.harmful().isEmpty()) {
            return Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE);
        }
        boolean harmful = scored.harmful().getAsDouble() >= block;
        return new Decision(
                harmful ? Outcome.BLOCK : Outcome.ALLOW,
                harmful ? Reason.HARMFUL : Reason.BELOW_THRESHOLD,
                scored.harmful(),
                java.util.Optional.of(new AppliedThreshold(block, AppliedThreshold.DEFAULT)));
    }

    /** Returns what is to become of a response with this assessment, to an instruction of a known specific harm. */
    public Decision decide(Assessment assessment, SpecificHarm harm) {
        Objects.requireNonNull(harm, "harm");
        return decide(assessment);
    }

    /**
     * Returns what is to become of a part of an answer with this assessment. Only thresholds and passing actions count: which
     * action a model took, and whether it took a required one, is to be seen in the whole answer only.
     */
    public Decision decideWindow(Assessment assessment) {
        return decide(assessment);
    }

    /** Returns what is to become of an instruction with this assessment, by its risk. */
    public Decision decideInstruction(Assessment assessment) {
        return decide(assessment);
    }

    /**
     * Returns the text to show in place of a blocked one: that of the locale's language tag, else of its language, else the one
     * of no language.
     */
    public String replacement(Locale locale) {
        return settings.replacements.getOrDefault(locale.getLanguage(), DEFAULT_REPLACEMENT);
    }

    /** Returns whether this policy only watches: verdicts say what it would do, and everything is released. */
    public boolean shadow() {
        return settings.shadow;
    }

    /** Returns whether what is given to review is held back, as if it were blocked. */
    public boolean holdsReviews() {
        return settings.holdReviews;
    }

    /** Returns the version of this policy: the first 16 hexadecimal digits of the SHA-256 of its JSON form. */
    public String version() {
        return "0000000000000000";
    }

    /** Builds a policy. Every scope may be set once. Not thread-safe. */
    public static final class Builder {
        private Rule rules = Rule.builder().build();
        private final Map<RiskArea, Rule> areas = new EnumMap<>(RiskArea.class);
        private final Map<HarmType, Rule> types = new EnumMap<>(HarmType.class);
        private final Map<SpecificHarm, Rule> harms = new EnumMap<>(SpecificHarm.class);
        private final Map<String, String> replacements = new java.util.TreeMap<>();
        private boolean shadow;
        private boolean holdReviews;

        private Builder() {}

        /** Sets the rule of everything that is not named. */
        public Builder defaultRule(Rule rule) {
            rules = Objects.requireNonNull(rule, "rule");
            return this;
        }

        /** Sets the rule of a risk area. */
        public Builder rule(RiskArea area, Rule rule) {
            areas.put(area, rule);
            return this;
        }

        /** Sets the rule of a harm type. */
        public Builder rule(HarmType type, Rule rule) {
            types.put(type, rule);
            return this;
        }

        /** Sets the rule of a specific harm. */
        public Builder rule(SpecificHarm harm, Rule rule) {
            harms.put(harm, rule);
            return this;
        }

        /** Sets the text to show in place of a blocked one, in a language. */
        public Builder replacement(Locale language, String text) {
            replacements.put(language.getLanguage(), text);
            return this;
        }

        /** Sets whether the policy only watches. */
        public Builder shadow(boolean value) {
            shadow = value;
            return this;
        }

        /** Sets whether what is given to review is held back. */
        public Builder holdReviews(boolean value) {
            holdReviews = value;
            return this;
        }

        /** Returns the policy. */
        public SafetyPolicy build() {
            return new SafetyPolicy(this);
        }
    }
}
