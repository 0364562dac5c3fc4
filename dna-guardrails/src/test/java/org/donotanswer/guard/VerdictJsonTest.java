package org.donotanswer.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.guard.policy.Outcome;
import org.donotanswer.guard.policy.Reason;
import org.junit.jupiter.api.Test;

class VerdictJsonTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @Test
    void blocked_hasAllThatIsKnown() throws JsonProcessingException {
        String json = MAPPER.writeValueAsString(SampleVerdicts.blocked());

        assertThat(json)
                .startsWith("{\"subject\":\"RESPONSE\",\"outcome\":\"BLOCK\",\"reason\":\"HARMFUL\",\"released\":false,"
                        + "\"shadow\":false,\"probability\":0.9375,\"threshold\":{\"value\":0.5,\"scope\":\"default\"},"
                        + "\"action\":\"FOLLOW_INSTRUCTION\",\"riskArea\":\"MALICIOUS_USES\","
                        + "\"harmType\":\"ILLEGAL_ACTIVITIES\",\"assessment\":{\"status\":\"SCORED\",")
                .endsWith("},\"evaluator\":\"sample 1.0\",\"policy\":\"0123456789abcdef\",\"truncated\":false,"
                        + "\"cached\":false,\"contextTurns\":0,\"latencyMicros\":1500}");
        assertThat(Assessment.fromJson(MAPPER.convertValue(
                        MAPPER.readTree(json).get("assessment"),
                        new com.fasterxml.jackson.core.type.TypeReference<java.util.Map<String, Object>>() {})))
                .isEqualTo(SampleVerdicts.SCORED);
    }

    @Test
    void window_isThere() {
        assertThat(SampleVerdicts.allowedWindow(3, 40).toJson().get("window")).hasToString("{start=3, end=40}");
    }

    @Test
    void unknown_isAbsent() {
        Verdict verdict = SampleVerdicts.of(
                Verdict.Subject.RESPONSE, Outcome.BLOCK, Reason.DEADLINE_EXCEEDED, Optional.empty(), Optional.empty());

        assertThat(verdict.toJson())
                .containsOnlyKeys(
                        "subject",
                        "outcome",
                        "reason",
                        "released",
                        "shadow",
                        "evaluator",
                        "policy",
                        "truncated",
                        "cached",
                        "contextTurns",
                        "latencyMicros");
    }
}
