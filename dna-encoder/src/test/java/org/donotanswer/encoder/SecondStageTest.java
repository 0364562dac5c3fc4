package org.donotanswer.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.donotanswer.encoder.TestStages.HEADS;
import static org.donotanswer.encoder.TestStages.TEMPERATURES;
import static org.donotanswer.encoder.TestStages.logits;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.transformer.HeadKind;
import org.donotanswer.encoder.SecondStage.ClassMix;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Distribution;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondStageTest {
    private static final double TOLERANCE = 1e-12;

    /** What the encoder says of three windows. */
    private static final WindowFeatures WINDOWS = WindowFeatures.of(
            List.of(logits(-1, 2, 0.5, 0, 0), logits(3, -2, 0.75, 1, 1), logits(1, 0, 1, 2, 2)), HEADS, TEMPERATURES);

    private static final Scored EMBEDDED = Scored.builder("embedded")
            .harmful(0.8)
            .refusal(0.1)
            .instructionRisk(0.6)
            .build();

    private static final StageInputs INPUTS = new StageInputs(WINDOWS, EMBEDDED, true, true);

    private static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }

    @Test
    void value_ofEachFeature_isThatOfItsJudge() {
        Map<StageFeature, Double> expected = new EnumMap<>(StageFeature.class);
        expected.put(StageFeature.BIAS, 1.0);
        expected.put(StageFeature.ENCODER_MAX, 3.0);
        expected.put(StageFeature.ENCODER_MEAN, 1.0);
        expected.put(StageFeature.ENCODER_FIRST, -1.0);
        expected.put(StageFeature.ENCODER_REFUSAL, 2.0);
        expected.put(StageFeature.ENCODER_RISK, 0.5);
        expected.put(StageFeature.EMBEDDED, logOdds(0.8));
        expected.put(StageFeature.EMBEDDED_REFUSAL, logOdds(0.1));
        expected.put(StageFeature.EMBEDDED_RISK, logOdds(0.6));
        expected.put(StageFeature.LOG_WINDOWS, Math.log(3));

        for (StageFeature feature : StageFeature.values()) {
            assertThat(INPUTS.value(feature, HeadKind.HARMFUL))
                    .as(feature.key())
                    .isCloseTo(expected.get(feature), within(TOLERANCE));
        }
        assertThat(INPUTS.value(StageFeature.ENCODER_MAX, HeadKind.REFUSAL)).isEqualTo(2);
        assertThat(INPUTS.value(StageFeature.EMBEDDED, HeadKind.INSTRUCTION_RISK))
                .isCloseTo(logOdds(0.6), within(TOLERANCE));
    }

    @Test
    void feature_byName_isItsValue() {
        assertThat(INPUTS.feature("encoderMean", HeadKind.HARMFUL)).isEqualTo(1);
        assertThat(INPUTS.feature("embeddedRisk", HeadKind.HARMFUL)).isCloseTo(logOdds(0.6), within(TOLERANCE));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> INPUTS.feature("encoderLeast", HeadKind.HARMFUL))
                .withMessage("feature must be known, but was 'encoderLeast'");
    }

    @Test
    void reads_headOfWhatTheTextLacks_isFalse() {
        StageInputs responseOnly = new StageInputs(WINDOWS, EMBEDDED, false, true);
        StageInputs instructionOnly = new StageInputs(WINDOWS, EMBEDDED, true, false);

        assertThat(HEADS.stream().filter(INPUTS::reads)).containsExactlyElementsOf(HEADS);
        assertThat(HEADS.stream().filter(responseOnly::reads))
                .containsExactly(HeadKind.HARMFUL, HeadKind.REFUSAL, HeadKind.ACTION);
        assertThat(HEADS.stream().filter(instructionOnly::reads))
                .containsExactly(HeadKind.INSTRUCTION_RISK, HeadKind.HARM_TYPE);
    }

    @Test
    void of_temperaturesInTheOrderOfOutputs_tellTheHeads() {
        Map<HeadKind, Double> temperatures = new LinkedHashMap<>();
        temperatures.put(HeadKind.ACTION, 1.0);
        temperatures.put(HeadKind.HARMFUL, 2.0);
        float[] logits = {0, 0, 0, 0, 0, 0, 1, 4};

        StageInputs inputs = StageInputs.of(List.of(logits), temperatures, EMBEDDED, true, true);

        assertThat(inputs.feature("encoderFirst", HeadKind.HARMFUL)).isEqualTo(1.5);
        assertThat(inputs.encoderLogProbability(HeadKind.ACTION, 5)).isCloseTo(Math.log(1 / 6.0), within(TOLERANCE));
        assertThat(inputs.reads(HeadKind.REFUSAL)).isFalse();
    }

    @Test
    void value_ofWhatIsNotKnown_isZero() {
        Scored harmOnly = Scored.builder("embedded").harmful(0.8).build();
        StageInputs responseOnly = new StageInputs(WINDOWS, harmOnly, false, true);
        StageInputs instructionOnly = new StageInputs(WINDOWS, EMBEDDED, true, false);

        assertThat(responseOnly.value(StageFeature.ENCODER_RISK, HeadKind.HARMFUL))
                .isEqualTo(0);
        assertThat(responseOnly.value(StageFeature.EMBEDDED_RISK, HeadKind.HARMFUL))
                .isEqualTo(0);
        assertThat(responseOnly.value(StageFeature.EMBEDDED_REFUSAL, HeadKind.HARMFUL))
                .isEqualTo(0);
        assertThat(responseOnly.value(StageFeature.ENCODER_REFUSAL, HeadKind.HARMFUL))
                .isEqualTo(2);
        assertThat(instructionOnly.value(StageFeature.ENCODER_REFUSAL, HeadKind.INSTRUCTION_RISK))
                .isEqualTo(0);
        assertThat(instructionOnly.value(StageFeature.ENCODER_RISK, HeadKind.INSTRUCTION_RISK))
                .isEqualTo(0.5);
    }

    @Test
    void value_ofCertainty_isBounded() {
        Scored certain = Scored.builder("embedded").harmful(1).refusal(0).build();
        StageInputs inputs = new StageInputs(WINDOWS, certain, true, true);

        assertThat(inputs.value(StageFeature.EMBEDDED, HeadKind.HARMFUL)).isEqualTo(12);
        assertThat(inputs.value(StageFeature.EMBEDDED_REFUSAL, HeadKind.HARMFUL))
                .isEqualTo(-12);
    }

    @Test
    void value_ofRefusalWithoutItsHead_isThatOfTheActions() {
        Scored actions = Scored.builder("embedded")
                .actions(Distribution.certain(ResponseAction.FOLLOW_INSTRUCTION))
                .build();

        assertThat(new StageInputs(WINDOWS, actions, true, true).value(StageFeature.EMBEDDED_REFUSAL, HeadKind.HARMFUL))
                .isEqualTo(-12);
    }

    @Test
    void probability_isSigmoidOfTheWeightedSum() {
        SecondStage stage = TestStages.ofHarm(
                Map.of("bias", -0.5, "encoderMax", 0.75, "encoderRefusal", -0.25, "embedded", 0.5, "logWindows", -0.1));

        double sum = -0.5 + 0.75 * 3 - 0.25 * 2 + 0.5 * logOdds(0.8) - 0.1 * Math.log(3);
        assertThat(stage.probability(HeadKind.HARMFUL, INPUTS)).isCloseTo(1 / (1 + Math.exp(-sum)), within(TOLERANCE));
        assertThat(stage.probability(HeadKind.REFUSAL, INPUTS)).isCloseTo(1 / (1 + Math.exp(-2)), within(TOLERANCE));
        assertThat(TestStages.ofHarm(Map.of()).probability(HeadKind.HARMFUL, INPUTS))
                .isEqualTo(0.5);
    }

    @Test
    void probability_ofLargeSums_isClamped() {
        assertThat(TestStages.ofHarm(Map.of("bias", 1000.0)).probability(HeadKind.HARMFUL, INPUTS))
                .isEqualTo(0.999);
        assertThat(TestStages.ofHarm(Map.of("bias", -1000.0)).probability(HeadKind.HARMFUL, INPUTS))
                .isEqualTo(0.001);
    }

    @Test
    void probabilities_areASoftmaxOfWeightedLogProbabilities() {
        Map<ResponseAction, Double> embedded = new EnumMap<>(ResponseAction.class);
        double[] p = {0.5, 0.1, 0.1, 0.1, 0.1, 0.1};
        List<ResponseAction> actions = List.of(ResponseAction.values());
        for (int i = 0; i < p.length; i++) {
            embedded.put(actions.get(i), p[i]);
        }
        StageInputs inputs = new StageInputs(
                WINDOWS,
                Scored.builder("embedded").actions(new Distribution<>(embedded)).build(),
                true,
                true);
        List<Double> bias = List.of(0.1, 0.2, 0.0, -0.3, 0.0, 0.0);
        SecondStage stage = new SecondStage(Map.of(), Map.of(HeadKind.ACTION, new ClassMix(0.75, 0.5, bias)));

        double[] expected = new double[6];
        double encoderSum = Math.exp(2) + 5;
        double sum = 0;
        for (int i = 0; i < 6; i++) {
            double encoder = (i == 0 ? Math.exp(2) : 1) / encoderSum;
            expected[i] = Math.pow(encoder, 0.75) * Math.pow(p[i], 0.5) * Math.exp(bias.get(i));
            sum += expected[i];
        }
        double[] actual = stage.probabilities(HeadKind.ACTION, inputs);
        for (int i = 0; i < 6; i++) {
            assertThat(actual[i]).isCloseTo(expected[i] / sum, within(TOLERANCE));
        }
    }

    @Test
    void probabilities_withoutTheEmbeddedJudge_areThoseOfTheEncoder() {
        SecondStage stage = new SecondStage(Map.of(), Map.of(HeadKind.HARM_TYPE, TestStages.mix(1, 0.5, 12)));

        double[] actual = stage.probabilities(HeadKind.HARM_TYPE, INPUTS);

        assertThat(actual[0]).isCloseTo(Math.exp(3) / (Math.exp(3) + 11), within(TOLERANCE));
    }

    @Test
    void json_roundTrip_isEqual() throws IOException {
        SecondStage stage = new SecondStage(
                Map.of(HeadKind.HARMFUL, Map.of("logWindows", 0.125, "bias", -1.5), HeadKind.REFUSAL, Map.of()),
                Map.of(HeadKind.ACTION, new ClassMix(0.7, 0.3, List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6))));
        ObjectMapper mapper = new ObjectMapper();

        String json = mapper.writeValueAsString(stage.toJson());

        assertThat(json)
                .isEqualTo(
                        "{\"events\":{\"harmful\":{\"bias\":-1.5,\"logWindows\":0.125},\"refusal\":{}},"
                                + "\"classes\":{\"action\":{\"encoderWeight\":0.7,\"embeddedWeight\":0.3,\"bias\":{"
                                + "\"" + String.join("\":%s,\"", HeadKind.ACTION.labels()) + "\":%s}}}}",
                        0.1,
                        0.2,
                        0.3,
                        0.4,
                        0.5,
                        0.6);
        assertThat(SecondStage.fromJson(mapper.readValue(json, new TypeReference<Map<String, Object>>() {})))
                .isEqualTo(stage);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}|second stage must have events, but was without it",
                "{\"events\":{}}|second stage must have classes, but was without it",
                "{\"event\":{},\"classes\":{}}|second stage must have events, classes and no more, but had 'event'"
                        + " (did you mean 'events'?)",
                "{\"events\":[],\"classes\":{}}|events must be an object, but was []",
                "{\"events\":{\"harm\":{}},\"classes\":{}}|head of events must be one of harmful, instruction_risk, refusal,"
                        + " action, harm_type, but was 'harm'",
                "{\"events\":{\"refusals\":{}},\"classes\":{}}|head of events must be one of harmful, instruction_risk,"
                        + " refusal, action, harm_type, but was 'refusals' (did you mean 'refusal'?)",
                "{\"events\":{\"action\":{}},\"classes\":{}}|head of events must be that of one event, but was action",
                "{\"events\":{\"harmful\":{\"encoder_max\":1}},\"classes\":{}}|feature of harmful must be one of bias,"
                        + " encoderMax, encoderMean, encoderFirst, encoderRefusal, encoderRisk, embedded, embeddedRefusal,"
                        + " embeddedRisk, logWindows, but was 'encoder_max' (did you mean 'encoderMax'?)",
                "{\"events\":{\"harmful\":{\"bias\":\"1\"}},\"classes\":{}}|weight of bias of harmful must be a number in"
                        + " [-1000, 1000], but was 1",
                "{\"events\":{\"harmful\":{\"bias\":1e999}},\"classes\":{}}|weight of bias of harmful must be a number in"
                        + " [-1000, 1000], but was Infinity",
                "{\"events\":{\"harmful\":{\"bias\":null}},\"classes\":{}}|weight of bias of harmful must be a number in"
                        + " [-1000, 1000], but was null",
                "{\"events\":{},\"classes\":{\"action\":{\"encoderWeight\":1,\"embeddedWeight\":1}}}|action must have bias,"
                        + " but was without it",
                "{\"events\":{},\"classes\":{\"action\":{\"encoderWeight\":1,\"embeddedWeight\":1,\"bias\":[1]}}}|bias of"
                        + " action must be an object, but was [1]",
            })
    void fromJson_malformed_saysWhereAndWhy(String json, String message) throws IOException {
        Map<String, Object> map = new ObjectMapper().readValue(json, new TypeReference<>() {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStage.fromJson(map))
                .withMessage(message);
    }

    @Test
    void fromJson_labels_mustBeThoseOfTheHead() {
        Map<String, Object> bias = new LinkedHashMap<>();
        HeadKind.ACTION.labels().forEach(label -> bias.put(label, 0.0));
        String last = HeadKind.ACTION.labels().get(5);
        Map<String, Object> json = Map.of(
                "events",
                Map.of(),
                "classes",
                Map.of("action", Map.of("encoderWeight", 1, "embeddedWeight", 0, "bias", bias)));
        assertThat(SecondStage.fromJson(json).classes()).containsKey(HeadKind.ACTION);

        bias.remove(last);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStage.fromJson(json))
                .withMessage("bias of action must have " + last + ", but was without it");

        bias.put(last, Double.NaN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStage.fromJson(json))
                .withMessage("bias of " + last + " of action must be a number in [-1000, 1000], but was NaN");

        bias.put(last, 0);
        bias.put(last + "x", 0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecondStage.fromJson(json))
                .withMessage("bias of action must have " + String.join(", ", HeadKind.ACTION.labels())
                        + " and no more, but had '" + last + "x' (did you mean '" + last + "'?)");
    }

    @Test
    void new_badValues_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestStages.ofHarm(Map.of("encoderMax", Double.NaN)))
                .withMessage("weight of encoderMax of harmful must be in [-1000, 1000], but was NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestStages.mix(Double.POSITIVE_INFINITY, 0, 6))
                .withMessage("encoderWeight must be in [-1000, 1000], but was Infinity");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecondStage(Map.of(), Map.of(HeadKind.ACTION, TestStages.mix(1, 0, 5))))
                .withMessage("number of biases of action must be 6, but was 5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecondStage(Map.of(), Map.of(HeadKind.HARMFUL, TestStages.mix(1, 0, 2))))
                .withMessage("head of classes must be that of several classes, but was harmful");
    }

    @Test
    void new_mutableMaps_areCopied() {
        Map<String, Double> weights = new HashMap<>(Map.of("bias", 1.0));
        SecondStage stage = TestStages.ofHarm(weights);
        weights.put("bias", 2.0);

        assertThat(stage.events().get(HeadKind.HARMFUL)).isEqualTo(Map.of("bias", 1.0));
    }

    @Test
    void requireHeads_others_areNamed() {
        SecondStage stage = TestStages.average();
        stage.requireHeads(HEADS);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> stage.requireHeads(List.of(HeadKind.HARMFUL)))
                .withMessage("heads of the second stage must be those of the model (harmful), but were harmful,"
                        + " instruction_risk, refusal, action, harm_type");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecondStage(Map.of(), Map.of()).requireHeads(List.of(HeadKind.HARMFUL)))
                .withMessage("heads of the second stage must be those of the model (harmful), but were none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SecondStage(Map.of(), Map.of()).probability(HeadKind.HARMFUL, INPUTS))
                .withMessage("head must be one of the second stage, but was harmful");
    }
}
