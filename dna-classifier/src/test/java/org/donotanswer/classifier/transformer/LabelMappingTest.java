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

    private static LabelMapping expecting(HeadKind kind, String... labels) throws CheckpointException {
        return LabelMapping.builder(labels.length)
                .id2label(labels(labels))
                .expected(kind)
                .build();
    }

    private static LabelMapping.Builder actionHead(int outputs) {
        return LabelMapping.builder(outputs).expected(HeadKind.ACTION);
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
        "neutral, toxic, 1",
        "Non-Toxic, TOXIC, 1",
        "toxic, not_toxic, 0",
        "nothate, hate, 1",
        "NON_HATE, HATE, 1",
        "not-offensive, offensive, 1",
        "SFW, NSFW, 1",
        "clean, profanity, 1",
        "acceptable, inappropriate content, 1",
        "NORMAL, ABUSIVE, 1",
        "none, sexist, 1",
        "unsafe response, safe response, 0",
        "'✅ OK', violence, 1",
        "safe, S1, 1",
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
        assertThat(mapping("toxic").harmful(whole(0.5f))).isCloseTo(sigmoid, within(EXACT));
        assertThat(expecting(HeadKind.HARMFUL, "LABEL_0").harmful(whole(0.5f))).isCloseTo(sigmoid, within(EXACT));
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

    @Property(tries = 200, seed = "20261201")
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
        LabelMapping mapping =
                expecting(HeadKind.ACTION, "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5");

        assertThat(mapping.kind()).isEqualTo(HeadKind.ACTION);
        assertThat(probabilities(mapping.actions(whole(0, 1, 2, 3, 4, 5))))
                .containsExactly(softmax(0, 1, 2, 3, 4, 5), within(EXACT));
    }

    @Test
    void actions_sevenBareOutputs_lastIsUnused() throws Exception {
        LabelMapping mapping =
                expecting(HeadKind.ACTION, "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_4", "LABEL_5", "LABEL_6");

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
        LabelMapping mapping = actionHead(6).problemType(MULTI_LABEL).build();

        assertThat(probabilities(mapping.actions(whole(0, 0, 0, 0, 0, 1000))))
                .containsExactly(new double[] {1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 1 / 7.0, 2 / 7.0}, within(EXACT));
        assertThat(probabilities(mapping.actions(whole(-1000, -1000, -1000, -1000, -1000, -1000))))
                .containsExactly(softmax(0, 0, 0, 0, 0, 0), within(EXACT));
    }

    @Property(tries = 200, seed = "20261201")
    void actions_anyFiniteLogits_isADistribution(
            @ForAll @Size(7) List<@FloatRange(min = -3.4e38f, max = 3.4e38f) Float> values, @ForAll boolean independent)
            throws Exception {
        float[] logits = new float[7];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = values.get(i);
        }
        LabelMapping mapping = actionHead(7)
                .problemType(independent ? MULTI_LABEL : "single_label_classification")
                .build();

        assertThat(mapping.actions(whole(logits)).probabilities()).hasSize(6);
    }

    @Test
    void actions_severalWindows_areTheMeanWeightedByTokens() throws Exception {
        LabelMapping mapping = actionHead(6).build();
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
        actionHead(6).build().score(builder, whole(9, 0, 0, 0, 0, 0));

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
                .isThrownBy(() -> actionHead(7).build().actions(whole(0, 0, 0, 0, 0, 0, logit)))
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

    @Test
    void harmful_softmaxOfManyClasses_isTheSumOfTheHarmful() throws Exception {
        double[] p = softmax(1, 2, 3, 4);

        assertThat(mapping("normal", "hate", "offensive", "neutral").harmful(whole(1, 2, 3, 4)))
                .isCloseTo(p[1] + p[2], within(EXACT));
        assertThat(mapping("S", "H", "V", "OK").harmful(whole(1, 2, 3, 4))).isCloseTo(1 - p[3], within(EXACT));
        assertThat(mapping("sexism", "racism", "other", "not_hate").harmful(whole(1, 2, 3, 4)))
                .isCloseTo(1 - p[3], within(EXACT));
    }

    @Test
    void harmful_multiLabel_isTheGreatestHarmfulSigmoid() throws Exception {
        LabelMapping toxicity = LabelMapping.builder(6)
                .id2label(labels("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"))
                .problemType(MULTI_LABEL)
                .build();
        LabelMapping withHarmless = LabelMapping.builder(3)
                .id2label(labels("OK", "hate", "violence"))
                .problemType(MULTI_LABEL)
                .build();

        assertThat(toxicity.kind()).isEqualTo(HeadKind.HARMFUL);
        assertThat(toxicity.harmful(whole(-3, -1, -2, 0.5f, -4, -5)))
                .isCloseTo(1 / (1 + Math.exp(-0.5)), within(EXACT));
        assertThat(withHarmless.harmful(whole(9, -1, -2))).isCloseTo(1 / (1 + Math.exp(1)), within(EXACT));
        assertThat(withHarmless.describe()).isEqualTo("harmful: greatest sigmoid of hate, violence; not counted: OK");
    }

    @Test
    void harmful_mentionsOfGroupsBesideToxicity_areNotCounted() throws Exception {
        LabelMapping mapping = LabelMapping.builder(4)
                .id2label(labels("toxicity", "male", "psychiatric_or_mental_illness", "insult"))
                .problemType(MULTI_LABEL)
                .build();

        assertThat(mapping.harmful(whole(-2, 9, 9, -1))).isCloseTo(1 / (1 + Math.exp(1)), within(EXACT));
        assertThat(mapping.isAssumed()).isTrue();
        assertThat(mapping.describe())
                .isEqualTo(
                        "harmful: greatest sigmoid of toxicity, insult; not counted: male, psychiatric_or_mental_illness");
    }

    @Property(tries = 200, seed = "20261201")
    void harmful_anyClasses_isBetweenZeroAndOne(
            @ForAll @Size(5) List<@FloatRange(min = -3.4e38f, max = 3.4e38f) Float> values) throws Exception {
        float[] logits = new float[5];
        for (int i = 0; i < 5; i++) {
            logits[i] = values.get(i);
        }
        double first = mapping("hate", "safe", "threat", "neutral", "insult").harmful(whole(logits));
        double opposite = mapping("safe", "hate", "neutral", "threat", "clean").harmful(whole(logits));

        assertThat(first).isBetween(0.0, 1.0);
        assertThat(first + opposite).isCloseTo(1, within(EXACT));
    }

    @Test
    void describe_saysHowTheOutputsAreRead() throws Exception {
        assertThat(mapping("neutral", "toxic").describe()).isEqualTo("harmful: softmax of toxic against neutral");
        assertThat(mapping("S", "H", "OK").describe()).isEqualTo("harmful: softmax of S + H against OK");
        assertThat(mapping("S", "H", "OK").isAssumed()).isTrue();
        assertThat(mapping("neutral", "toxic").isAssumed()).isFalse();
        assertThat(mapping("toxic").describe()).isEqualTo("harmful: sigmoid of toxic");
        assertThat(mapping("safe").describe()).isEqualTo("harmful: 1 - sigmoid of safe");
        assertThat(mapping("LABEL_0", "LABEL_1").describe()).isEqualTo("harmful: softmax of LABEL_1 against LABEL_0");
        assertThat(mapping("BENIGN", "INJECTION").describe())
                .isEqualTo("instruction risk: softmax of INJECTION against BENIGN");
        assertThat(actionHead(6).build().describe())
                .isEqualTo("action: softmax of cannot assist, refute opinion, dual perspectives, cautious disclaimer,"
                        + " unable or uncertain, follow instruction");
        String[] many = new String[40];
        for (int i = 0; i < 40; i++) {
            many[i] = i == 39 ? "OK" : "S" + i;
        }
        assertThat(mapping(many).describe()).contains("S31 + 7 more against OK").doesNotContain("S32");
    }

    @ParameterizedTest
    @CsvSource({
        "BENIGN, INJECTION, INSTRUCTION_RISK, INSTRUCTION_ONLY",
        "LEGIT, INJECTION, INSTRUCTION_RISK, INSTRUCTION_ONLY",
        "benign, jailbreak, INSTRUCTION_RISK, INSTRUCTION_ONLY",
        "benign, malicious, INSTRUCTION_RISK, INSTRUCTION_ONLY",
        "SAFE, prompt injection, INSTRUCTION_RISK, INSTRUCTION_ONLY",
        "safe, unsafe, HARMFUL, RESPONSE_ONLY",
        "NORMAL, REJECTION, REFUSAL, RESPONSE_ONLY",
        "refusal, compliance, REFUSAL, RESPONSE_ONLY",
    })
    void kind_followsFromTheLabels(String first, String second, HeadKind kind, InputFormat format) throws Exception {
        LabelMapping mapping = mapping(first, second);

        assertThat(mapping.kind()).isEqualTo(kind);
        assertThat(mapping.inputFormat()).isEqualTo(format);
    }

    @Test
    void score_threeClassesOfAttacks_isOneMinusBenign() throws Exception {
        ScoredBuilder builder = Assessment.Scored.builder("test 1");
        mapping("BENIGN", "INJECTION", "JAILBREAK").score(builder, whole(1, 2, 3));

        Assessment.Scored scored = builder.build();
        assertThat(scored.instructionRisk().getAsDouble()).isCloseTo(1 - softmax(1, 2, 3)[0], within(EXACT));
        assertThat(scored.harmful()).isEmpty();
    }

    @Test
    void score_attacksInTheResponse_areHarmful() throws Exception {
        LabelMapping mapping = LabelMapping.builder(2)
                .id2label(labels("SAFE", "INJECTION"))
                .inputFormat(InputFormat.RESPONSE_ONLY)
                .build();

        assertThat(mapping.kind()).isEqualTo(HeadKind.HARMFUL);
        assertThat(expecting(HeadKind.HARMFUL, "SAFE", "INJECTION").inputFormat())
                .isEqualTo(InputFormat.RESPONSE_ONLY);
        assertThat(expecting(HeadKind.INSTRUCTION_RISK, "safe", "toxic").inputFormat())
                .isEqualTo(InputFormat.INSTRUCTION_ONLY);
    }

    @Test
    void score_refusalInWindows_isTheMeanWeightedByTokens() throws Exception {
        ScoredBuilder builder = Assessment.Scored.builder("test 1");
        mapping("NORMAL", "REJECTION")
                .score(
                        builder,
                        List.of(
                                new WindowLogits(new float[] {0, 100}, 300),
                                new WindowLogits(new float[] {100, 0}, 100)));

        assertThat(builder.build().refusal().getAsDouble()).isCloseTo(0.75, within(EXACT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 8, 768})
    void build_bareLabels_throws(int outputs) {
        String example = outputs == 1 ? "0=harmful" : "0=harmless,1=harmful";
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> LabelMapping.builder(outputs).build())
                .withMessageStartingWith("labels must tell what the head predicts, but were [LABEL_0")
                .withMessageEndingWith(
                        "] (config.json); say what they mean with labels(..) or --labels, for example " + example);
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 7})
    void build_bareActions_saysHowToLoadThem(int outputs) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> LabelMapping.builder(outputs).build())
                .withMessageEndingWith("; if they are Do-Not-Answer's actions, use action(..) or --action-model");
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() ->
                        LabelMapping.builder(outputs).expected(HeadKind.HARMFUL).build())
                .withMessageStartingWith("labels must tell what the head predicts, but were [LABEL_0");
    }

    @Test
    void build_regression_needsTheCallersLabels() throws Exception {
        String message =
                "problem_type must be single_label_classification, multi_label_classification or absent, but was"
                        + " regression (config.json); to read its scores by sigmoids, say what they mean with labels(..) or --labels,"
                        + " for example 0=harmful";
        assertCheckpointFails(
                () -> LabelMapping.builder(1).problemType("regression").build(), message);
        assertCheckpointFails(
                () -> LabelMapping.builder(6).problemType("regression").build(), message);

        LabelMapping score = LabelMapping.builder(1)
                .problemType("regression")
                .labels(labels("harmless"))
                .build();
        assertThat(score.harmful(whole(2))).isCloseTo(1 / (1 + Math.exp(2)), within(EXACT));
        assertThat(score.describe()).isEqualTo("harmful: 1 - sigmoid of LABEL_0");
    }

    @Test
    void build_otherProblemType_throws() {
        assertCheckpointFails(
                () -> LabelMapping.builder(2).problemType("ranking").build(),
                "problem_type must be single_label_classification, multi_label_classification or absent, but was ranking"
                        + " (config.json)");
    }

    @Test
    void harmful_oneOutput_isASigmoidWhateverTheProblemType() throws Exception {
        for (String type : List.of("single_label_classification", MULTI_LABEL)) {
            LabelMapping mapping = LabelMapping.builder(1)
                    .id2label(labels("toxic"))
                    .problemType(type)
                    .build();
            assertThat(mapping.harmful(whole(0.5f))).isCloseTo(1 / (1 + Math.exp(-0.5)), within(EXACT));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "negative, neutral, positive",
        "contradiction, entailment, neutral",
        "anger, joy, neutral",
        "neutral, formal, slang",
        "safe, neutral, whatever",
        "toxic, spam, LABEL_2",
        "safe, unsafe, controversial",
        "safe, neutral, normal",
    })
    void build_labelsThatDoNotTell_throws(String first, String second, String third) {
        assertCheckpointFails(
                () -> mapping(first, second, third),
                "labels must tell harmful outputs from harmless ones, but were [" + first + ", " + second + ", " + third
                        + "] (config.json); say what they mean with labels(..) or --labels, for example"
                        + " 0=harmless,1=harmful");
    }

    @ParameterizedTest
    @CsvSource({"toxic, insult, threat", "black, toxic, white"})
    void build_kindsOfHarmWithoutSigmoids_throws(String first, String second, String third) {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> mapping(first, second, third))
                .withMessageEndingWith("; if each output has its own sigmoid, problem_type must say so");
    }

    @Test
    void build_labelsOfASingleOutputThatDoNotTell_throws() {
        for (String label : List.of("neutral", "score", "male", "positive")) {
            assertCheckpointFails(
                    () -> mapping(label),
                    "labels must tell harmful outputs from harmless ones, but were [" + label
                            + "] (config.json); say what they mean with labels(..) or --labels, for example 0=harmful");
        }
    }

    @Test
    void build_mentionsOnly_throws() {
        assertThatExceptionOfType(CheckpointException.class)
                .isThrownBy(() -> LabelMapping.builder(2)
                        .id2label(labels("male", "female"))
                        .problemType(MULTI_LABEL)
                        .build())
                .withMessageStartingWith(
                        "labels must tell harmful outputs from harmless ones, but were [male, female]");
    }

    @Test
    void build_unknownActionLabel_throws() {
        assertCheckpointFails(
                () -> mapping("cannot assist", "a".repeat(200), "x", "x", "x", "x"),
                "label of output 1 must be one of [cannot assist, refute opinion, dual perspectives, cautious disclaimer, "
                        + "unable or uncertain, follow instruction], but was '"
                        + "a".repeat(80) + "...' (config.json)");
        assertCheckpointFails(
                () -> mapping("LABEL_1", "LABEL_2"),
                "numbers of labels must be less than 2, but were [LABEL_1, LABEL_2] (config.json)");
    }

    @Test
    void build_labelsThatContradictEachOther_throws() {
        assertCheckpointFails(
                () -> mapping("unsafe", "harmful"),
                "labels must tell harmful outputs from harmless ones, but were [unsafe, harmful] (config.json); say what they"
                        + " mean with labels(..) or --labels, for example 0=harmless,1=harmful; if each output has"
                        + " its own sigmoid, problem_type must say so");
        assertCheckpointFails(
                () -> mapping("LABEL_1", "1"), "labels must be distinct, but were [LABEL_1, 1] (config.json)");
        assertCheckpointFails(
                () -> expecting(HeadKind.ACTION, "LABEL_0", "LABEL_1", "LABEL_2", "LABEL_3", "LABEL_3", "LABEL_5"),
                "labels must be distinct, but were 'cautious disclaimer' for outputs 3 and 4 (config.json)");
        assertCheckpointFails(
                () -> expecting(HeadKind.ACTION, "0", "1", "2", "4", "4", "5"),
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
    void labels_ofOneSide_putTheRestOnTheOther() throws Exception {
        String[] names = {"a", "b", "c"};
        double[] p = softmax(1, 2, 3);
        LabelMapping harmful = LabelMapping.builder(3)
                .id2label(labels(names))
                .labels(Map.of(1, "harmful"))
                .build();
        LabelMapping harmless = LabelMapping.builder(3)
                .id2label(labels(names))
                .labels(Map.of(1, "harmless"))
                .build();
        LabelMapping withUnused = LabelMapping.builder(3)
                .id2label(labels(names))
                .labels(labels("harmless", "harmful", "unused"))
                .build();

        assertThat(harmful.harmful(whole(1, 2, 3))).isCloseTo(p[1], within(EXACT));
        assertThat(harmless.harmful(whole(1, 2, 3))).isCloseTo(1 - p[1], within(EXACT));
        assertThat(withUnused.harmful(whole(1, 2, 3))).isCloseTo(p[1] / (p[0] + p[1]), within(EXACT));
        assertThat(withUnused.describe()).isEqualTo("harmful: softmax of b against a; left out: c");
    }

    @Test
    void labels_thatDoNotSuitTheHead_throw() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(3)
                        .labels(Map.of(0, "harmful", 1, "harmless"))
                        .build())
                .withMessage(
                        "labels must be for all outputs unless only the harmful or only the harmless ones are named, but"
                                + " were without [LABEL_2] (option labels)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(2)
                        .labels(labels("harmful", "unused"))
                        .build())
                .withMessage(
                        "labels must name a harmless output, but were {0=harmful, 1=unused} (option labels; for example"
                                + " 0=harmless,1=harmful)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(2)
                        .labels(labels("refusal", "harmful"))
                        .build())
                .withMessage(
                        "label of output 1 must be refusal, compliance or unused, but was 'harmful' (option labels)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(2)
                        .labels(labels("refusal", "compliance"))
                        .inputFormat(InputFormat.INSTRUCTION_ONLY)
                        .build())
                .withMessage(
                        "input format of a head for the refusal of a response must not be INSTRUCTION_ONLY, but was"
                                + " (option labels)");
    }

    @Test
    void labels_ofTheCaller_replaceThoseOfTheConfig() throws Exception {
        LabelMapping mapping = LabelMapping.builder(2)
                .id2label(labels("x", "y"))
                .labels(labels("harmful", "harmless"))
                .build();

        assertThat(mapping.harmful(whole(40, 0))).isCloseTo(1, within(EXACT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabelMapping.builder(6)
                        .labels(Map.of(0, "cannot assist"))
                        .build())
                .withMessage("labels must be for outputs 0..5, but were for [0] (option labels)");
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
