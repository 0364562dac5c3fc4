package org.donotanswer.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TaxonomyJsonTest {
    private final ObjectMapper mapper = new ObjectMapper();

    @Test
    void write_constants_asNames() throws JsonProcessingException {
        assertThat(mapper.writeValueAsString(new Object[] {
                    RiskArea.MALICIOUS_USES,
                    HarmType.ADULT_CONTENT,
                    SpecificHarm.SELF_HARM,
                    ResponseAction.CANNOT_ASSIST
                }))
                .isEqualTo("[\"MALICIOUS_USES\",\"ADULT_CONTENT\",\"SELF_HARM\",\"CANNOT_ASSIST\"]");
    }

    @Test
    void read_nameOrLabel_asConstant() throws JsonProcessingException {
        assertThat(mapper.readValue("\"MALICIOUS_USES\"", RiskArea.class)).isEqualTo(RiskArea.MALICIOUS_USES);
        assertThat(mapper.readValue("\"Malicious Uses\"", RiskArea.class)).isEqualTo(RiskArea.MALICIOUS_USES);
        assertThat(mapper.readValue("\"Adult Content\"", HarmType.class)).isEqualTo(HarmType.ADULT_CONTENT);
        assertThat(mapper.readValue("\"Spam Content\"", SpecificHarm.class)).isEqualTo(SpecificHarm.SPAM_CONTENT);
        assertThat(mapper.readValue("\"cannot assist\"", ResponseAction.class)).isEqualTo(ResponseAction.CANNOT_ASSIST);
    }

    @Test
    void read_all_roundTrips() throws JsonProcessingException {
        assertThat(mapper.readValue(mapper.writeValueAsString(SpecificHarm.values()), SpecificHarm[].class))
                .containsExactly(SpecificHarm.values());
        assertThat(mapper.readValue(mapper.writeValueAsString(HarmType.values()), HarmType[].class))
                .containsExactly(HarmType.values());
    }

    @Test
    void keys_ofMap_roundTrip() throws JsonProcessingException {
        Map<HarmType, Integer> counts = new EnumMap<>(Map.of(HarmType.ADULT_CONTENT, 28, HarmType.TOXIC_LANGUAGE, 53));

        String json = mapper.writeValueAsString(counts);

        assertThat(json).isEqualTo("{\"TOXIC_LANGUAGE\":53,\"ADULT_CONTENT\":28}");
        assertThat(mapper.readValue(json, new TypeReference<Map<HarmType, Integer>>() {}))
                .isEqualTo(counts);
    }

    @Test
    void read_nearMiss_suggests() {
        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(() -> mapper.readValue("\"ADULT_CONTENTS\"", HarmType.class))
                .withMessageContaining("harm type must be a known label, but was 'ADULT_CONTENTS' (did you mean");
    }

    @Test
    void read_number_isRejected() {
        // An index is not a label, as the order of the constants is not part of the format.
        assertThatExceptionOfType(JsonMappingException.class)
                .isThrownBy(() -> mapper.readValue("3", ResponseAction.class));
    }
}
