package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Locale;
import org.donotanswer.classifier.chat.FinishReasons.Meaning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FinishReasonsTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @ParameterizedTest
    @CsvSource({
        "stop, STOP",
        "STOP, STOP",
        "end_turn, STOP",
        "stop_sequence, STOP",
        "COMPLETE, STOP",
        "eos_token, STOP",
        "FINISH_REASON_STOP, STOP",
        "length, LENGTH",
        "max_tokens, LENGTH",
        "MAX_TOKENS, LENGTH",
        "model_length, LENGTH",
        "model_context_window_exceeded, LENGTH",
        "ERROR_LIMIT, LENGTH",
        "content_filter, CONTENT_FILTER",
        "ContentFiltered, CONTENT_FILTER",
        "SAFETY, CONTENT_FILTER",
        "RECITATION, CONTENT_FILTER",
        "BLOCKLIST, CONTENT_FILTER",
        "PROHIBITED_CONTENT, CONTENT_FILTER",
        "SPII, CONTENT_FILTER",
        "guardrail_intervened, CONTENT_FILTER",
        "content_filtered, CONTENT_FILTER",
        "ERROR_TOXIC, CONTENT_FILTER",
        "data_inspection_failed, CONTENT_FILTER",
        "sensitive, CONTENT_FILTER",
        "refusal, REFUSAL",
        "tool_calls, TOOL",
        "tool_use, TOOL",
        "function_call, TOOL",
        "error, FAILURE",
        "ERROR, FAILURE",
        "abort, FAILURE",
        "load, FAILURE",
        "unload, FAILURE",
        "insufficient_system_resource, FAILURE",
        "network_error, FAILURE",
        "USER_CANCEL, FAILURE",
        "MALFORMED_FUNCTION_CALL, MALFORMED",
        "UNEXPECTED_TOOL_CALL, MALFORMED",
        "FINISH_REASON_UNSPECIFIED, OTHER",
        "pause_turn, OTHER",
        "whatever, OTHER",
        "'', OTHER",
        ", OTHER"
    })
    void of_reasonOfAVendor_isKnownInAnyCase(String reason, Meaning meaning) {
        assertThat(FinishReasons.of(reason)).isEqualTo(meaning);
        assertThat(FinishReasons.of(reason == null ? null : reason.toUpperCase(Locale.ROOT)))
                .isEqualTo(meaning);
        assertThat(FinishReasons.of(reason == null ? null : reason.toLowerCase(Locale.ROOT)))
                .isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"finish_reason\":\"stop\",\"native_finish_reason\":\"SAFETY\"}|CONTENT_FILTER",
                "{\"finish_reason\":\"stop\",\"native_finish_reason\":\"MAX_TOKENS\"}|LENGTH",
                "{\"finish_reason\":\"stop\",\"native_finish_reason\":\"completed\"}|STOP",
                "{\"finish_reason\":null,\"native_finish_reason\":\"refusal\"}|REFUSAL",
                "{\"finish_reason\":\"length\",\"native_finish_reason\":\"error\"}|LENGTH",
                "{\"finish_reason\":\"tool_calls\",\"native_finish_reason\":\"stop\"}|TOOL",
                "{\"finish_reason\":7}|OTHER"
            })
    void of_choiceOfARouter_takesWhatSaysMore(String choice, Meaning meaning) throws Exception {
        assertThat(FinishReasons.of(MAPPER.readTree(choice))).isEqualTo(meaning);
    }

    @Test
    void isFailure_holdsForWhatMayPass() {
        assertThat(Meaning.values()).filteredOn(Meaning::isFailure).containsExactly(Meaning.FAILURE, Meaning.MALFORMED);
    }
}
