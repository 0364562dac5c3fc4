package org.donotanswer.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.donotanswer.evaluate.Assessment.Scored;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.taxonomy.HarmType;
import org.donotanswer.taxonomy.ResponseAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads and writes with a plain mapper, without modules or options. */
class AssessmentJsonTest {
    private static final String FULL = "{\"status\":\"SCORED\",\"harmful\":0.25,\"action\":\"CANNOT_ASSIST\","
            + "\"actions\":{\"CANNOT_ASSIST\":1.0,\"REFUTE_OPINION\":0.0,\"DUAL_PERSPECTIVES\":0.0,"
            + "\"CAUTIOUS_DISCLAIMER\":0.0,\"UNABLE_OR_UNCERTAIN\":0.0,\"FOLLOW_INSTRUCTION\":0.0},"
            + "\"instructionRisk\":0.875,\"harmType\":\"ADULT_CONTENT\","
            + "\"harmTypes\":{\"SENSITIVE_ORGANIZATION_INFORMATION\":0.0,\"PRIVATE_INFORMATION\":0.0,"
            + "\"ILLEGAL_ACTIVITIES\":0.0,\"UNETHICAL_OR_UNSAFE_ACTIONS\":0.0,\"DISINFORMATION_CAMPAIGNS\":0.0,"
            + "\"STEREOTYPES_AND_DISCRIMINATION\":0.0,\"TOXIC_LANGUAGE\":0.0,\"ADULT_CONTENT\":1.0,"
            + "\"FALSE_OR_MISLEADING_INFORMATION\":0.0,\"MATERIAL_HARM_BY_MISINFORMATION\":0.0,"
            + "\"MENTAL_HEALTH_OR_OVERRELIANCE\":0.0,\"CHATBOT_AS_HUMAN\":0.0},"
            + "\"truncated\":true,\"evaluator\":\"embedded/1\"}";

    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void write_allHeads_isPinned() throws JsonProcessingException {
        assertThat(mapper.writeValueAsString(AssessmentTest.full())).isEqualTo(FULL);
        assertThat(mapper.readValue(FULL, Assessment.class)).isEqualTo(AssessmentTest.full());
    }

    @Test
    void write_absentHeads_areAbsentKeys() throws JsonProcessingException {
        Scored scored = Scored.builder("judge").harmful(1).build();
        String json = "{\"status\":\"SCORED\",\"harmful\":1.0,\"truncated\":false,\"evaluator\":\"judge\"}";

        assertThat(mapper.writeValueAsString(scored)).isEqualTo(json);
        assertThat(mapper.readValue(json, Assessment.class)).isEqualTo(scored);
        assertThat(mapper.readValue(json.replace("1.0", "1"), Assessment.class)).isEqualTo(scored);
    }

    @Test
    void write_unscored_isPinned() throws JsonProcessingException {
        Unscored unscored = Unscored.of(UnscoredReason.EMPTY_RESPONSE, "response is blank");
        String json = "{\"status\":\"UNSCORED\",\"reason\":\"EMPTY_RESPONSE\",\"detail\":\"response is blank\"}";

        assertThat(mapper.writeValueAsString(unscored)).isEqualTo(json);
        assertThat(mapper.readValue(json, Assessment.class)).isEqualTo(unscored);
    }

    @Test
    void read_list_roundTrips() throws JsonProcessingException {
        List<Assessment> assessments = List.of(
                AssessmentTest.full(),
                Unscored.of(UnscoredReason.TIMEOUT, ""),
                Scored.builder("x").instructionRisk(0.1).build());

        String json = mapper.writeValueAsString(assessments);

        assertThat(mapper.readValue(json, new TypeReference<List<Assessment>>() {}))
                .isEqualTo(assessments);
    }

    @Test
    void read_manyDecimals_isExact() throws JsonProcessingException {
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            EnumMap<ResponseAction, Double> weights = new EnumMap<>(ResponseAction.class);
            EnumMap<HarmType, Double> types = new EnumMap<>(HarmType.class);
            for (ResponseAction action : ResponseAction.values()) {
                weights.put(action, random.nextDouble());
            }
            for (HarmType type : HarmType.values()) {
                types.put(type, random.nextDouble());
            }
            Scored scored = Scored.builder("x")
                    .harmful(random.nextDouble())
                    .actions(Distribution.normalized(weights))
                    .harmTypes(Distribution.normalized(types))
                    .build();

            assertThat(mapper.readValue(mapper.writeValueAsString(scored), Assessment.class))
                    .isEqualTo(scored);
        }
    }

    @Test
    void read_idBesideIt_isIgnored() throws JsonProcessingException {
        assertThat(mapper.readValue(FULL.replaceFirst("\\{", "{\"id\":\"7\","), Assessment.class))
                .isEqualTo(AssessmentTest.full());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
            {}|status must be present, but was absent
            {"status":"SAFE"}|status must be SCORED or UNSCORED, but was SAFE
            {"status":1}|status must be a string, but was 1
            {"status":"SCORED","evaluator":"x"}|scored assessment must have a score, but had none
            {"status":"SCORED","harmful":0.1}|evaluator must be present, but was absent
            {"status":"SCORED","harmful":"NaN","evaluator":"x"}|harmful must be a number, but was NaN
            {"status":"SCORED","harmful":2,"evaluator":"x"}|harmful must be in [0, 1], but was 2.0
            {"status":"SCORED","actions":{"CANNOT_ASSIST":1},"evaluator":"x"}|probabilities must cover every constant, but were without REFUTE_OPINION
            {"status":"SCORED","actions":{},"evaluator":"x"}|probabilities must cover every constant, but were empty
            {"status":"SCORED","actions":{"CANNOT_ASSIST":"1"},"evaluator":"x"}|actions.CANNOT_ASSIST must be a number, but was 1
            {"status":"SCORED","actions":7,"evaluator":"x"}|actions must be an object, but was 7
            {"status":"SCORED","harmful":0.1,"action":"CANNOT_ASSIST","evaluator":"x"}|action must be the most likely of actions, which is absent, but was CANNOT_ASSIST
            {"status":"SCORED","harmful":0.1,"truncated":"no","evaluator":"x"}|truncated must be a boolean, but was no
            {"status":"UNSCORED","detail":"x"}|reason must be present, but was absent
            {"status":"UNSCORED","reason":"BORED"}|reason must be the name of an UnscoredReason, but was BORED
            """)
    void read_malformed_isRejected(String json, String message) throws JsonProcessingException {
        Map<String, Object> map = mapper.readValue(json, new TypeReference<Map<String, Object>>() {});

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Assessment.fromJson(map))
                .withMessage(message);
        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(() -> mapper.readValue(json, Assessment.class))
                .withMessageContaining(message);
    }

    @Test
    void read_actionOtherThanDistribution_isRejected() throws JsonProcessingException {
        Map<String, Object> map = mapper.readValue(FULL, new TypeReference<Map<String, Object>>() {});
        map.put("action", "FOLLOW_INSTRUCTION");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Assessment.fromJson(map))
                .withMessage("action must be the most likely of actions, CANNOT_ASSIST, but was FOLLOW_INSTRUCTION");
    }

    @Test
    void exchange_roundTrips() throws JsonProcessingException {
        Exchange exchange = Exchange.of("a", "b");

        assertThat(mapper.writeValueAsString(exchange)).isEqualTo("{\"instruction\":\"a\",\"response\":\"b\"}");
        assertThat(mapper.readValue("{\"instruction\":\"a\",\"response\":\"b\"}", Exchange.class))
                .isEqualTo(exchange);
    }
}
