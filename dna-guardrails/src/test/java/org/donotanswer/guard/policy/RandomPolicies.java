package org.donotanswer.guard.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/**
 * Random policies and assessments. Thresholds and probabilities have few different values, so that they are often
 * equal.
 */
final class RandomPolicies {
    private static final int STEPS = 8;
    private static final List<Outcome> OUTCOMES = List.of(Outcome.values());
    private static final List<UnscoredReason> UNSCORED = List.of(
            UnscoredReason.UNSUPPORTED_LANGUAGE,
            UnscoredReason.NO_WORDS,
            UnscoredReason.UNPARSED_REVIEW,
            UnscoredReason.REVIEW_REFUSED);
    private static final List<Locale> LANGUAGES =
            List.of(Locale.ROOT, Locale.GERMAN, Locale.forLanguageTag("de-AT"), Locale.forLanguageTag("no"));

    private RandomPolicies() {}

    static SafetyPolicy policy(Random random) {
        while (true) {
            SafetyPolicyBuilder policy = SafetyPolicy.builder().riskFrom(probability(random));
            for (RiskArea area : RiskArea.values()) {
                if (random.nextInt(3) == 0) {
                    policy.rule(area, rule(random));
                }
            }
            for (HarmType type : HarmType.values()) {
                if (random.nextInt(4) == 0) {
                    policy.rule(type, rule(random));
                }
            }
            for (SpecificHarm harm : SpecificHarm.values()) {
                if (random.nextInt(10) == 0) {
                    policy.rule(harm, rule(random));
                }
            }
            for (UnscoredReason reason : UNSCORED) {
                if (random.nextBoolean()) {
                    policy.unscored(reason, OUTCOMES.get(random.nextInt(OUTCOMES.size())));
                }
            }
            for (Locale language : LANGUAGES) {
                if (random.nextBoolean()) {
                    policy.replacement(language, "Text: " + (char) ('!' + random.nextInt(90)) + "\u00e4\u4e2d\n# 1");
                }
            }
            policy.defaultRule(rule(random)).shadow(random.nextBoolean()).holdReviews(random.nextBoolean());
            try {
                return policy.build();
            } catch (IllegalArgumentException e) {
                // The rules contradict each other: try again.
            }
        }
    }

    static Rule rule(Random random) {
        while (true) {
            Rule.Builder rule = Rule.builder();
            if (random.nextBoolean()) {
                rule.block(probability(random));
            }
            if (random.nextInt(3) == 0) {
                rule.review(probability(random));
            }
            for (ResponseAction action : ResponseAction.values()) {
                switch (random.nextInt(10)) {
                    case 0 -> rule.require(action);
                    case 1 -> rule.forbid(action);
                    case 2 -> rule.pass(action);
                    case 3 -> rule.require(action).pass(action);
                    default -> {}
                }
            }
            try {
                Rule built = rule.build();
                if (!built.equals(Rule.builder().build())) {
                    return built;
                }
            } catch (IllegalArgumentException e) {
                // The review threshold is above the block threshold: try again.
            }
        }
    }

    static double probability(Random random) {
        return (double) random.nextInt(STEPS + 1) / STEPS;
    }

    /** Returns an assessment with a known harm type; everything else is random, and some of it missing. */
    static Scored assessment(Random random, HarmType type) {
        ScoredBuilder scored = Scores.scored().harmTypes(Distribution.certain(type));
        if (random.nextInt(8) != 0) {
            scored.harmful(probability(random));
        }
        if (random.nextInt(8) != 0) {
            scored.instructionRisk(probability(random));
        }
        if (random.nextInt(8) != 0) {
            scored.actions(actions(random));
        }
        return scored.build();
    }

    private static Distribution<ResponseAction> actions(Random random) {
        Map<ResponseAction, Double> weights = new EnumMap<>(ResponseAction.class);
        for (ResponseAction action : ResponseAction.values()) {
            weights.put(action, random.nextInt(3) == 0 ? 10.0 : 1 + random.nextDouble());
        }
        return Distribution.normalized(weights);
    }

    /** Returns the assessment with another probability of harm. */
    static Scored withHarmful(Scored scored, double harmful) {
        return new Scored(
                OptionalDouble.of(harmful),
                scored.actions(),
                scored.instructionRisk(),
                scored.harmTypes(),
                scored.truncated(),
                scored.evaluator());
    }

    /** Returns the assessment without its harm type. */
    static Scored withoutType(Scored scored) {
        return new Scored(
                OptionalDouble.of(scored.harmful().orElse(0)),
                scored.actions(),
                scored.instructionRisk(),
                Optional.empty(),
                scored.truncated(),
                scored.evaluator());
    }
}
