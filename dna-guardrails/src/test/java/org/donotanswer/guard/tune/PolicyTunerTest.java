package org.donotanswer.guard.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.donotanswer.guard.tune.TuningData.answer;
import static org.donotanswer.guard.tune.TuningData.harmless;
import static org.donotanswer.guard.tune.TuningData.ofAllTypes;
import static org.donotanswer.guard.tune.TuningData.scored;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.policy.Rule;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;

class PolicyTunerTest {
    private static PolicyTuner.Builder tuner(double rate) {
        return PolicyTuner.builder().falseBlockRate(rate).seed(42);
    }

    /** Returns 199 harmless responses, scored .001 to .199, and 20 harmful ones, 15 of which score higher. */
    private static List<LabelledAssessment> simple() {
        List<LabelledAssessment> answers = new ArrayList<>(harmless(0, 199));
        for (int i = 0; i < 20; i++) {
            answers.add(answer(i < 5 ? 0.01 : 0.5, true));
        }
        return answers;
    }

    private static long blockedHarmless(SafetyPolicy policy, List<LabelledAssessment> answers) {
        return answers.stream()
                .filter(answer ->
                        !answer.harmful() && policy.decide(answer.assessment()).outcome() == Outcome.BLOCK)
                .count();
    }

    @Test
    void tune_simple_blocksTheShare() {
        TunedPolicy tuned = tuner(0.05).build().tune(simple());
        // Ten of 200 places are above the tenth highest, .190.
        assertThat(tuned.policy())
                .isEqualTo(SafetyPolicy.builder().defaultRule(Rule.block(0.191)).build());
        assertThat(tuned.all().recall().count()).isEqualTo(15);
        assertThat(tuned.all().recall().total()).isEqualTo(20);
        assertThat(tuned.all().falseBlocks().total()).isEqualTo(199);
        assertThat(tuned.all().falseBlocks().value()).isBetween(0.02, 0.08);
        assertThat(tuned.all().falseReviews().count()).isZero();
        assertThat(tuned.byScope()).extracting(Expectation::scope).containsExactly("default");
        assertThat(tuned.oneThreshold()).isEmpty();
        assertThat(tuned.leftOut()).isEmpty();
    }

    @Test
    void tune_reviewRate_reviewsTheShareBelow() {
        TunedPolicy tuned = tuner(0.05).reviewRate(0.1).build().tune(simple());
        assertThat(tuned.policy().defaultRule())
                .isEqualTo(Rule.builder().block(0.191).review(0.171).build());
        assertThat(tuned.all().falseReviews().value()).isBetween(0.07, 0.14);
        assertThat(tuned.all().caught().count()).isEqualTo(15);
    }

    @Test
    void tune_sameSeed_isSame() {
        assertThat(tuner(0.05).build().tune(simple()))
                .isEqualTo(tuner(0.05).build().tune(simple()));
    }

    @Test
    void tune_groupOfItsOwn_isDecidedWithoutIt() {
        // Ten responses to one instruction are the only ones with high scores. Chosen from all responses, the threshold
        // lies above them.
        List<LabelledAssessment> answers = new ArrayList<>();
        harmless(0, 189).forEach(answers::add);
        for (int i = 0; i < 10; i++) {
            answers.add(LabelledAssessment.of(answer(0.9, false).assessment(), false, "question"));
        }
        answers.add(answer(0.95, true));
        TunedPolicy tuned = tuner(0.05).build().tune(answers);
        assertThat(blockedHarmless(tuned.policy(), answers)).isZero();
        assertThat(tuned.all().falseBlocks().count()).isGreaterThanOrEqualTo(10);
    }

    @Test
    void tune_groups_widenIntervals() {
        List<LabelledAssessment> alone = new ArrayList<>();
        List<LabelledAssessment> grouped = new ArrayList<>();
        Random random = new Random(1);
        for (int group = 0; group < 100; group++) {
            double score = random.nextDouble();
            for (int i = 0; i < 6; i++) {
                Scored scored = Scored.builder("test").harmful(score).build();
                alone.add(LabelledAssessment.of(scored, i == 0));
                grouped.add(LabelledAssessment.of(scored, i == 0, "question " + group));
            }
        }
        double width =
                tuner(0.2).build().tune(alone).all().falseBlocks().interval().width();
        assertThat(tuner(0.2)
                        .build()
                        .tune(grouped)
                        .all()
                        .falseBlocks()
                        .interval()
                        .width())
                .isGreaterThan(1.5 * width);
    }

    @Test
    void tune_enoughOfTypesAndAreas_givesThemThresholds() {
        List<LabelledAssessment> answers = ofAllTypes(6_000, 600, new Random(3));
        TunedPolicy byType = tuner(0.05).build().tune(answers);
        assertThat(byType.policy().harmTypeRules()).hasSize(HarmType.values().length);
        assertThat(byType.oneThreshold()).isPresent();
        TunedPolicy byArea =
                tuner(0.05).granularity(Granularity.RISK_AREA).build().tune(answers);
        assertThat(byArea.policy().harmTypeRules()).isEmpty();
        assertThat(byArea.policy().areaRules()).hasSize(5);
        TunedPolicy one = tuner(0.05).granularity(Granularity.DEFAULT).build().tune(answers);
        assertThat(one.policy().areaRules()).isEmpty();
        assertThat(one.oneThreshold()).isEmpty();
        assertThat(byType.oneThreshold().orElseThrow().falseBlocks())
                .isEqualTo(one.all().falseBlocks());
        // By construction, harmless responses score low in harm types with high numbers.
        assertThat(byType.policy()
                        .harmTypeRules()
                        .get(HarmType.CHATBOT_AS_HUMAN)
                        .block()
                        .getAsDouble())
                .isLessThan(byType.policy()
                        .harmTypeRules()
                        .get(HarmType.SENSITIVE_ORGANIZATION_INFORMATION)
                        .block()
                        .getAsDouble());
    }

    @Test
    void tune_tooFewOfATypeForItsOwn_sharesTheNextWider() {
        List<LabelledAssessment> answers = new ArrayList<>();
        Random random = new Random(5);
        for (int i = 0; i < 400; i++) {
            answers.add(LabelledAssessment.of(scored(random.nextDouble(), HarmType.ADULT_CONTENT), i % 10 == 0));
            answers.add(
                    LabelledAssessment.of(scored(random.nextDouble() / 2, HarmType.ILLEGAL_ACTIVITIES), i % 10 == 0));
        }
        // 98 harmless responses, and 19 harmful ones, are one too few.
        for (int i = 0; i < 98 + 20; i++) {
            answers.add(LabelledAssessment.of(scored(random.nextDouble(), HarmType.TOXIC_LANGUAGE), i >= 98));
        }
        for (int i = 0; i < 99 + 19; i++) {
            answers.add(LabelledAssessment.of(scored(random.nextDouble(), HarmType.CHATBOT_AS_HUMAN), i >= 99));
        }
        TunedPolicy tuned = tuner(0.05).build().tune(answers);
        assertThat(tuned.policy().harmTypeRules())
                .containsOnlyKeys(HarmType.ADULT_CONTENT, HarmType.ILLEGAL_ACTIVITIES);
        answers.add(LabelledAssessment.of(scored(0.5, HarmType.TOXIC_LANGUAGE), false));
        answers.add(LabelledAssessment.of(scored(0.5, HarmType.CHATBOT_AS_HUMAN), true));
        assertThat(tuner(0.05).build().tune(answers).policy().harmTypeRules())
                .containsOnlyKeys(
                        HarmType.ADULT_CONTENT,
                        HarmType.ILLEGAL_ACTIVITIES,
                        HarmType.TOXIC_LANGUAGE,
                        HarmType.CHATBOT_AS_HUMAN);
    }

    @Property(tries = 50, seed = "20261201")
    void tune_anyResponses_keepsTheRateForAllScopesTogether(@ForAll Random random) {
        List<LabelledAssessment> answers = ofAllTypes(200 + random.nextInt(3_000), 1 + random.nextInt(600), random);
        if (random.nextBoolean()) {
            // Some have no known harm type; the strictest threshold decides on them.
            answers.addAll(harmless(random.nextInt(500), random.nextInt(500)));
        }
        double rate = 0.02 + random.nextDouble() / 10;
        TunedPolicy tuned = tuner(rate).reviewRate(0.05).folds(2).build().tune(answers);
        assertThat((double) blockedHarmless(tuned.policy(), answers))
                .isLessThanOrEqualTo(
                        rate * answers.stream().filter(each -> !each.harmful()).count());
        tuned.policy().harmTypeRules().forEach((type, rule) -> {
            List<LabelledAssessment> own = answers.stream()
                    .filter(each ->
                            each.assessment().harmType().filter(type::equals).isPresent())
                    .toList();
            assertThat((double) blockedHarmless(tuned.policy(), own))
                    .isLessThanOrEqualTo(
                            rate * own.stream().filter(each -> !each.harmful()).count());
        });
    }

    @Test
    void tune_answersOfNoTypeBesideOwnThresholds_oneThresholdIfTheStrictestBlocksTooMany() {
        List<LabelledAssessment> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            answers.add(LabelledAssessment.of(scored(i / 10_000.0, HarmType.ADULT_CONTENT), false));
            answers.add(answer(0.3 + i / 10_000.0, false));
        }
        for (int i = 0; i < 20; i++) {
            answers.add(LabelledAssessment.of(scored(0.5, HarmType.ADULT_CONTENT), true));
        }
        TunedPolicy tuned = tuner(0.05).build().tune(answers);
        assertThat(tuned.policy().harmTypeRules()).isEmpty();
        assertThat(tuned.byScope()).extracting(Expectation::scope).containsExactly("default");
        assertThat(blockedHarmless(tuned.policy(), answers)).isLessThanOrEqualTo(20);
    }

    @Test
    void tune_givenPolicy_keepsAllButThresholds() {
        Rule disclaimer =
                Rule.builder().require(ResponseAction.CAUTIOUS_DISCLAIMER).build();
        SafetyPolicy given = SafetyPolicy.builder()
                .defaultRule(Rule.builder()
                        .block(0.9)
                        .review(0.8)
                        .pass(ResponseAction.CANNOT_ASSIST)
                        .build())
                .rule(HarmType.ADULT_CONTENT, Rule.block(0.1))
                .rule(
                        HarmType.TOXIC_LANGUAGE,
                        Rule.builder()
                                .block(0.1)
                                .forbid(ResponseAction.FOLLOW_INSTRUCTION)
                                .build())
                .rule(SpecificHarm.MEDICAL_ADVICE, disclaimer)
                .rule(SpecificHarm.SELF_HARM, Rule.block(0.01))
                .instructionRule(Rule.block(0.7))
                .riskFrom(0.6)
                .passFrom(0.7)
                .shadow(true)
                .holdReviews(true)
                .replacement(Locale.ROOT, "No.")
                .replacement(Locale.GERMAN, "Nein.")
                .build();
        List<LabelledAssessment> answers = new ArrayList<>();
        for (LabelledAssessment each : simple()) {
            double harmful = ((Scored) each.assessment()).harmful().getAsDouble();
            answers.add(LabelledAssessment.of(
                    Scored.builder("test")
                            .harmful(harmful)
                            .harmTypes(Distribution.certain(HarmType.ADULT_CONTENT))
                            .actions(Distribution.certain(ResponseAction.DUAL_PERSPECTIVES))
                            .build(),
                    each.harmful()));
        }
        assertThat(tuner(0.05)
                        .policy(given)
                        .granularity(Granularity.DEFAULT)
                        .build()
                        .tune(answers)
                        .policy())
                .isEqualTo(SafetyPolicy.builder()
                        .defaultRule(Rule.builder()
                                .block(0.191)
                                .pass(ResponseAction.CANNOT_ASSIST)
                                .build())
                        .rule(
                                HarmType.TOXIC_LANGUAGE,
                                Rule.builder()
                                        .forbid(ResponseAction.FOLLOW_INSTRUCTION)
                                        .build())
                        .rule(SpecificHarm.MEDICAL_ADVICE, disclaimer)
                        .instructionRule(Rule.block(0.7))
                        .riskFrom(0.6)
                        .passFrom(0.7)
                        .shadow(true)
                        .holdReviews(true)
                        .replacement(Locale.ROOT, "No.")
                        .replacement(Locale.GERMAN, "Nein.")
                        .build());
    }

    @Test
    void tune_actionsThatDecide_countAsTheyAreDecided() {
        SafetyPolicy given = SafetyPolicy.builder()
                .defaultRule(Rule.builder()
                        .pass(ResponseAction.CANNOT_ASSIST)
                        .forbid(ResponseAction.FOLLOW_INSTRUCTION)
                        .build())
                .build();
        List<LabelledAssessment> answers = new ArrayList<>();
        for (int i = 1; i <= 199; i++) {
            // 6 are blocked and 50 pass whatever the threshold; so 4 of the others may be blocked.
            ResponseAction action = i <= 6
                    ? ResponseAction.FOLLOW_INSTRUCTION
                    : i <= 56 ? ResponseAction.CANNOT_ASSIST : ResponseAction.REFUTE_OPINION;
            answers.add(LabelledAssessment.of(scored(i / 1000.0, action), false));
        }
        answers.add(LabelledAssessment.of(scored(0.9, ResponseAction.CANNOT_ASSIST), true));
        answers.add(LabelledAssessment.of(scored(0.01, ResponseAction.FOLLOW_INSTRUCTION), true));
        TunedPolicy tuned = tuner(0.05).policy(given).build().tune(answers);
        assertThat(tuned.policy().defaultRule().block()).hasValue(0.197);
        assertThat(blockedHarmless(tuned.policy(), answers)).isEqualTo(9);
        assertThat(tuned.all().recall().count()).isEqualTo(1);
    }

    @Test
    void tune_notJudged_isCountedAndLeftOut() {
        List<LabelledAssessment> answers = new ArrayList<>(simple());
        answers.add(LabelledAssessment.of(Unscored.of(UnscoredReason.TIMEOUT, ""), true));
        answers.add(LabelledAssessment.of(Unscored.of(UnscoredReason.UNSUPPORTED_LANGUAGE, ""), false));
        answers.add(LabelledAssessment.of(Unscored.of(UnscoredReason.EMPTY_RESPONSE, ""), false));
        answers.add(LabelledAssessment.of(
                Scored.builder("test").instructionRisk(0.5).build(), false));
        TunedPolicy tuned = tuner(0.05).build().tune(answers);
        assertThat(tuned.leftOut())
                .isEqualTo(Map.of(
                        Reason.NOT_JUDGED,
                        1,
                        Reason.UNSUPPORTED_LANGUAGE,
                        1,
                        Reason.NOTHING_TO_JUDGE,
                        1,
                        Reason.MISSING_SCORE,
                        1));
        assertThat(tuned.all()).isEqualTo(tuner(0.05).build().tune(simple()).all());
    }

    @Test
    void tune_policyOfUnscored_isKept() {
        SafetyPolicy given =
                SafetyPolicy.parse("{\"unscored\": {\"language\": \"block\", \"refusedReview\": \"review\"}}");
        assertThat(tuner(0.05).policy(given).build().tune(simple()).policy().unscoredOutcomes())
                .isEqualTo(given.unscoredOutcomes());
    }

    @Test
    void tune_tooLittle_refused() {
        assertThatThrownBy(() -> tuner(0.01).build().tune(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responses must include a harmful one, but there was none among 0");
        assertThatThrownBy(() -> tuner(0.01).build().tune(harmless(0, 200)))
                .hasMessage("responses must include a harmful one, but there was none among 200");
        List<LabelledAssessment> few = new ArrayList<>(harmless(0, 123));
        few.add(answer(0.5, true));
        assertThatThrownBy(() -> tuner(0.01).build().tune(few))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "responses must include at least 124 harmless ones for a falseBlockRate of 0.01 in 5 folds, but there"
                                + " were 123");
        List<LabelledAssessment> enough = new ArrayList<>(harmless(0, 124));
        enough.add(answer(0.5, true));
        assertThat(tuner(0.01).build().tune(enough).all().falseBlocks().total()).isEqualTo(124);
        List<LabelledAssessment> oneGroup = new ArrayList<>();
        simple().forEach(each -> oneGroup.add(LabelledAssessment.of(each.assessment(), each.harmful(), "same")));
        assertThatThrownBy(() -> tuner(0.05).build().tune(oneGroup))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responses must form at least 5 groups, one per fold, but formed 1");
    }

    @Test
    void tune_responsesWithoutGroup_areGroupsOfTheirOwn() {
        List<LabelledAssessment> answers = new ArrayList<>(harmless(0, 3));
        for (String group : List.of("first", "first", "second")) {
            answers.add(LabelledAssessment.of(answer(0.5, true).assessment(), true, group));
        }
        // Three and two groups are enough; three harmless responses are not.
        assertThatThrownBy(() -> tuner(0.05).build().tune(answers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "responses must include at least 24 harmless ones for a falseBlockRate of 0.05 in 5 folds, but there"
                                + " were 3");
    }

    @Test
    void tune_noThresholdHighEnough_refused() {
        List<LabelledAssessment> certain = new ArrayList<>(harmless(0, 150));
        for (int i = 0; i < 50; i++) {
            certain.add(answer(1, false));
        }
        certain.add(answer(1, true));
        assertThatThrownBy(() -> tuner(0.05).build().tune(certain))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rate must be achievable by some threshold, but was 0.05, and 50 of 200 harmless responses"
                        + " have a probability of harm of 1 or are blocked for their action");
    }

    /** An evaluator that reads the probability of harm from the response, fails on "error" and returns null for "null". */
    private static final class NumberEvaluator implements SafetyEvaluator {
        @Override
        public Assessment evaluate(Exchange exchange) {
            return switch (exchange.response()) {
                case "error" -> throw new IllegalArgumentException(exchange.response());
                case "null" -> null;
                default ->
                    Scored.builder(name())
                            .harmful(Double.parseDouble(exchange.response()))
                            .build();
            };
        }

        @Override
        public String name() {
            return "number";
        }

        @Override
        public Provenance provenance() {
            return Provenance.builder("number", "1").build();
        }

        @Override
        public void close() {}
    }

    private static List<Exchange> exchanges() {
        return IntStream.range(0, 200)
                .mapToObj(i -> new Exchange("Question " + i, Double.toString(i / 200.0)))
                .toList();
    }

    private static List<Boolean> labels() {
        return IntStream.range(0, 200).mapToObj(i -> i >= 180).toList();
    }

    @Test
    void tune_exchangesAndLabels_isTheSameByOrderByKeyAndById() {
        SafetyEvaluator evaluator = new NumberEvaluator();
        TunedPolicy tuned = PolicyTuner.tune(evaluator, exchanges(), labels());
        assertThat(tuned.falseBlockRate()).isEqualTo(0.01);
        assertThat(tuned.policy().defaultRule().block().getAsDouble()).isBetween(0.89, 0.9);
        assertThat(tuned.all().recall().value()).isEqualTo(1);
        Map<String, Exchange> byKey = new LinkedHashMap<>();
        Map<String, Boolean> labelsByKey = new HashMap<>();
        List<LabelledExchange> byId = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            byKey.put("key " + i, exchanges().get(i));
            labelsByKey.put("key " + i, labels().get(i));
            byId.add(LabelledExchange.of("id " + i, exchanges().get(i), labels().get(i)));
        }
        assertThat(PolicyTuner.tune(evaluator, byKey, labelsByKey)).isEqualTo(tuned);
        assertThat(tuner(0.01).build().tune(evaluator, byId)).isEqualTo(tuned);
    }

    @Test
    void tune_sameInstruction_isOneGroup() {
        List<Exchange> sameInstruction = exchanges().stream()
                .map(exchange -> new Exchange("Why?", exchange.response()))
                .toList();
        assertThatThrownBy(() -> PolicyTuner.tune(new NumberEvaluator(), sameInstruction, labels()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responses must form at least 5 groups, one per fold, but formed 1");
        List<Exchange> withoutInstruction = exchanges().stream()
                .map(exchange -> Exchange.responseOnly(exchange.response()))
                .toList();
        assertThat(PolicyTuner.tune(new NumberEvaluator(), withoutInstruction, labels())
                        .all()
                        .recall()
                        .value())
                .isEqualTo(1);
    }

    @Test
    void tune_evaluatorFails_isCountedAndLeftOut() {
        List<Exchange> exchanges = new ArrayList<>(exchanges());
        exchanges.set(0, new Exchange("a", "error"));
        exchanges.set(1, new Exchange("b", "null"));
        assertThat(PolicyTuner.tune(new NumberEvaluator(), exchanges, labels()).leftOut())
                .containsExactly(Map.entry(Reason.NOT_JUDGED, 2));
    }

    @Test
    void tune_badLabels_refused() {
        SafetyEvaluator evaluator = new NumberEvaluator();
        assertThatThrownBy(() -> PolicyTuner.tune(evaluator, exchanges(), List.of(true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("exchanges and labels must have the same size, but were 200 and 1");
        Exchange exchange = new Exchange("Why?", "0.5");
        assertThatThrownBy(() -> PolicyTuner.tune(evaluator, Map.of("a", exchange), Map.of("b", true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("exchange must have a label, but had none (item 0)");
        assertThatThrownBy(() -> PolicyTuner.tune(evaluator, Map.of("a", exchange), Map.of("a", true, "b", true)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("labels must be of the 1 exchanges, but there were 2");
        LabelledExchange labelled = LabelledExchange.of("a", exchange, true);
        assertThatThrownBy(() -> tuner(0.1).build().tune(evaluator, List.of(labelled, labelled)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id must be unique, but was repeated (items 0 and 1)");
        LabelledExchange unlabelled = LabelledExchange.builder("b", exchange).build();
        assertThatThrownBy(() -> tuner(0.1).build().tune(evaluator, List.of(labelled, unlabelled)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("exchange must be labelled harmful or harmless, but was not (item 1)");
    }

    @Test
    void tune_oneClassOnly_refused() {
        List<Boolean> harmless = Collections.nCopies(200, false);
        assertThatThrownBy(() -> PolicyTuner.tune(new NumberEvaluator(), exchanges(), harmless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responses must include a harmful one, but there was none among 200");
        List<Boolean> harmful = Collections.nCopies(200, true);
        assertThatThrownBy(() -> PolicyTuner.tune(new NumberEvaluator(), exchanges(), harmful))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("responses must include at least 124 harmless ones for a falseBlockRate of 0.01 in 5 folds,"
                        + " but there were 0");
    }

    @Test
    void builder_badValues_refused() {
        assertThatThrownBy(() -> tuner(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("falseBlockRate must be in (0, 1), but was 0.0");
        assertThatThrownBy(() -> tuner(Double.NaN)).hasMessage("falseBlockRate must be in (0, 1), but was NaN");
        assertThatThrownBy(() -> tuner(0.1).reviewRate(1)).hasMessage("reviewRate must be in (0, 1), but was 1.0");
        assertThatThrownBy(() -> tuner(0.5).reviewRate(0.5).build())
                .hasMessage("falseBlockRate and reviewRate must be below 1 together, but were 0.5 and 0.5");
        assertThatThrownBy(() -> tuner(0.1).folds(1)).hasMessage("folds must be at least 2, but was 1");
        assertThatThrownBy(() -> tuner(0.1).confidence(1)).hasMessage("confidence must be in (0, 1), but was 1.0");
        assertThatThrownBy(() -> PolicyTuner.builder().seed(1).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("falseBlockRate must be set, but was not");
        assertThatThrownBy(() -> PolicyTuner.builder().falseBlockRate(0.1).build())
                .hasMessage("seed must be set, but was not");
        assertThatThrownBy(() -> tuner(0.1).falseBlockRate(0.2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("falseBlockRate must be set once, but was 0.1 and then 0.2");
        assertThatThrownBy(() -> tuner(0.1).seed(1)).hasMessage("seed must be set once, but was 42 and then 1");
    }

    @Test
    void describe_simple_isATable() {
        assertThat(tuner(0.05).build().tune(simple()).describe())
                .isEqualTo(
                        """
                        Thresholds that block 5.00 % of harmless responses, chosen from 219 responses: 199 harmless, 20 harmful.
                        Estimates with 95.0 % intervals, from 5 folds, each decided with thresholds that the other folds chose:

                        scope    block  harmless              blocked  harmful     blocked (recall)
                        default  0.191       199  4.52 % [2.40, 8.37]       20  75.0 % [53.1, 88.8]
                        all          -       199  4.52 % [2.40, 8.37]       20  75.0 % [53.1, 88.8]
                        """);
        assertThat(tuner(0.1).build().tune(simple()).describe())
                .startsWith("Thresholds that block 10.0 % of harmless responses, chosen");
    }

    @Test
    void describe_scopesReviewsAndLeftOut_areTold() {
        List<LabelledAssessment> answers = new ArrayList<>(ofAllTypes(1_500, 150, new Random(9)));
        answers.removeIf(each -> each.assessment().harmType().orElseThrow() != HarmType.ADULT_CONTENT
                && each.assessment().harmType().orElseThrow() != HarmType.TOXIC_LANGUAGE);
        answers.removeIf(
                each -> each.harmful() && each.assessment().harmType().orElseThrow() == HarmType.TOXIC_LANGUAGE);
        for (int i = 0; i < 20; i++) {
            answers.add(LabelledAssessment.of(scored(0.5 + i / 100.0, HarmType.ADULT_CONTENT), true));
        }
        answers.add(LabelledAssessment.of(Unscored.of(UnscoredReason.TIMEOUT, ""), true));
        assertThat(tuner(0.05).reviewRate(0.05).build().tune(answers).describe())
                .isEqualTo(
                        """
                        Thresholds that block 5.00 % of harmless responses and send 5.00 % to review, chosen from 273 responses: 241 harmless, 32 harmful.
                        Estimates with 95.0 % intervals, from 5 folds, each decided with thresholds that the other folds chose:

                        scope               block  review  harmless              blocked             reviewed  harmful     blocked (recall)  blocked or reviewed
                        ADULT_CONTENT        0.69     0.5       126  4.76 % [2.20, 10.0]  3.17 % [1.24, 7.88]       32  31.3 % [18.0, 48.6]  84.4 % [68.2, 93.1]
                        default               0.7     0.4       115  4.35 % [1.87, 9.78]  4.35 % [1.87, 9.78]        0                    -                    -
                        all                     -       -       241  4.56 % [2.57, 7.99]  3.73 % [1.98, 6.94]       32  31.3 % [18.0, 48.6]  84.4 % [68.2, 93.1]
                        all, one threshold      -       -       241  4.56 % [2.57, 7.99]  5.81 % [3.49, 9.51]       32  43.8 % [28.2, 60.7]  87.5 % [71.9, 95.0]

                        Left out because no threshold decides on them: NOT_JUDGED 1.
                        """);
    }
}
