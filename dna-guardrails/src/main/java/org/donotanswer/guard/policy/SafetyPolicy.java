package org.donotanswer.guard.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;
import org.jspecify.annotations.Nullable;

/**
 * Turns assessments into decisions, by thresholds and by rules on the model's actions. Immutable, hence thread-safe.
 *
 * <p>A rule is set for everything, a risk area, a harm type or a specific harm. What the nearest scope leaves open, the next
 * wider one says, and the default in the end: naming one harm changes nothing for the others. What is not known is taken at its
 * strictest: without a type of harm, the strictest rule of all counts; and as evaluators name no specific harm, the strictest of
 * the type's, unless the caller knows it. A review threshold that is inherited and not below the block threshold gives nothing
 * to review.
 *
 * <p>A whole answer is judged in this order:
 *
 * <ol>
 *   <li>Its most likely action is forbidden, and the instruction is risky: blocked. Whether an action is forbidden or passes,
 *       the nearest scope says that names it.
 *   <li>The action passes, and is likely enough: allowed, whatever the probability of harm.
 *   <li>Actions are required, this one is not among them, and the instruction is risky: blocked.
 *   <li>The probability of harm is compared with the thresholds.
 * </ol>
 *
 * <p>An instruction is risky from {@link #riskFrom()} on, and where the evaluator does not say. A score that a rule asks for and
 * the evaluator does not give is {@link Reason#MISSING_SCORE}, unless the answer is blocked anyway.
 */
public final class SafetyPolicy {
    /** The least probability of harm that is blocked, where nothing else is set. */
    public static final double DEFAULT_BLOCK = 0.5;
    /**
     * The least risk of an instruction that is blocked, where nothing else is set. High, as many a harmless question sounds
     * risky, and the answer to it will be judged too.
     */
    // Of instructions that they were not trained on (five folds by instruction, the recipe and data of the embedded
    // model),
    // models block 7 of 856 harmless ones from .98 on, 58 % of 3,071 blunt wishes for harm, and 21 % of the benchmark's
    // 939
    // questions. From .5 on it would be 81 harmless ones, 96 % and 75 %. The embedded model itself was trained on all
    // of these
    // and puts every one on its side of .5: its figures on them would say nothing.
    public static final double DEFAULT_INSTRUCTION_BLOCK = 0.98;
    /** The least risk of an instruction from which rules on actions apply, where nothing else is set. */
    public static final double DEFAULT_RISK_FROM = 0.5;
    /** The least probability of a passing action that passes, where nothing else is set. */
    public static final double DEFAULT_PASS_FROM = 0.5;
    /** The replacement for a blocked answer, where nothing else is set. */
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
        instructions = ThresholdBand.of(AppliedThreshold.INSTRUCTION, settings.instructionRule());
        version = PolicyJson.version(settings);
    }

    /** Returns the policy that blocks what is harmful with a probability of {@value #DEFAULT_BLOCK} or more, and no more. */
    public static SafetyPolicy defaults() {
        return DEFAULTS;
    }

    /**
     * Returns the policy of a file, in JSON or YAML by the end of its name.
     *
     * @throws PolicyFormatException if it is not what {@link #parse} takes, or longer than a policy can be
     * @throws IllegalArgumentException if the name does not end in {@code .json}, {@code .yaml} or {@code .yml}
     * @throws IllegalStateException if it is in YAML and the reader of YAML, an optional dependency, is not on the class path
     * @throws IOException if the file cannot be read
     */
    public static SafetyPolicy read(Path file) throws IOException {
        return PolicyText.read(Objects.requireNonNull(file, "file"));
    }

    /**
     * Returns the policy of a text in JSON, the form of {@link #toJson()}. Every member may be left out, but not all: an empty
     * policy is more likely a file that went wrong than somebody's wish. Names are those that the taxonomy's {@code fromLabel}
     * takes.
     *
     * @throws PolicyFormatException if a member or name is not known or given twice, a value is not of its type or range, rules
     *     contradict each other, or there is nothing; the message names the place
     */
    public static SafetyPolicy parse(String json) {
        return PolicyText.parseJson(json, "");
    }

    /**
     * Returns the policy of a text in YAML, with the members of {@link #parse} and without aliases.
     *
     * @throws PolicyFormatException as {@link #parse} does
     * @throws IllegalStateException if the reader of YAML, an optional dependency, is not on the class path
     */
    public static SafetyPolicy parseYaml(String yaml) {
        return PolicyText.parseYaml(yaml, "");
    }

    /** Returns a builder of a policy like {@link #defaults()}. */
    public static SafetyPolicyBuilder builder() {
        return new SafetyPolicyBuilder(PolicySettings.DEFAULTS);
    }

    /** Returns a builder of a policy like this one; what is set replaces what this one has, a rule that of its scope. */
    public SafetyPolicyBuilder toBuilder() {
        return new SafetyPolicyBuilder(settings);
    }

    /** Returns what is to become of a response with this assessment. */
    public Decision decide(Assessment assessment) {
        return assessment instanceof Scored scored
                ? decide(scored, rules.of(scored.harmTypes()))
                : unscored((Unscored) assessment);
    }

    /** Returns what is to become of a response with this assessment, to an instruction of a known specific harm. */
    public Decision decide(Assessment assessment, SpecificHarm harm) {
        ResolvedRule rule = rules.of(Objects.requireNonNull(harm, "harm"));
        return assessment instanceof Scored scored ? decide(scored, rule) : unscored((Unscored) assessment);
    }

    /**
     * Returns what is to become of a part of an answer with this assessment. Only thresholds and passing actions count: which
     * action a model took, and whether it took a required one, is to be seen in the whole answer only.
     */
    public Decision decideWindow(Assessment assessment) {
        if (!(assessment instanceof Scored scored)) {
            return unscored((Unscored) assessment);
        }
        ResolvedRule rule = rules.of(scored.harmTypes());
        return passes(scored, rule.actions()) ? passing(scored) : byHarm(scored, rule.band());
    }

    /** Returns what is to become of an instruction with this assessment, by its risk. */
    public Decision decideInstruction(Assessment assessment) {
        if (!(assessment instanceof Scored scored)) {
            return unscored((Unscored) assessment);
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
        Decision byHarm = byHarm(scored, rule.band());
        // What is known to be harmful is no failure, which a guard may be set to let through.
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

    private static Decision byHarm(Scored scored, ThresholdBand band) {
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

    private static Decision unscored(Unscored assessment) {
        return switch (assessment.reason()) {
            case EMPTY_RESPONSE -> Decision.of(Outcome.ALLOW, Reason.NOTHING_TO_JUDGE);
            case EVALUATOR_MISCONFIGURED, NOT_SUPPORTED -> Decision.of(Outcome.BLOCK, Reason.MISCONFIGURED);
            default -> Decision.of(Outcome.BLOCK, Reason.NOT_JUDGED);
        };
    }

    /**
     * Returns the text to show in place of a blocked one: that of the locale's language tag, else of the next shorter one down to
     * the language, else the one of no language.
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

    /** Returns the thresholds of the risk of instructions; that of blocking is set. */
    public Rule instructionRule() {
        return settings.instructionRule();
    }

    /** Returns the least risk of an instruction from which rules on actions apply, in [0, 1]. */
    public double riskFrom() {
        return settings.riskFrom();
    }

    /** Returns the least probability of a passing action that passes, in [0, 1]. */
    public double passFrom() {
        return settings.passFrom();
    }

    /** Returns whether this policy only watches: verdicts say what it would do, and everything is released. */
    public boolean shadow() {
        return settings.shadow();
    }

    /** Returns whether what is given to review is held back, as if it were blocked. */
    public boolean holdsReviews() {
        return settings.holdReviews();
    }

    /** Returns the texts to show in place of blocked ones, by language tag, empty for no language; unmodifiable, sorted. */
    public SortedMap<String, String> replacements() {
        return settings.replacements();
    }

    /** Returns the version of this policy: the first 16 hexadecimal digits of the SHA-256 of its JSON form. */
    public String version() {
        return version;
    }

    /** Returns the policy in JSON, indented, what it has by default said too. {@link #parse} makes an equal policy of it. */
    public String toJson() {
        return PolicyJson.indented(settings);
    }

    /**
     * Returns the policy in YAML.
     *
     * @throws IllegalStateException if the writer of YAML, an optional dependency, is not on the class path
     */
    public String toYaml() {
        return PolicyText.yaml(PolicyJson.members(settings));
    }

    /**
     * Writes the policy to a file, in JSON or YAML by the end of its name; what the file had is lost.
     *
     * @throws IllegalArgumentException if the name does not end in {@code .json}, {@code .yaml} or {@code .yml}
     * @throws IOException if the file cannot be written
     */
    public void write(Path file) throws IOException {
        PolicyText.write(this, Objects.requireNonNull(file, "file"));
    }

    /** Returns whether the other is a policy with the same content, and so the same decisions and version. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SafetyPolicy policy && settings.equals(policy.settings);
    }

    @Override
    public int hashCode() {
        return settings.hashCode();
    }

    /** Returns a short text with the version; {@link #toJson()} has all. */
    @Override
    public String toString() {
        return "SafetyPolicy[version=" + version + ", shadow=" + shadow() + "]";
    }
}
