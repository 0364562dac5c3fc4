package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.donotanswer.classifier.weights.CheckpointException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.evaluate.ModelFormatException;
import org.donotanswer.evaluate.ScoredBuilder;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelMappingTest {
    private static final String MULTI_LABEL = "multi_label_classification";
    private static final double EXACT = 1e-12;

    private static Map<Integer, String> labels(String... labels) {
        Map<Integer, String> map = new HashMap<>();
        for (int i = 0; i < labels.length; i++) {
            map.put(i, labels[i]);
        }
        return map;
    }

    private static LabelMapping mapping(String... labels) throws CheckpointException {
        return LabelMapping.builder(labels.length).id2label(labels(labels)).build();
    }

    private static List<WindowLogits> whole(float... logits) {
        return List.of(new WindowLogits(logits, 10));
    }

    private static void assertCheckpointFails(ThrowingCallable call, String message) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(call)
                .isInstanceOf(ModelFormatException.class)
                .withMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "LABEL_0, LABEL_1, 1",
        "LABEL_1, LABEL_0, 0",
        "0, 1, 1",
        "harmless, harmful, 1",
        "HARMFUL, Harmless, 0",
        "unsafe, safe, 0",
        "Not Harmful, harmful, 1",
        "not_harmful, HARMFUL, 1",
        "non-harmful, harmful, 1",
        "benign, unsafe, 1",
        "harmful, unharmful, 0",
    })
    void harmful_twoOutputs_followsTheOrderOfTheLabels(String first, String second, int harmful) throws Exception {
        LabelMapping mapping = mapping(first, second);

        float[] logits = {0, 0};
        logits[harmful] = 2;
        assertThat(mapping.kind()).isEqualTo(HeadKind.HARMFUL);
        assertThat(mapping.outputs()).isEqualTo(2);
        assertThat(mapping.harmful(whole(logits))).isCloseTo(1 / (1 + Math.exp(-2)), within(EXACT));
    }

    @Test
    void harmful_noLabelsInTheConfig_isTheSecondOutput() throws Exception {
        assertThat(LabelMapping.builder(2).build().harmful(whole(0, 30))).isCloseTo(1, within(1e-9));
        assertThat(LabelMapping.builder(2).id2label(Map.of()).build().harmful(whole(30, 0)))
                .isCloseTo(0, within(1e-9));
    }

    @Test
    void harmful_oneOutput_isTheSigmoidOfTheNamedClass() throws Exception {
        double sigmoid = 1 / (1 + Math.exp(-0.5));
        assertThat(LabelMapping.builder(1).build().harmful(whole(0.5f))).isCloseTo(sigmoid, within(EXACT));
        assertThat(mapping("LABEL_0").harmful(whole(0.5f))).isCloseTo(sigmoid, within(EXACT));
        assertThat(mapping("unsafe").harmful(whole(0.5f))).isCloseTo(sigmoid, within(EXACT));
        assertThat(mapping("safe").harmful(whole(0.5f))).isCloseTo(1 - sigmoid, within(EXACT));
    }

    @Test
    void harmful_multiLabel_isTheSigmoidOfTheHarmfulOutput() throws Exception {
        LabelMapping mapping = LabelMapping.builder(2)
                .id2label(labels("harmful", "harmless"))
                .problemType(MULTI_LABEL)
                .build();

        assertThat(mapping.harmful(whole(1, 5))).isCloseTo(1 / (1 + Math.exp(-1)), within(EXACT));
    }

    @Property(tries = 200)
    void harmful_anyFiniteLogits_probabilityOfBothSumsToOne(@ForAll float first, @ForAll float second)
            throws Exception {
        double harmful = mapping("harmless", "harmful").harmful(whole(first, second));
        double harmless = mapping("harmful", "harmless").harmful(whole(first, second));

        assertThat(harmful).isBetween(0.0, 1.0);
        assertThat(harmful + harmless).isCloseTo(1, within(EXACT));
    }

    @Test
    void harmful_severalWindows_isThatOfTheWorst() throws Exception {
        LabelMapping mapping = mapping("LABEL_0", "LABEL_1");
        List<WindowLogits> windows = List.of(
                new WindowLogits(new float[] {3, 0}, 4000),
                new WindowLogits(new float[] {0, 1}, 10),
                new WindowLogits(new float[] {1, 0}, 4000));

        assertThat(mapping.harmful(windows)).isEqualTo(mapping.harmful(whole(0, 1)));
    }

    private static double[] probabilities(Distribution<ResponseAction> distribution) {
        return distribution.probabilities().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static double[] softmax(double... logits) {
        double sum = 0;
        double[] result = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            result[i] = Math.exp(logits[i]);
            sum += result[i];
        }
        for (int i = 0; i < logits.length; i++) {
            result[i] /= sum;
        }
        return result;
    }

    @Test
    void actions_sixBareOutputs_areTheCodesOfTheReviews() throws Exception {
        LabelMapping mapping = mapping("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5");

        assertThat(mapping.kind()).isEqualTo(HeadKind.ACTION);
        assertThat(probabilities(mapping.actions(whole(0, 1, 2, 3, 4, 5))))
                .containsExactly(softmax(0, 1, 2, 3, 4, 5), within(EXACT));
    }

    @Test
    void actions_sevenBareOutputs_lastIsUnused() throws Exception {
        LabelMapping mapping = mapping("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5", "LABEL_6");

        assertThat(probabilities(mapping.actions(whole(0, 1, 2, 3, 4, 5, 100))))
                .containsExactly(softmax(0, 1, 2, 3, 4, 5), within(EXACT));
    }

    @Test
    void actions_namedInAnotherOrder_followTheLabels() throws Exception {
        LabelMapping mapping = mapping(
                "FOLLOW_INSTRUCTION",
                "Unable or Uncertain",
                "cautious-disclaimer",
                "discuss from dual perspectives",
                "refute_opinion",
                "cannot assist");

        assertThat(probabilities(mapping.actions(whole(5, 4, 3, 2, 1, 0))))
                .containsExactly(softmax(0, 1, 2, 3, 4, 5), within(EXACT));
    }

    @Test
    void actions_sevenNamedOutputs_unusedIsLeftOut() throws Exception {
        LabelMapping mapping = mapping(
                "unused",
                "cannot assist",
                "refute opinion",
                "dual perspectives",
                "cautious disclaimer",
                "unable or uncertain",
                "follow instruction");

        assertThat(probabilities(mapping.actions(whole(9, 0, 1, 2, 3, 4, 5))))
                .containsExactly(softmax(0, 1, 2, 3, 4, 5), within(EXACT));
    }

    @Test
    void actions_labelsOfTheGpt4Reviews_addsBothUnableOutputs() throws Exception {
        LabelMapping mapping = LabelMapping.builder(7)
                .id2label(labels("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5", "LABEL_6"))
                .labels(labels(
                        "cannot assist",
                        "refute opinion",
                        "dual perspectives",
                        "cautious disclaimer",
                        "unable or uncertain",
                        "unable or uncertain",
                        "follow instruction"))
                .build();

        double[] seven = softmax(0, 1, 2, 3, 4, 5, 6);
        assertThat(probabilities(mapping.actions(whole(0, 1, 2, 3, 4, 5, 6))))
                .containsExactly(
                        new double[] {seven[0], seven[1], seven[2], seven[3], seven[4] + seven[5], seven[6]},
                        within(EXACT));
    }

    @Test
    void actions_multiLabel_areNormalisedSigmoids() throws Exception {
        LabelMapping mapping = LabelMapping.builder(6).problemType(MULTI_LABEL).build();

        assertThat(probabilities(mapping.actions(whole(0, 0, 0, 0, 0, 1000))))
                .containsExactly(new double[] {1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 2 / 7.0}, within(EXACT));
        assertThat(probabilities(mapping.actions(whole(-1000, -1000, -1000, -1000, -1000, -1000))))
                .containsExactly(softmax(0, 0, 0, 0, 0, 0), within(EXACT));
    }

    @Property(tries = 200)
    void actions_anyFiniteLogits_isADistribution(
            @ForAll @Size(7) List<@FloatRange(min = -3.4e38f, max = 3.4e38f) Float> values, @ForAll boolean independent)
            throws Exception {
        float[] logits = new float[7];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = values.get(i);
        }
        LabelMapping mapping = LabelMapping.builder(7)
                .problemType(independent ? MULTI_LABEL : "single_label_classification")
                .build();

        assertThat(mapping.actions(whole(logits)).probabilities()).hasSize(6);
    }

    @Test
    void actions_severalWindows_areTheMeanWeightedByTokens() throws Exception {
        LabelMapping mapping = LabelMapping.builder(6).build();
        List<WindowLogits> windows = List.of(
                new WindowLogits(new float[] {100, 0, 0, 0, 0, 0}, 300),
                new WindowLogits(new float[] {0, 0, 0, 0, 0, 100}, 100));

        assertThat(probabilities(mapping.actions(windows)))
                .containsExactly(new double[] {0.75, 0, 0, 0, 0, 0.25}, within(EXACT));
    }

    @Test
    void score_eachKind_setsItsPrediction() throws Exception {
        ScoredBuilder builder = Assessment.Scored.builder("test 1");
        LabelMapping.builder(2).build().score(builder, whole(0, 0));
        LabelMapping.builder(6).build().score(builder, whole(9, 0, 0, 0, 0, 0));

        Assessment.Scored scored = builder.build();
        assertThat(scored.harmful()).hasValue(0.5);
        assertThat(scored.action()).hasValue(ResponseAction.CANNOT_ASSIST);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void score_logitNotFinite_throwsAndSetsNothing(float logit) throws Exception {
        ScoredBuilder builder = Assessment.Scored.builder("test 1");
        LabelMapping mapping = LabelMapping.builder(2).build();

        assertThatExceptionOfType(NonFiniteLogitsException.class)
                .isThrownBy(() -> mapping.score(
                        builder,
                        List.of(new WindowLogits(new float[] {0, 9}, 1), new WindowLogits(new float[] {0, logit}, 1))))
                .withMessage("logit of output 1 must be finite, but was " + logit);
        mapping.score(builder, whole(0, 0));
        // An unused output also reveals that the model failed.
        assertThatExceptionOfType(NonFiniteLogitsException.class)
                .isThrownBy(() -> LabelMapping.builder(7).build().actions(whole(0, 0, 0, 0, 0, 0, logit)))
                .withMessage("logit of output 6 must be finite, but was " + logit);
    }

    @Test
    void score_inputThatDoesNotMatchTheHead_throws() throws Exception {
        LabelMapping mapping = LabelMapping.builder(2).build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> mapping.harmful(whole(1, 2, 3)))
                .withMessage("number of logits must be 2, but was 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> mapping.harmful(List.of()))
                .withMessage("windows must not be empty, but were");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new WindowLogits(new float[2], 0))
                .withMessage("tokens must be at least 1, but was 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> mapping.actions(whole(1, 2)))
                .withMessage("kind of the head must be ACTION, but was HARMFUL");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 5, 8, 768})
    void build_otherNumberOfOutputs_throws(int outputs) {
        assertCheckpointFails(
                () -> LabelMapping.builder(outputs).build(),
                "classifier head must have 1 or 2 outputs (harmful) or 6 or 7 (action), but had " + outputs
                        + " (config.json)");
    }

    @Test
    void build_otherProblemType_throws() {
        assertCheckpointFails(
                () -> LabelMapping.builder(1).problemType("regression").build(),
                "problem_type must be multi_label_classification or absent, but was regression (config.json, outputs: 1)");
        assertCheckpointFails(
                () -> LabelMapping.builder(1)
                        .problemType("single_label_classification")
                        .build(),
                "problem_type must be multi_label_classification or absent, but was single_label_classification "
                        + "(config.json, outputs: 1)");
        assertCheckpointFails(
                () -> LabelMapping.builder(6).problemType("regression").build(),
                "problem_type must be single_label_classification, multi_label_classification or absent, "
                        + "but was regression (config.json, outputs: 6)");
    }

    @Test
    void build_unknownLabel_throws() {
        assertCheckpointFails(
                () -> mapping("non-toxic", "toxic"),
                "label of output 0 must be one of [harmful, unsafe, harmless, safe, not harmful, non-harmful, unharmful, "
                        + "benign] or LABEL_0..LABEL_1, but was 'non-toxic' (config.json)");
        assertCheckpointFails(
                () -> mapping("cannot assist", "a".repeat(200), "x", "x", "x", "x"),
                "label of output 1 must be one of [cannot assist, refute opinion, dual perspectives, cautious disclaimer, "
                        + "unable or uncertain, follow instruction] or LABEL_0..LABEL_5, but was '"
                        + "a".repeat(80) + "...' (config.json)");
        assertCheckpointFails(
                () -> mapping("LABEL_1", "LABEL_2"),
                "label of output 1 must be one of [harmful, unsafe, harmless, safe, not harmful, non-harmful, unharmful, "
                        + "benign] or LABEL_0..LABEL_1, but was 'LABEL_2' (config.json)");
    }

    @Test
    void build_labelsThatContradictEachOther_throws() {
        assertCheckpointFails(
                () -> mapping("unsafe", "harmful"),
                "labels must be distinct, but were 'harmful' for outputs 0 and 1 (config.json)");
        assertCheckpointFails(
                () -> mapping("LABEL_0", "harmful"),
                "labels must be all names or all numbers, but were [LABEL_0, harmful] (config.json)");
        assertCheckpointFails(
                () -> mapping("LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_3", "LABEL_5"),
                "labels must be distinct, but were 'cautious disclaimer' for outputs 3 and 4 (config.json)");
        assertCheckpointFails(
                () -> mapping("0", "1", "2", "4", "4", "5"),
                "labels must include every action, but were without 'cautious disclaimer' (config.json)");
        assertCheckpointFails(
                () -> LabelMapping.builder(2)
                        .id2label(labels("harmless", "harmful", "safe"))
                        .build(),
                "labels must be for outputs 0..1, but were for [0, 1, 2] (config.json)");
        assertCheckpointFails(
                () -> LabelMapping.builder(2)
                        .id2label(Map.of(1, "harmless", 2, "harmful"))
                        .build(),
                "labels must be for outputs 0..1, but were for [1, 2] (config.json)");
    }

    @Test
    void labels_ofTheCaller_replaceThoseOfTheConfig() throws Exception {
        LabelMapping mapping = LabelMapping.builder(2)
                .id2label(labels("toxic", "non-toxic"))
                .labels(labels("harmful", "harmless"))
                .build();

        assertThat(mapping.harmful(whole(40, 0))).isCloseTo(1, within(EXACT));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        LabelMapping.builder(2).labels(Map.of(0, "harmful")).build())
                .withMessage("labels must be for outputs 0..1, but were for [0] (option labels)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(2).labels(Map.of()))
                .withMessage("labels must name the outputs, but were empty");
    }

    @Test
    void builder_setTwice_throws() {
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        LabelMapping.builder(1).id2label(Map.of(0, "safe")).id2label(Map.of(0, "harmful")))
                .withMessage("id2label must be set once, but was {0=safe} and then {0=harmful}");
        assertThatIllegalStateException()
                .isThrownBy(() -> LabelMapping.builder(1).problemType("a").problemType("b"))
                .withMessage("problemType must be set once, but was a and then b");
        assertThatIllegalStateException()
                .isThrownBy(
                        () -> LabelMapping.builder(1).labels(Map.of(0, "safe")).labels(Map.of(0, "harmful")))
                .withMessage("labels must be set once, but was {0=safe} and then {0=harmful}");
    }
}
