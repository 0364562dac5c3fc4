package org.donotanswer.guard.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.jspecify.annotations.Nullable;

/**
 * Turns assessments into decisions, by thresholds and by rules on actions. Immutable, hence thread-safe.
 *
 * <p>Rules are set for everything, a risk area, a harm type or a specific harm. Whatever the nearest scope leaves open
 * is inherited from the next wider one, and finally from the default: naming one harm changes nothing for others.
 * Unknowns are resolved strictly: without a harm type, the strictest rule of all applies; and since evaluators do not
 * name specific harms, the strictest rule within the harm type applies, unless the caller knows the harm. If an
 * inherited review threshold is not below the block threshold, nothing is sent to review.
 *
 * <p>A whole response is decided in this order:
 *
 * <ol>
 *   <li>Its most likely action is forbidden and the instruction is risky: blocked. Whether an action is forbidden or
 * passes is up to the nearest scope that names it.
 *   <li>The action passes and is likely enough: allowed, whatever the probability of harm.
 *   <li>Actions are required, this one is not among them, and the instruction is risky: blocked.
 *   <li>The probability of harm is compared with the thresholds.
 * </ol>
 *
 * <p>A text that was not scored, but for its own sake rather than because something failed, is decided by {@link
 * #unscoredOutcomes()}: one in a language that the evaluator does not read, and one without words. A guard also looks at
 * the instruction then, as {@link #decideUnscored} describes.
 *
 * <p>An instruction is risky from {@link #riskFrom()} on, and if the evaluator does not give its risk. If a rule needs
 * a score that the evaluator does not give, the reason is {@link Reason#MISSING_SCORE}, unless the response is blocked
 * anyway.
 */
public final class SafetyPolicy {
    /** The default block threshold of the probability of harm. */
    public static final double DEFAULT_BLOCK = 0.5;
    /**
     * The default block threshold of the risk of instructions. It is high because many harmless instructions sound
     * risky, and the response will be checked as well. On the project's regression set, which no model is trained on
     * and whose harmless instructions resemble risky ones, the embedded model blocks 3 of 690 harmless instructions and
     * 56 of 401 risky ones; from .9 on, it would be 12 and 109.
     */
    // Of instructions that they were not trained on (three folds by instruction, an earlier stage of the recipe of
    // the embedded model), models block 7 of 856 harmless ones from .95 on, 60 % of 3,071 blunt wishes for harm, and 24
    // % of the
    // benchmark's 938 questions. From .9 on it would be 17 harmless ones, 79 % and 38 %; from .5 on 161, 98 % and 81 %.
    // The embedded model itself was trained on all of these: its figures on them would say nothing.
    public static final double DEFAULT_INSTRUCTION_BLOCK = 0.95;
    /** The default risk of an instruction from which rules on actions apply. */
    public static final double DEFAULT_RISK_FROM = 0.5;
    /** The default probability from which a passing action passes. */
    public static final double DEFAULT_PASS_FROM = 0.5;
    /** The default replacement of a blocked response. */
    public static final String DEFAULT_REPLACEMENT = "I'm sorry, but I can't show an answer to that.";

    private static final SafetyPolicy DEFAULTS = builder().build();
    private static final ResponseAction[] ACTIONS = ResponseAction.values();

    private final PolicySettings settings;
    private final ResolvedRules rules;
    private final ThresholdBand instructions;
    private final String version;

    SafetyPolicy(PolicySettings settings) {
        this.settings = settings;
        rules = new ResolvedRules(settings);
        instructions = ThresholdBand.of(ReportedThreshold.INSTRUCTION, settings.instructionRule());
        version = PolicyJson.version(settings);
    }

    /**
     * Returns the default policy: it blocks from a probability of harm of {@value #DEFAULT_BLOCK} on, and has no other
     * rules.
     */
    public static SafetyPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Returns the policy in a file, in JSON or YAML according to the extension.
     *
     * @throws PolicyFormatException if the content is not a policy, as {@link #parse} describes, or is too long
     * @throws IllegalArgumentException if the name does not end in {@code .json}, {@code .yaml} or {@code .yml}
     * @throws IllegalStateException if Jackson, or its YAML module, is missing
     * @throws IOException if the file cannot be read
     */
    public static SafetyPolicy read(Path file) throws IOException {
        return PolicyText.read(Objects.requireNonNull(file, "file"));
    }

    /**
     * Returns the policy in a JSON text of the form of {@link #toJson()}. Each member may be left out, but not all of
     * them: an empty document is more likely a mistake than a policy. Names are those that the taxonomy's {@code
     * fromLabel} accepts.
     *
     * @throws PolicyFormatException if a member or name is unknown or repeated, a value has the wrong type or range,
     *     rules contradict each other, or the document is empty; the message gives the location
     * @throws IllegalStateException if Jackson is missing
     */
    public static SafetyPolicy parse(String json) {
        return PolicyText.parseJson(json, "");
    }

    /**
     * Returns the policy in a YAML text, with the members that {@link #parse} describes and without aliases.
     *
     * @throws PolicyFormatException as {@link #parse} does
     * @throws IllegalStateException if Jackson's YAML module is missing
     */
    public static SafetyPolicy parseYaml(String yaml) {
        return PolicyText.parseYaml(yaml, "");
    }

    /** Returns a builder that starts with {@link #defaults()}. */
    public static SafetyPolicyBuilder builder() {
        return new SafetyPolicyBuilder(PolicySettings.DEFAULTS);
    }

    /**
     * Returns a builder that starts with this policy; what is set replaces the value of this policy, and a rule the
     * rule of its scope.
     */
    public SafetyPolicyBuilder toBuilder() {
        return new SafetyPolicyBuilder(settings);
    }

    /** Returns the decision on a response with this assessment. */
    public Decision decide(Assessment assessment) {
        return assessment instanceof Scored scored
                ? decide(scored, rules.of(scored.harmTypes()))
                : settings.unscored().decide((Unscored) assessment);
    }

    /**
     * Returns the decision on a response that was not scored to an instruction with the other assessment, which counts if
     * {@link #decide(Assessment)} alone would show the response:
     *
     * <ul>
     *   <li>A risky instruction, from {@link #riskFrom()} on: the response is blocked.
     *   <li>An instruction whose risk the evaluator does not give, or which it did not read to the end: the response is
     *       marked for review at least.
     *   <li>An instruction that was not scored, either: the stricter decision on the two counts.
     * </ul>
     */
    public Decision decideUnscored(Unscored response, Assessment instruction) {
        Decision alone = decide(response);
        if (alone.outcome() == Outcome.BLOCK) {
            return alone;
        }
        if (instruction instanceof Unscored unscored && unscored.reason() != UnscoredReason.NOT_SUPPORTED) {
            Decision other = decide(unscored);
            return other.outcome().compareTo(alone.outcome()) > 0 ? other : alone;
        }
        OptionalDouble risk = instruction instanceof Scored scored ? scored.instructionRisk() : OptionalDouble.empty();
        if (risk.isPresent() && risk.getAsDouble() >= settings.riskFrom()) {
            return new Decision(
                    Outcome.BLOCK,
                    Reason.RISKY_INSTRUCTION,
                    risk,
                    Optional.of(new ReportedThreshold(settings.riskFrom(), ReportedThreshold.RISK_FROM)));
        }
        boolean known = risk.isPresent() && instruction instanceof Scored scored && !scored.truncated();
        return known || alone.outcome() != Outcome.ALLOW ? alone : Decision.of(Outcome.REVIEW, alone.reason());
    }

    /** Returns the decision on a response with this assessment to an instruction with a known specific harm. */
    public Decision decide(Assessment assessment, SpecificHarm harm) {
        ResolvedRule rule = rules.of(Objects.requireNonNull(harm, "harm"));
        return assessment instanceof Scored scored
                ? decide(scored, rule)
                : settings.unscored().decide((Unscored) assessment);
    }

    /**
     * Returns the decision on a window of a response with this assessment. Only thresholds and passing actions count:
     * which action a response takes, and whether it takes a required one, only the whole response shows.
     */
    public Decision decideWindow(Assessment assessment) {
        if (!(assessment instanceof Scored scored)) {
            return settings.unscored().decide((Unscored) assessment);
        }
        ResolvedRule rule = rules.of(scored.harmTypes());
        return passes(scored, rule.actions()) ? passing(scored) : applyThresholds(scored, rule.band());
    }

    /** Returns the decision on an instruction with this assessment, by its risk. */
    public Decision decideInstruction(Assessment assessment) {
        if (!(assessment instanceof Scored scored)) {
            return settings.unscored().decide((Unscored) assessment);
        }
        return scored.instructionRisk().isPresent()
                ? instructions.decide(scored.instructionRisk(), Reason.RISKY_INSTRUCTION)
                : Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE);
    }

    private Decision decide(Scored scored, ResolvedRule rule) {
        ActionRules actions = rule.actions();
        boolean risky = scored.instructionRisk().orElse(1) >= settings.riskFrom();
        if (scored.actions().isPresent()) {
            ResponseAction action = MostLikely.of(scored.actions().get(), ACTIONS);
            if (risky && actions.forbids(action)) {
                return blocked(scored, Reason.FORBIDDEN_ACTION);
            }
            if (passes(scored, actions)) {
                return passing(scored);
            }
            if (risky && !actions.accepts(action)) {
                return blocked(scored, Reason.MISSING_REQUIRED_ACTION);
            }
        }
        Decision byHarm = applyThresholds(scored, rule.band());
        // A response known to be harmful must not count as a failure, which a guard may let through.
        boolean missing = risky && scored.actions().isEmpty() && actions.canBlock();
        return missing && byHarm.outcome() != Outcome.BLOCK ? blocked(scored, Reason.MISSING_SCORE) : byHarm;
    }

    private boolean passes(Scored scored, ActionRules rules) {
        if (scored.actions().isEmpty()) {
            return false;
        }
        Distribution<ResponseAction> actions = scored.actions().get();
        ResponseAction action = MostLikely.of(actions, ACTIONS);
        return rules.passes(action) && actions.probability(action) >= settings.passFrom();
    }

    private static Decision applyThresholds(Scored scored, ThresholdBand band) {
        return scored.harmful().isPresent()
                ? band.decide(scored.harmful(), Reason.HARMFUL)
                : Decision.of(Outcome.BLOCK, Reason.MISSING_SCORE);
    }

    private static Decision passing(Scored scored) {
        return new Decision(Outcome.ALLOW, Reason.PASSING_ACTION, scored.harmful(), Optional.empty());
    }

    private static Decision blocked(Scored scored, Reason reason) {
        return new Decision(Outcome.BLOCK, reason, scored.harmful(), Optional.empty());
    }

    /**
     * Returns the replacement of a blocked text: that of the locale's language tag, or of the next shorter tag down to
     * the language, or of no language.
     */
    public String replacement(Locale locale) {
        String tag = locale.toLanguageTag();
        while (!tag.isEmpty()) {
            String text = settings.replacements().get(tag);
            if (text != null) {
                return text;
            }
            tag = tag.substring(0, Math.max(0, tag.lastIndexOf('-')));
        }
        return settings.replacements().getOrDefault("", DEFAULT_REPLACEMENT);
    }

    /** Returns the rule of everything that is not named; it has a block threshold. */
    public Rule defaultRule() {
        return settings.defaultRule();
    }

    /** Returns the rules of the risk areas that are named; unmodifiable, in the order of the constants. */
    public Map<RiskArea, Rule> areaRules() {
        return settings.areas();
    }

    /** Returns the rules of the harm types that are named; unmodifiable, in the order of the constants. */
    public Map<HarmType, Rule> harmTypeRules() {
        return settings.harmTypes();
    }

    /** Returns the rules of the specific harms that are named; unmodifiable, in the order of the constants. */
    public Map<SpecificHarm, Rule> specificHarmRules() {
        return settings.specificHarms();
    }

    /** Returns the thresholds of the risk of instructions; the block threshold is set. */
    public Rule instructionRule() {
        return settings.instructionRule();
    }

    /**
     * Returns what becomes of texts that were not scored, by the reason; unmodifiable, in the order of the constants. A
     * reason that it lacks is left to the fail mode of the guard, or is a configuration error.
     */
    public Map<UnscoredReason, Outcome> unscoredOutcomes() {
        return settings.unscored().outcomes();
    }

    /** Returns the lowest risk of an instruction at which rules on actions apply, in [0, 1]. */
    public double riskFrom() {
        return settings.riskFrom();
    }

    /** Returns the lowest probability at which a passing action passes, in [0, 1]. */
    public double passFrom() {
        return settings.passFrom();
    }

    /** Returns whether this policy only observes: verdicts report its decisions, and everything is released. */
    public boolean shadow() {
        return settings.shadow();
    }

    /** Returns whether texts to review are withheld as if they were blocked. */
    public boolean holdsReviews() {
        return settings.holdReviews();
    }

    /** Returns the replacements of blocked texts by language tag, empty for no language; unmodifiable, sorted. */
    public SortedMap<String, String> replacements() {
        return settings.replacements();
    }

    /** Returns the version of this policy: the first 16 hexadecimal digits of the SHA-256 of its JSON form. */
    public String version() {
        return version;
    }

    /** Returns the policy in indented JSON, including default values. {@link #parse} returns an equal policy. */
    public String toJson() {
        return PolicyJson.indented(settings);
    }

    /**
     * Returns the policy in YAML.
     *
     * @throws IllegalStateException if Jackson's YAML module is missing
     */
    public String toYaml() {
        return PolicyText.yaml(PolicyJson.members(settings));
    }

    /**
     * Writes the policy to a file, in JSON or YAML according to the extension; an existing file is overwritten.
     *
     * @throws IllegalArgumentException if the name does not end in {@code .json}, {@code .yaml} or {@code .yml}
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        PolicyText.write(this, Objects.requireNonNull(file, "file"));
    }

    /** Returns whether the other object is a policy with the same content, and so the same decisions and version. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SafetyPolicy policy && settings.equals(policy.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** Returns a short text with the version; {@link #toJson()} returns everything. */
    @Override
    public String toString() {
        return "SafetyPolicy[version=" + version + ", shadow=" + shadow() + "]";
    }
}
