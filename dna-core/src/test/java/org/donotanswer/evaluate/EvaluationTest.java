package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.assertj.core.data.Offset;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.EvaluationFigures.ClassFigures;
import org.donotanswer.evaluate.EvaluationFigures.FlaggingFigures;
import org.donotanswer.evaluate.EvaluationFigures.HarmfulFigures;
import org.donotanswer.metrics.Bootstrap;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.metrics.Reliability;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final Offset<Double> EXACT = within(1e-12);
    private static final String PRIVATE_WORD = "xylophonist";

    /**
     * Reads the probability of harm from the response; "timeout" and "empty" are unscored, "action" has actions
     * only.
     */
    private static Assessment read(String response) {
        return switch (response) {
            case "timeout" -> Unscored.of(UnscoredReason.TIMEOUT, "");
            case "empty" -> Unscored.of(UnscoredReason.EMPTY_RESPONSE, "");
            case "action" ->
                Scored.builder("judge")
                        .actions(Distribution.certain(ResponseAction.CANNOT_ASSIST))
                        .build();
            default ->
                Scored.builder("judge").harmful(Double.parseDouble(response)).build();
        };
    }

    private static SafetyEvaluator judge() {
        return new ScriptedEvaluator("judge", EvaluationTest::read);
    }

    private static LabelledExchange item(String id, String response, boolean harmful) {
        return LabelledExchange.of(id, Exchange.responseOnly(response), harmful);
    }

    private static LabelledExchange unlabelled(String id, String response) {
        return LabelledExchange.builder(id, Exchange.responseOnly(response)).build();
    }

    /** Scored: harmful .9, .6, .4 and harmless .8, .3, .1. Not scored: one of each. One has no label. */
    private static List<LabelledExchange> sample() {
        return List.of(
                item("a", "0.9", true),
                item("b", "0.8", false),
                item("c", "0.6", true),
                item("d", "0.4", true),
                item("e", "0.3", false),
                item("f", "0.1", false),
                item("g", "timeout", true),
                item("h", "empty", false),
                unlabelled("i", "0.7"));
    }

    private static HarmfulFigures harmful(List<LabelledExchange> items) {
        return Evaluation.of(judge(), items).overall().harmful();
    }

    @Test
    void of_sample_countsEveryExchange() {
        Evaluation evaluation = Evaluation.of(judge(), sample());

        assertThat(evaluation.evaluator()).isEqualTo("judge");
        assertThat(evaluation.options()).isEqualTo(EvaluationOptions.defaults());
        assertThat(evaluation.overall().exchanges()).isEqualTo(9);
        assertThat(evaluation.overall().unscored())
                .isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L, UnscoredReason.EMPTY_RESPONSE, 1L));
        HarmfulFigures figures = evaluation.overall().harmful();
        assertThat(figures.coverage().unlabelled()).isEqualTo(1);
        assertThat(figures.coverage().labelled()).isEqualTo(8);
        assertThat(figures.coverage().scored()).isEqualTo(new Proportion(6, 8));
        assertThat(figures.coverage().unscored()).isEqualTo(evaluation.overall().unscored());
        assertThat(evaluation.assessments().keySet()).containsExactly("a", "b", "c", "d", "e", "f", "g", "h", "i");
        assertThat(evaluation.assessments()).containsEntry("g", Unscored.of(UnscoredReason.TIMEOUT, ""));
        assertThat(evaluation).hasToString("Evaluation[evaluator=judge, exchanges=9]");
    }

    @Test
    void of_sample_scoredOnly() {
        // Flagged: a and c rightly, b wrongly; d is missed.
        assertFlagging(harmful(sample()).scoredOnly(), counts(2, 1, 1, 2), 2 / 3.0, 2 / 3.0, 2 / 3.0, 1 / 3.0);
    }

    @Test
    void of_sample_unscoredFlagged() {
        // g and h are flagged in addition: one rightly, one wrongly.
        assertFlagging(harmful(sample()).unscoredFlagged(), counts(2, 2, 1, 3), 3 / 5.0, 3 / 4.0, 2 / 3.0, 2 / 4.0);
    }

    @Test
    void of_sample_unscoredPassed() {
        // g is missed in addition, h passes rightly.
        assertFlagging(harmful(sample()).unscoredPassed(), counts(3, 1, 2, 2), 2 / 3.0, 2 / 4.0, 4 / 7.0, 1 / 4.0);
    }

    private static ConfusionMatrix<Boolean> counts(
            long trueNegatives, long falsePositives, long falseNegatives, long truePositives) {
        return ConfusionMatrix.ofCounts(
                List.of(false, true),
                List.of(List.of(trueNegatives, falsePositives), List.of(falseNegatives, truePositives)));
    }

    private static void assertFlagging(
            FlaggingFigures figures,
            ConfusionMatrix<Boolean> matrix,
            double precision,
            double recall,
            double f1,
            double falsePositiveRate) {
        assertThat(figures.matrix()).isEqualTo(matrix);
        assertThat(figures.precision().value()).isCloseTo(precision, EXACT);
        assertThat(figures.recall().value()).isCloseTo(recall, EXACT);
        assertThat(figures.f1().value()).isCloseTo(f1, EXACT);
        assertThat(figures.falsePositiveRate().value()).isCloseTo(falsePositiveRate, EXACT);
    }

    @Test
    void of_sample_rankingAndCalibration() {
        HarmfulFigures figures = harmful(sample());

        // Of the 9 pairs, .9 wins 3, .6 and .4 win 2 each.
        assertThat(figures.auc().value()).isCloseTo(7 / 9.0, EXACT);
        assertThat(figures.brier().value()).isCloseTo((0.01 + 0.64 + 0.16 + 0.36 + 0.09 + 0.01) / 6, EXACT);
        assertThat(figures.logLoss().value())
                .isCloseTo(
                        -(Math.log(0.9) + Math.log(0.2) + Math.log(0.6) + Math.log(0.4) + Math.log(0.7) + Math.log(0.9))
                                / 6,
                        EXACT);
        // Each probability has a bin to itself.
        assertThat(figures.reliability().bins())
                .hasSize(6)
                .extracting(Reliability.Bin::count)
                .containsOnly(1L);
        assertThat(figures.calibrationError()).isCloseTo((0.1 + 0.8 + 0.4 + 0.6 + 0.3 + 0.1) / 6, EXACT);
    }

    @Test
    void of_independentExchanges_proportionsHaveWilsonIntervals() {
        FlaggingFigures figures = harmful(sample()).unscoredFlagged();

        assertThat(figures.precision().interval()).isEqualTo(Interval.wilson(3, 5, 0.95));
        assertThat(figures.recall().interval()).isEqualTo(Interval.wilson(3, 4, 0.95));
        assertThat(figures.falsePositiveRate().interval()).isEqualTo(Interval.wilson(2, 4, 0.95));
    }

    @Test
    void of_independentExchanges_otherFiguresHaveBootstrapIntervals() {
        double[] squares = {0.01, 0.64, 0.16, 0.36, 0.09, 0.01};
        Interval expected = Bootstrap.of(1000, 0.95, 0)
                .estimate(6, items -> {
                    double sum = 0;
                    for (int item : items) {
                        sum += squares[item];
                    }
                    return sum / items.length;
                })
                .interval();

        Interval interval = harmful(sample()).brier().interval();

        assertThat(interval.lower()).isCloseTo(expected.lower(), EXACT);
        assertThat(interval.upper()).isCloseTo(expected.upper(), EXACT);
    }

    @Test
    void of_sharedGroups_intervalsAreWider() {
        List<LabelledExchange> independent = new ArrayList<>();
        List<LabelledExchange> grouped = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            // Ten items of the same group are all right or all wrong.
            String response = i / 10 % 4 == 0 ? "0.1" : "0.9";
            independent.add(item("i" + i, response, true));
            grouped.add(LabelledExchange.builder("i" + i, Exchange.responseOnly(response))
                    .harmful(true)
                    .group("g" + i / 10)
                    .build());
        }

        HarmfulFigures wide = harmful(grouped);
        HarmfulFigures narrow = harmful(independent);

        assertThat(wide.scoredOnly().recall().value()).isEqualTo(0.75);
        assertThat(wide.scoredOnly().recall().interval().width())
                .isGreaterThan(1.5 * narrow.scoredOnly().recall().interval().width());
        assertThat(wide.brier().interval().width())
                .isGreaterThan(1.5 * narrow.brier().interval().width());
    }

    @Test
    void of_groupsOfOne_areIndependent() {
        List<LabelledExchange> items = sample().stream()
                .map(item -> LabelledExchange.builder(item.id(), item.exchange())
                        .group("group of " + item.id())
                        .harmful(item.harmful().orElse(true))
                        .build())
                .toList();

        FlaggingFigures figures = harmful(items).scoredOnly();

        assertThat(figures.precision().interval()).isEqualTo(Interval.wilson(3, 4, 0.95));
    }

    @Test
    void of_options_areUsed() {
        EvaluationOptions options = EvaluationOptions.builder()
                .threshold(0.85)
                .confidence(0.5)
                .resamples(50)
                .seed(3)
                .build();

        Evaluation evaluation = Evaluation.of(judge(), sample(), options);

        assertThat(evaluation.options()).isEqualTo(new EvaluationOptions(0.85, 0.5, 50, 3));
        FlaggingFigures figures = evaluation.overall().harmful().scoredOnly();
        assertThat(figures.matrix()).isEqualTo(counts(3, 0, 2, 1));
        assertThat(figures.recall().interval()).isEqualTo(Interval.wilson(1, 3, 0.5));
    }

    @Test
    void of_atTheThreshold_isFlagged() {
        assertThat(harmful(List.of(item("a", "0.5", true))).scoredOnly().matrix())
                .isEqualTo(counts(0, 0, 0, 1));
    }

    @Test
    void of_sameSeed_isReproducible() {
        assertThat(Evaluation.of(judge(), sample())).isEqualTo(Evaluation.of(judge(), sample()));
        assertThat(Evaluation.of(
                                judge(),
                                sample(),
                                EvaluationOptions.builder().seed(1).build())
                        .overall()
                        .harmful()
                        .logLoss())
                .isNotEqualTo(harmful(sample()).logLoss());
    }

    @Test
    void of_scoresWithoutHarmfulness_areNotSupported() {
        Evaluation evaluation = Evaluation.of(judge(), List.of(item("a", "action", true), item("b", "0.9", true)));

        assertThat(evaluation.overall().unscored()).isEmpty();
        assertThat(evaluation.overall().harmful().coverage().scored()).isEqualTo(new Proportion(1, 2));
        assertThat(evaluation.overall().harmful().coverage().unscored())
                .isEqualTo(Map.of(UnscoredReason.NOT_SUPPORTED, 1L));
    }

    private static LabelledExchange acting(String id, ResponseAction label, String response) {
        return LabelledExchange.builder(id, Exchange.responseOnly(response))
                .action(label)
                .build();
    }

    private static SafetyEvaluator classifier() {
        return new ScriptedEvaluator(
                "classifier",
                response -> response.equals("timeout")
                        ? Unscored.of(UnscoredReason.TIMEOUT, "")
                        : Scored.builder("classifier")
                                .actions(Distribution.certain(ResponseAction.valueOf(response)))
                                .build());
    }

    /** One of two refusals is mistaken for help; the help is recognized; the refutation is not scored. */
    private static List<LabelledExchange> actions() {
        return List.of(
                acting("1", ResponseAction.CANNOT_ASSIST, "CANNOT_ASSIST"),
                acting("2", ResponseAction.CANNOT_ASSIST, "FOLLOW_INSTRUCTION"),
                acting("3", ResponseAction.FOLLOW_INSTRUCTION, "FOLLOW_INSTRUCTION"),
                acting("4", ResponseAction.REFUTE_OPINION, "timeout"),
                unlabelled("5", "CANNOT_ASSIST"));
    }

    @Test
    void of_actions_figuresOfClasses() {
        ClassFigures<ResponseAction> figures =
                Evaluation.of(classifier(), actions()).overall().action();

        assertThat(figures.coverage().unlabelled()).isEqualTo(1);
        assertThat(figures.coverage().scored()).isEqualTo(new Proportion(3, 4));
        assertThat(figures.coverage().unscored()).isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L));
        assertThat(figures.matrix().labels()).containsExactly(ResponseAction.values());
        assertThat(figures.matrix().total()).isEqualTo(3);
        assertThat(figures.accuracy().value()).isCloseTo(2 / 3.0, EXACT);
        assertThat(figures.accuracy().interval()).isEqualTo(Interval.wilson(2, 3, 0.95));
        assertThat(figures.accuracyUnscoredWrong().value()).isCloseTo(2 / 4.0, EXACT);
        // F1 is 2/3 for both classes that occur; the others do not count.
        assertThat(figures.report().classes().keySet())
                .containsExactly(ResponseAction.CANNOT_ASSIST, ResponseAction.FOLLOW_INSTRUCTION);
        assertThat(figures.macroF1().value()).isCloseTo(2 / 3.0, EXACT);
    }

    @Test
    void of_harmTypes_figuresOfClasses() {
        SafetyEvaluator evaluator = new ScriptedEvaluator("types", response -> Scored.builder("types")
                .harmTypes(Distribution.certain(HarmType.valueOf(response)))
                .build());
        List<LabelledExchange> items = List.of(
                LabelledExchange.builder("1", Exchange.responseOnly("ADULT_CONTENT"))
                        .harmType(HarmType.ADULT_CONTENT)
                        .build(),
                LabelledExchange.builder("2", Exchange.responseOnly("ADULT_CONTENT"))
                        .harmType(HarmType.ILLEGAL_ACTIVITIES)
                        .build());

        ClassFigures<HarmType> figures =
                Evaluation.of(evaluator, items).overall().harmType();

        assertThat(figures.accuracy().value()).isEqualTo(0.5);
        assertThat(figures.matrix().count(HarmType.ILLEGAL_ACTIVITIES, HarmType.ADULT_CONTENT))
                .isEqualTo(1);
        // F1 is 2/3 and 0.
        assertThat(figures.macroF1().value()).isCloseTo(1 / 3.0, EXACT);
    }

    @Test
    void of_sources_figuresOfEach() {
        List<LabelledExchange> items = List.of(
                LabelledExchange.builder("1", Exchange.responseOnly("0.9"))
                        .harmful(true)
                        .source("zebra")
                        .build(),
                LabelledExchange.builder("2", Exchange.responseOnly("0.9"))
                        .harmful(false)
                        .source("ant")
                        .build(),
                LabelledExchange.builder("3", Exchange.responseOnly("timeout"))
                        .harmful(true)
                        .source("ant")
                        .build(),
                item("4", "0.1", true));

        Evaluation evaluation = Evaluation.of(judge(), items);

        assertThat(evaluation.overall().exchanges()).isEqualTo(4);
        assertThat(evaluation.withoutSource()).isEqualTo(1);
        assertThat(evaluation.bySource().keySet()).containsExactly("ant", "zebra");
        assertThat(evaluation.bySource().get("zebra").harmful().scoredOnly().matrix())
                .isEqualTo(counts(0, 0, 0, 1));
        EvaluationFigures ant = evaluation.bySource().get("ant");
        assertThat(ant.exchanges()).isEqualTo(2);
        assertThat(ant.unscored()).isEqualTo(Map.of(UnscoredReason.TIMEOUT, 1L));
        assertThat(ant.harmful().scoredOnly().matrix()).isEqualTo(counts(0, 1, 0, 0));
        assertThat(ant.harmful().scoredOnly().precision().value()).isZero();
        assertThat(ant.harmful().scoredOnly().recall().value()).isNaN();
    }

    @Test
    void of_oneClassOnly_isUndefined() {
        HarmfulFigures figures = harmful(List.of(item("a", "0.1", false), item("b", "0.2", false)));

        assertThat(figures.auc()).isEqualTo(Measure.UNDEFINED);
        assertThat(figures.scoredOnly().precision()).isEqualTo(Measure.UNDEFINED);
        assertThat(figures.scoredOnly().recall()).isEqualTo(Measure.UNDEFINED);
        assertThat(figures.scoredOnly().f1()).isEqualTo(Measure.UNDEFINED);
        assertThat(figures.scoredOnly().falsePositiveRate().value()).isZero();
        assertThat(figures.brier().value()).isCloseTo(0.025, EXACT);
        assertThat(Evaluation.of(judge(), List.of(item("a", "0.1", false))).describe())
                .contains("scored only  undefined  undefined  undefined  0.000 (0.000 to 0.793)")
                .contains("AUC undefined");
    }

    @Test
    void of_nothing_isUndefined() {
        for (List<LabelledExchange> items : List.of(
                List.<LabelledExchange>of(), List.of(unlabelled("a", "0.5")), List.of(unlabelled("a", "empty")))) {
            Evaluation evaluation = Evaluation.of(judge(), items);

            HarmfulFigures figures = evaluation.overall().harmful();
            assertThat(figures.coverage().labelled()).isZero();
            assertThat(figures.coverage().scored().value()).isNaN();
            assertThat(figures.auc().isDefined()).isFalse();
            assertThat(figures.brier().isDefined()).isFalse();
            assertThat(figures.calibrationError()).isNaN();
            assertThat(evaluation.overall().action().accuracy().isDefined()).isFalse();
            assertThat(evaluation.overall().action().macroF1().isDefined()).isFalse();
            assertThat(evaluation.describe()).contains("Harmful: no labels");
        }
    }

    @Test
    void of_nothingScored_isUndefinedButCounted() {
        HarmfulFigures figures = harmful(List.of(item("a", "timeout", true), item("b", "timeout", false)));

        assertThat(figures.coverage().scored()).isEqualTo(new Proportion(0, 2));
        assertThat(figures.scoredOnly().recall().isDefined()).isFalse();
        assertThat(figures.unscoredFlagged().recall().value()).isOne();
        assertThat(figures.unscoredPassed().recall().value()).isZero();
    }

    @Test
    void of_failingEvaluator_isUnscoredAndTheRestGoesOn() {
        for (Function<String, Assessment> failure :
                List.<Function<String, Assessment>>of(response -> null, response -> {
                    throw new UnsupportedOperationException(response);
                })) {
            SafetyEvaluator evaluator = new ScriptedEvaluator(
                    "judge", response -> response.contains(PRIVATE_WORD) ? failure.apply(response) : read(response));

            Evaluation evaluation = Evaluation.of(
                    evaluator, List.of(item("a", "0.9", true), item("b", PRIVATE_WORD, true), item("c", "0.1", false)));

            assertThat(evaluation.overall().unscored()).isEqualTo(Map.of(UnscoredReason.EVALUATOR_FAILURE, 1L));
            assertThat(evaluation.overall().harmful().coverage().scored()).isEqualTo(new Proportion(2, 3));
            assertThat(evaluation.assessments().get("b").describe())
                    .isIn(
                            "not scored: EVALUATOR_FAILURE (evaluator returned null)",
                            "not scored: EVALUATOR_FAILURE"
                                    + " (evaluator threw java.lang.UnsupportedOperationException)");
            assertThat(evaluation.describe()).doesNotContain(PRIVATE_WORD);
        }
    }

    @Test
    void of_wrongNumberOfAssessments_evaluatesEach() {
        SafetyEvaluator evaluator = new ForwardingEvaluator(judge()) {
            @Override
            public List<Assessment> evaluateAll(List<Exchange> exchanges) {
                return List.of(read("0.5"));
            }
        };

        assertThat(Evaluation.of(evaluator, sample())).isEqualTo(Evaluation.of(judge(), sample()));
    }

    @Test
    void of_manyExchanges_keepsTheirOrder() {
        List<LabelledExchange> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            items.add(item("id" + i, Double.toString(i / 200.0), i % 3 == 0));
        }

        Evaluation evaluation = Evaluation.of(
                judge(), items, EvaluationOptions.builder().resamples(10).build());

        assertThat(evaluation.assessments()).hasSize(200);
        for (LabelledExchange item : items) {
            assertThat(evaluation.assessments())
                    .containsEntry(item.id(), read(item.exchange().response()));
        }
    }

    @Test
    void of_repeatedId_throwsWithThePositions() {
        List<LabelledExchange> items = new ArrayList<>(sample());
        items.add(item("c", "0.5", true));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.of(judge(), items))
                .withMessage("id must be unique, but was repeated (items 2 and 9)");
    }

    @Test
    void ofAssessments_sameAssessments_isTheSame() {
        Evaluation evaluation = Evaluation.of(judge(), sample());

        assertThat(Evaluation.ofAssessments("judge", sample(), evaluation.assessments(), evaluation.options()))
                .isEqualTo(evaluation);
    }

    @Test
    void ofAssessments_otherIds_throws() {
        Assessment assessment = read("0.5");
        List<LabelledExchange> items = List.of(item("a", "", true), item("b", "", true));
        EvaluationOptions options = EvaluationOptions.defaults();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.ofAssessments("x", items, Map.of("a", assessment), options))
                .withMessage("exchange must have an assessment, but had none (item 1)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Evaluation.ofAssessments(
                        "x", items, Map.of("a", assessment, "b", assessment, "c", assessment), options))
                .withMessage("assessments must be of the 2 exchanges, but there were 3");
    }

    @Test
    void options_outOfRange_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvaluationOptions.builder().threshold(1.5).build())
                .withMessage("threshold must be in [0, 1], but was 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvaluationOptions.builder().confidence(1).build())
                .withMessage("confidence must be in (0, 1), but was 1.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EvaluationOptions.builder().resamples(0).build())
                .withMessage("resamples must be at least 1, but was 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> EvaluationOptions.builder().seed(1).seed(2))
                .withMessage("seed must be set once, but was 1 and then 2");
    }

    @Test
    void labelledExchange_builder_setsEachLabelOnce() {
        LabelledExchange item = LabelledExchange.builder("7", Exchange.of("I", "R"))
                .harmful(false)
                .action(ResponseAction.REFUTE_OPINION)
                .harmType(HarmType.ADULT_CONTENT)
                .source("GPT4")
                .group("q7")
                .build();

        assertThat(item.harmful()).contains(false);
        assertThat(item.action()).contains(ResponseAction.REFUTE_OPINION);
        assertThat(item.harmType()).contains(HarmType.ADULT_CONTENT);
        assertThat(item.source()).contains("GPT4");
        assertThat(item.group()).contains("q7");
        assertThat(item.toString()).doesNotContain("response=R");
        assertThatIllegalStateException()
                .isThrownBy(() -> LabelledExchange.builder("7", Exchange.of("I", "R"))
                        .harmful(false)
                        .harmful(true))
                .withMessage("harmful must be set once, but was false and then true");
    }

    @Test
    void describe_sample_isReadable() {
        List<LabelledExchange> items = new ArrayList<>();
        for (LabelledExchange item : sample()) {
            LabelledExchange.Builder builder = LabelledExchange.builder(item.id(), item.exchange());
            item.harmful().ifPresent(builder::harmful);
            if (!item.id().equals("a")) {
                builder.source(item.id().compareTo("e") < 0 ? "first LLM" : "second LLM");
            }
            items.add(builder.build());
        }

        assertThat(Evaluation.of(judge(), items).describe())
                .isEqualTo(
                        """
                Evaluation of judge on 9 exchanges: threshold 0.5, 95 % intervals in parentheses
                Not scored: 2 (EMPTY_RESPONSE 1, TIMEOUT 1)

                Harmful: 8 labelled (1 unlabelled), 6 scored, not scored 2 (EMPTY_RESPONSE 1, TIMEOUT 1)
                                                    precision                  recall                      F1     false positive rate
                  scored only          0.667 (0.208 to 0.939)  0.667 (0.208 to 0.939)  0.667 (0.000 to 1.000)  0.333 (0.061 to 0.792)
                  unscored as flagged  0.600 (0.231 to 0.882)  0.750 (0.301 to 0.954)  0.667 (0.217 to 1.000)  0.500 (0.150 to 0.850)
                  unscored as passed   0.667 (0.208 to 0.939)  0.500 (0.150 to 0.850)  0.571 (0.000 to 0.923)  0.250 (0.046 to 0.699)
                  AUC 0.778 (0.250 to 1.000)
                  calibration error 0.383, log loss 0.601 (0.241 to 1.054), Brier score 0.212 (0.060 to 0.408)
                            passed  flagged
                  harmless       2        1
                  harmful        1        2

                Action: no labels

                Harm type: no labels

                By source (harmful, scored only)
                              exchanges  labelled  scored               precision                  recall                      F1                     AUC
                  first LLM           3         3       3  0.500 (0.095 to 0.905)  0.500 (0.095 to 0.905)  0.500 (0.000 to 1.000)  0.000 (0.000 to 0.000)
                  second LLM          5         4       2               undefined               undefined               undefined               undefined
                  without a source: 1 exchange
                """);
    }

    @Test
    void describe_actions_isReadable() {
        assertThat(Evaluation.of(classifier(), actions()).describe())
                .isEqualTo(
                        """
                Evaluation of classifier on 5 exchanges: threshold 0.5, 95 % intervals in parentheses
                Not scored: 1 (TIMEOUT 1)

                Harmful: no labels

                Action: 4 labelled (1 unlabelled), 3 scored, not scored 1 (TIMEOUT 1)
                  accuracy 0.667 (0.208 to 0.939), unscored as wrong 0.500 (0.150 to 0.850), macro F1 0.667 (0.000 to 1.000)
                                        precision  recall     F1  labelled  as 1  as 2
                  1 CANNOT_ASSIST           1.000   0.500  0.667         2     1     1
                  2 FOLLOW_INSTRUCTION      0.500   1.000  0.667         1     0     1

                Harm type: no labels
                """);
    }

    @Test
    void json_sample_hasTheFigures() throws Exception {
        JsonNode json = new JsonMapper().valueToTree(Evaluation.of(judge(), sample()));

        assertThat(json.properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("evaluator", "options", "overall", "bySource", "withoutSource");
        assertThat(json.at("/options/threshold").doubleValue()).isEqualTo(0.5);
        assertThat(json.at("/overall/unscored/TIMEOUT").intValue()).isEqualTo(1);
        assertThat(json.at("/overall/harmful/scoredOnly/matrix/counts/1/1").intValue())
                .isEqualTo(2);
        assertThat(json.at("/overall/harmful/coverage/scored/count").intValue()).isEqualTo(6);
        assertThat(json.at("/overall/harmful/scoredOnly/recall").toString())
                .matches("\\{\"value\":0\\.6+\\d?,\"interval\":\\{\"lower\":0\\.\\d+,\"upper\":0\\.\\d+}}");
    }

    private static LabelledExchange refusing(String id, String response, boolean refusal) {
        return LabelledExchange.builder(id, Exchange.responseOnly(response))
                .refusal(refusal)
                .source("s")
                .build();
    }

    @Test
    void of_refusals_figuresByTheOwnHeadOrTheActions() {
        SafetyEvaluator head = new ScriptedEvaluator(
                "head",
                response -> response.equals("timeout")
                        ? Unscored.of(UnscoredReason.TIMEOUT, "")
                        : Scored.builder("head")
                                .actions(Distribution.certain(ResponseAction.FOLLOW_INSTRUCTION))
                                .refusal(Double.parseDouble(response))
                                .build());
        Evaluation evaluation = Evaluation.of(
                head,
                List.of(
                        refusing("1", "0.9", true),
                        refusing("2", "0.3", true),
                        refusing("3", "0.6", false),
                        refusing("4", "0.1", false),
                        refusing("5", "timeout", true),
                        unlabelled("6", "0.9")));
        HarmfulFigures figures = evaluation.overall().refusal();

        assertThat(figures.coverage().unlabelled()).isEqualTo(1);
        assertThat(figures.coverage().scored()).isEqualTo(new Proportion(4, 5));
        assertFlagging(figures.scoredOnly(), counts(1, 1, 1, 1), 1 / 2.0, 1 / 2.0, 1 / 2.0, 1 / 2.0);
        assertThat(figures.auc().value()).isCloseTo(3 / 4.0, EXACT);
        assertThat(evaluation.bySource().get("s").refusal().coverage().labelled())
                .isEqualTo(5);
        assertThat(evaluation.overall().harmful().coverage().labelled()).isZero();
        assertThat(evaluation.describe())
                .contains("Harmful: no labels\n")
                .contains("Refusal: 5 labelled (1 unlabelled), 4 scored, not scored 1 (TIMEOUT 1)\n")
                .contains("  no refusal       1        1\n  refusal          1        1\n");

        HarmfulFigures byActions = Evaluation.of(
                        classifier(),
                        List.of(
                                refusing("1", "CANNOT_ASSIST", true),
                                refusing("2", "UNABLE_OR_UNCERTAIN", true),
                                refusing("3", "CAUTIOUS_DISCLAIMER", false)))
                .overall()
                .refusal();
        assertThat(byActions.scoredOnly().f1().value()).isEqualTo(1);
    }

    @Test
    void of_refusalsButNoSuchScore_areNotScored() {
        Evaluation evaluation = Evaluation.of(judge(), List.of(refusing("1", "0.9", true)));

        assertThat(evaluation.overall().refusal().coverage().unscored())
                .isEqualTo(Map.of(UnscoredReason.NOT_SUPPORTED, 1L));
        assertThat(Evaluation.of(judge(), sample()).describe()).doesNotContain("Refusal");
    }
}
