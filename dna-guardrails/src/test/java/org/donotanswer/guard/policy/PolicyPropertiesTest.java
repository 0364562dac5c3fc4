package org.donotanswer.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.RiskArea;
import org.donotanswer.taxonomy.SpecificHarm;

/** Properties of all policies and assessments. */
class PolicyPropertiesTest {
    @Provide
    Arbitrary<SafetyPolicy> policies() {
        return Arbitraries.randomValue(RandomPolicies::policy);
    }

    @Provide
    Arbitrary<Rule> rules() {
        return Arbitraries.randomValue(RandomPolicies::rule);
    }

    @Provide
    Arbitrary<Random> randoms() {
        return Arbitraries.longs().map(Random::new);
    }

    /** Fails unless the outcome is at least as severe as another. */
    private static void assertNotMilder(Decision decision, Decision other) {
        assertThat(decision.outcome()).as("%s after %s", decision, other).isGreaterThanOrEqualTo(other.outcome());
    }

    private static SafetyPolicy buildable(SafetyPolicyBuilder builder) {
        try {
            return builder.build();
        } catch (IllegalArgumentException e) {
            Assume.that(false);
            throw e;
        }
    }

    @Property(tries = 300, seed = "20261201")
    void rule_ofOneType_changesNothingForOthers(
            @ForAll("policies") SafetyPolicy policy,
            @ForAll("rules") Rule rule,
            @ForAll HarmType named,
            @ForAll("randoms") Random random) {
        SafetyPolicy changed = buildable(policy.toBuilder().rule(named, rule));
        for (HarmType type : HarmType.values()) {
            if (type != named) {
                Scored scored = RandomPolicies.assessment(random, type);
                assertThat(changed.decide(scored)).isEqualTo(policy.decide(scored));
                assertThat(changed.decideWindow(scored)).isEqualTo(policy.decideWindow(scored));
                type.specificHarms().forEach(harm -> assertThat(changed.decide(scored, harm))
                        .isEqualTo(policy.decide(scored, harm)));
            }
        }
    }

    @Property(tries = 300, seed = "20261201")
    void rule_ofOneSpecificHarm_changesNothingForOthers(
            @ForAll("policies") SafetyPolicy policy,
            @ForAll("rules") Rule rule,
            @ForAll SpecificHarm named,
            @ForAll("randoms") Random random) {
        SafetyPolicy changed = buildable(policy.toBuilder().rule(named, rule));
        for (SpecificHarm harm : SpecificHarm.values()) {
            Scored scored = RandomPolicies.assessment(random, harm.harmType());
            if (harm != named) {
                assertThat(changed.decide(scored, harm)).isEqualTo(policy.decide(scored, harm));
            }
            if (harm.harmType() != named.harmType()) {
                assertThat(changed.decide(scored)).isEqualTo(policy.decide(scored));
            }
        }
    }

    @Property(tries = 300, seed = "20261201")
    void rule_ofOneArea_changesNothingForOthers(
            @ForAll("policies") SafetyPolicy policy,
            @ForAll("rules") Rule rule,
            @ForAll RiskArea named,
            @ForAll("randoms") Random random) {
        SafetyPolicy changed = buildable(policy.toBuilder().rule(named, rule));
        for (HarmType type : HarmType.values()) {
            if (type.riskArea() != named) {
                Scored scored = RandomPolicies.assessment(random, type);
                assertThat(changed.decide(scored)).isEqualTo(policy.decide(scored));
            }
        }
    }

    /** Returns a rule with lower thresholds; a rule without its own block threshold is returned unchanged. */
    private static Rule stricter(Rule rule, double factor) {
        if (rule.block().isEmpty()) {
            return rule;
        }
        double block = rule.block().getAsDouble() * factor;
        return new Rule(
                OptionalDouble.of(block),
                rule.review().isPresent()
                        ? OptionalDouble.of(Math.min(block, rule.review().getAsDouble()))
                        : OptionalDouble.empty(),
                rule.required(),
                rule.forbidden(),
                rule.passing());
    }

    @Property(tries = 300, seed = "20261201")
    void threshold_lowered_allowsNothingMore(
            @ForAll("policies") SafetyPolicy policy, @ForAll("randoms") Random random) {
        double factor = random.nextDouble();
        policy.harmTypeRules()
                .forEach((named, rule) -> assertAllowsNothingMore(
                        buildable(policy.toBuilder().rule(named, stricter(rule, factor))), policy, random));
        assertAllowsNothingMore(
                buildable(policy.toBuilder().defaultRule(stricter(policy.defaultRule(), factor))), policy, random);
    }

    private static void assertAllowsNothingMore(SafetyPolicy stricter, SafetyPolicy policy, Random random) {
        for (HarmType type : HarmType.values()) {
            Scored scored = RandomPolicies.assessment(random, type);
            assertNotMilder(stricter.decide(scored), policy.decide(scored));
            assertNotMilder(stricter.decideWindow(scored), policy.decideWindow(scored));
            Scored unknown = RandomPolicies.withoutType(scored);
            assertNotMilder(stricter.decide(unknown), policy.decide(unknown));
            type.specificHarms()
                    .forEach(harm -> assertNotMilder(stricter.decide(scored, harm), policy.decide(scored, harm)));
        }
    }

    @Property(seed = "20261201")
    void typeUnknown_decidesAsTheStrictestType(
            @ForAll("policies") SafetyPolicy policy, @ForAll HarmType type, @ForAll("randoms") Random random) {
        Scored unknown = RandomPolicies.withoutType(RandomPolicies.assessment(random, type));
        for (HarmType each : HarmType.values()) {
            Scored known = new Scored(
                    unknown.harmful(),
                    unknown.actions(),
                    unknown.instructionRisk(),
                    Optional.of(Distribution.certain(each)),
                    false,
                    "test");
            assertNotMilder(policy.decide(unknown), policy.decide(known));
            assertNotMilder(policy.decideWindow(unknown), policy.decideWindow(known));
        }
    }

    @Property(seed = "20261201")
    void specificHarmUnknown_decidesAsTheStrictestOfItsType(
            @ForAll("policies") SafetyPolicy policy, @ForAll HarmType type, @ForAll("randoms") Random random) {
        Scored scored = RandomPolicies.assessment(random, type);
        type.specificHarms().forEach(harm -> assertNotMilder(policy.decide(scored), policy.decide(scored, harm)));
    }

    @Property(seed = "20261201")
    void moreHarm_isNotMilder(
            @ForAll("policies") SafetyPolicy policy, @ForAll HarmType type, @ForAll("randoms") Random random) {
        Scored scored = RandomPolicies.assessment(random, type);
        Scored worse = RandomPolicies.withHarmful(scored, 1);
        Scored better = RandomPolicies.withHarmful(scored, RandomPolicies.probability(random));
        assertNotMilder(policy.decide(worse), policy.decide(better));
        assertNotMilder(policy.decideWindow(worse), policy.decideWindow(better));
    }

    @Property(seed = "20261201")
    void mostLikely_isThatOfTheDistribution(@ForAll("randoms") Random random) {
        Scored scored = RandomPolicies.assessment(random, HarmType.ADULT_CONTENT);
        scored.actions().ifPresent(actions -> assertThat(MostLikely.of(actions, ResponseAction.values()))
                .isEqualTo(actions.mostLikely()));
    }

    @Property(tries = 300, seed = "20261201")
    void texts_ofAPolicy_readAsAnEqualOne(@ForAll("policies") SafetyPolicy policy) {
        assertThat(SafetyPolicy.parse(policy.toJson())).isEqualTo(policy);
        assertThat(SafetyPolicy.parse(policy.toJson()).version()).isEqualTo(policy.version());
        assertThat(SafetyPolicy.parseYaml(policy.toYaml())).isEqualTo(policy);
        assertThat(SafetyPolicy.parseYaml(policy.toYaml()).toJson()).isEqualTo(policy.toJson());
    }
}
