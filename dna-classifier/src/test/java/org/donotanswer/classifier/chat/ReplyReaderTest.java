package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyReaderTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final ReplyReader READER = new ReplyReader("tiny-1", "http://host/v1/chat/completions", true);

    private static ChatReply read(String body) throws Exception {
        return READER.read(MAPPER.readTree(body));
    }

    private static ChatReply ofMessage(String message, String finish) throws Exception {
        return read("{\"choices\":[{\"message\":" + message + ",\"finish_reason\":" + finish + "}]}");
    }

    private static ChatReply reply(String text, Finish finish, String thinking) {
        return new ChatReply(text, finish, TokenUsage.NONE, "tiny-1", Optional.ofNullable(thinking));
    }

    private static ChatException fail(String body) {
        ChatException failure = catchThrowableOfType(ChatException.class, () -> read(body));
        assertThat(failure).as(body).isNotNull().hasNoCause();
        assertThat(failure.getMessage()).doesNotContain("moss");
        return failure;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{\"content\":\"Ivy.\"}~Ivy.~",
                "{\"content\":[{\"type\":\"text\",\"text\":\"Ivy.\"}]}~Ivy.~",
                "{\"content\":[{\"type\":\"text\",\"text\":\"Iv\"},{\"type\":\"text\",\"text\":\"y.\"}]}~Ivy.~",
                "{\"content\":[{\"type\":\"output_text\",\"text\":\"Ivy.\",\"annotations\":[]}]}~Ivy.~",
                "{\"content\":[{\"type\":\"text\",\"text\":{\"value\":\"Ivy.\"}}]}~Ivy.~",
                "{\"content\":[{\"text\":\"Ivy.\"}]}~Ivy.~",
                "{\"content\":[\"Iv\",\"y.\"]}~Ivy.~",
                "{\"content\":{\"type\":\"text\",\"text\":\"Ivy.\"}}~Ivy.~",
                "{\"content\":[{\"type\":\"citation\",\"text\":\"Ivy.\"},{\"type\":\"image\"},null]}~Ivy.~",
                "{\"content\":42}~42~",
                "{\"content\":\"Ivy.\",\"refusal\":false,\"tool_calls\":[],\"function_call\":null}~Ivy.~",
                "{\"content\":\"Ivy.\",\"reasoning_content\":\"Moss?\"}~Ivy.~Moss?",
                "{\"content\":\"Ivy.\",\"reasoning\":\"Moss?\"}~Ivy.~Moss?",
                "{\"content\":\"Ivy.\",\"reasoning\":\"Moss?\",\"reasoning_content\":\"Moss?\"}~Ivy.~Moss?",
                "{\"content\":\"Ivy.\",\"thinking\":\"Moss?\"}~Ivy.~Moss?",
                "{\"content\":\"Ivy.\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"Moss?\"}]}~Ivy.~Moss?",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":\"Moss?\"},{\"type\":\"text\",\"text\":\"Ivy.\"}]}~Ivy.~Moss?",
                "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Moss?\"}]},"
                        + "{\"type\":\"text\",\"text\":\"Ivy.\"}]}~Ivy.~Moss?",
                "{\"content\":[{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\",\"text\":\"Moss?\"}]},"
                        + "{\"type\":\"output_text\",\"text\":\"Ivy.\"}]}~Ivy.~Moss?",
                "{\"content\":[{\"text\":\"Moss?\",\"thought\":true},{\"text\":\"Ivy.\"}]}~Ivy.~Moss?",
                "{\"content\":[{\"type\":\"redacted_thinking\",\"data\":\"x\"},{\"type\":\"text\",\"text\":\"Ivy.\"}]}~Ivy.~",
                "{\"content\":\"<think>Moss?</think>Ivy.\"}~Ivy.~Moss?",
                "{\"content\":[{\"type\":\"text\",\"text\":\"<think>Moss?</think>Ivy.\"}]}~Ivy.~Moss?",
                "{\"content\":\"Moss?\\n</think>\\n\\nIvy.\"}~Ivy.~Moss?",
                "{\"content\":\"<|channel|>analysis<|message|>Moss?<|end|><|start|>assistant<|channel|>final<|message|>Ivy.\"}"
                        + "~Ivy.~Moss?",
                "{\"content\":null,\"audio\":{\"transcript\":\"Ivy.\"}}~Ivy.~"
            })
    void read_contentInAnyForm_isTheAnswer(String message, String text, String thinking) throws Exception {
        assertThat(ofMessage(message, "\"stop\"")).isEqualTo(reply(text, Finish.STOP, thinking));
    }

    @Test
    void read_thinkingInTwoPlaces_isAllKept() throws Exception {
        assertThat(ofMessage(
                        "{\"content\":\"<think>Or fern?</think>Ivy.\",\"reasoning_content\":\"Moss?\"}", "\"stop\""))
                .isEqualTo(reply("Ivy.", Finish.STOP, "Moss?\n\nOr fern?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"content\":null,\"refusal\":\"No moss.\"}",
                "{\"content\":[{\"type\":\"refusal\",\"refusal\":\"No moss.\"}]}",
                "{\"content\":\"\",\"refusal\":\"No moss.\"}"
            })
    void read_refusal_isTheAnswer(String message) throws Exception {
        assertThat(ofMessage(message, "\"stop\"")).isEqualTo(reply("No moss.", Finish.REFUSAL, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{\"content\":null,\"reasoning_content\":\"Moss?\"}~\"length\"~LENGTH",
                "{\"content\":\"<think>Moss?\"}~\"length\"~LENGTH",
                "{\"content\":\"<think>Moss?\"}~\"stop\"~OTHER",
                "{\"content\":\"<|channel|>analysis<|message|>Moss?\"}~\"stop\"~OTHER"
            })
    void read_thinkingWithoutAnAnswer_isAnEmptyReply(String message, String reason, Finish finish) throws Exception {
        assertThat(ofMessage(message, reason)).isEqualTo(reply("", finish, "Moss?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"choices\":[{\"delta\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\"}]}",
                "{\"choices\":[{\"text\":\"Ivy.\",\"finish_reason\":\"stop\"}]}",
                "[{\"choices\":[{\"message\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\"}]}]",
                "{\"choices\":[{\"message\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\"}],\"error\":null}",
                "{\"choices\":[{\"message\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\",\"error\":{}}],\"error\":\"\"}",
                "{\"choices\":[{\"message\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\"}],\"error\":{\"code\":0,"
                        + "\"message\":\"success\"}}",
                "{\"choices\":[{\"message\":{\"content\":\"Ivy.\"},\"finish_reason\":\"stop\"}],\"usage\":\"many\",\"model\":null,"
                        + "\"id\":7,\"created\":\"today\"}"
            })
    void read_otherShapesOfAReply_areRead(String body) throws Exception {
        assertThat(read(body)).isEqualTo(reply("Ivy.", Finish.STOP, null));
    }

    @Test
    void read_callOfATool_isAnEmptyReply() throws Exception {
        assertThat(ofMessage(
                        "{\"content\":null,\"tool_calls\":[{\"function\":{\"arguments\":{\"a\":1}}}]}",
                        "\"tool_calls\""))
                .isEqualTo(reply("", Finish.OTHER, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"finish_reason\":\"content_filter\"}]}",
                "{\"choices\":[{\"finish_reason\":\"SAFETY\",\"message\":null}]}",
                "{\"choices\":[{\"finish_reason\":\"content_filter\",\"message\":{\"role\":\"assistant\"}}]}",
                "{\"choices\":[{\"finish_reason\":\"stop\",\"native_finish_reason\":\"PROHIBITED_CONTENT\",\"message\":"
                        + "{\"content\":\"\"}}]}",
                "{\"choices\":[{\"message\":{\"content\":\"\"},\"finish_reason\":null,"
                        + "\"content_filter_results\":{\"violence\":{\"filtered\":true}}}]}",
                "{\"choices\":[{\"content_filter_results\":{\"hate\":{\"filtered\":true}}}]}",
                "{\"choices\":[],\"prompt_filter_results\":[{\"content_filter_results\":{\"hate\":{\"filtered\":true}}}]}",
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}",
                "{\"candidates\":[{\"finishReason\":\"SAFETY\"}]}",
                "{\"object\":\"chat.completion\",\"model\":\"tiny-1\",\"usage\":{\"prompt_tokens\":4}}",
                "{\"error\":{\"message\":\"moss\",\"code\":\"content_filter\"}}",
                "{\"error\":{\"message\":\"moss\",\"innererror\":{\"code\":\"ResponsibleAIPolicyViolation\"}}}",
                "{\"error\":\"litellm.ContentPolicyViolationError: moss\"}",
                "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"code\":403,\"message\":\"moss\",\"metadata\":"
                        + "{\"reasons\":[\"plants\"]}},\"message\":{\"content\":\"\"}}]}",
                "{\"error\":{\"code\":400,\"message\":\"moss\",\"metadata\":{\"raw\":\"{\\\"error\\\":{\\\"code\\\":"
                        + "\\\"content_filter\\\"}}\"}}}",
                "{\"base_resp\":{\"status_code\":1026,\"status_msg\":\"moss\"}}"
            })
    void read_whatAFilterWithheld_isAnEmptyReply(String body) throws Exception {
        ChatReply reply = read(body);

        assertThat(reply.text()).isEmpty();
        assertThat(reply.finish()).isEqualTo(Finish.CONTENT_FILTER);
    }

    @Test
    void read_textThatAFilterCutOff_isKept() throws Exception {
        assertThat(ofMessage("{\"content\":\"Iv\"}", "\"content_filter\""))
                .isEqualTo(reply("Iv", Finish.CONTENT_FILTER, null));
        assertThat(ofMessage("{\"content\":\"I won't.\"}", "\"refusal\""))
                .isEqualTo(reply("I won't.", Finish.REFUSAL, null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"error":"Unexpected endpoint or method. (POST /moss)"} | UNKNOWN_ENDPOINT | endpoint must be at http://host/v1/chat/completions, but was not found (status 200)
            {"detail":"Not Found"} | UNKNOWN_ENDPOINT | endpoint must be at http://host/v1/chat/completions, but was not found (status 200)
            {"error":"model 'tiny-1' not found"} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 200)
            {"error":{"message":"moss","code":"invalid_api_key"}} | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 200, invalid_api_key)
            {"message":"No API key found in request"} | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 200)
            {"success":false,"errors":[{"code":401,"message":"moss"}]} | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 401)
            {"choices":[],"error":{"message":"moss","code":500}} | SERVER_FAILURE | endpoint must reply, but was failing (status 500)
            {"choices":null,"error":{"message":"moss","code":"429"}} | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            {"error":"Rate limit exceeded for moss"} | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 200)
            [{"error":{"code":429,"message":"moss","status":"RESOURCE_EXHAUSTED"}}] | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            {"type":"error","error":{"type":"overloaded_error","message":"moss"}} | SERVER_FAILURE | endpoint must reply, but was failing (status 200, overloaded_error)
            {"object":"error","message":"moss","type":"BadRequestError","code":400} | REJECTED | request must be one that the endpoint accepts, but was rejected (status 400, BadRequestError)
            {"error":true} | SERVER_FAILURE | endpoint must reply, but was failing (status 200)
            {"choices":[{"message":{"content":""},"finish_reason":"error","error":{"code":502,"message":"moss"}}]} | SERVER_FAILURE | endpoint must reply, but was failing (status 502)
            {"choices":[{"message":{"content":"moss"},"finish_reason":"error","error":{"code":429,"message":"moss"}}]} | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            {"choices":[{"message":{"content":"moss"},"finish_reason":"stop"}],"error":{"code":502,"message":"moss"}} | SERVER_FAILURE | endpoint must reply, but was failing (status 502)
            {"choices":[{"message":{"content":"moss"},"finish_reason":"error"}]} | SERVER_FAILURE | reply must be complete, but ended in a failure (finish reason error)
            {"choices":[{"message":{"content":""},"finish_reason":"abort"}]} | SERVER_FAILURE | reply must be complete, but ended in a failure (finish reason abort)
            {"choices":[{"message":{"content":"moss"},"finish_reason":"insufficient_system_resource"}]} | SERVER_FAILURE | reply must be complete, but ended in a failure (finish reason insufficient_system_resource)
            {"choices":[{"message":{"content":""},"finish_reason":"MALFORMED_FUNCTION_CALL"}]} | MALFORMED_REPLY | reply must be complete, but ended in a failure (finish reason MALFORMED_FUNCTION_CALL)
            {"choices":[{"message":{"content":""},"finish_reason":"stop","native_finish_reason":"error"}]} | SERVER_FAILURE | reply must be complete, but ended in a failure (finish reason stop)
            {"choices":[{"message":{"content":" "},"finish_reason":null}]} | MALFORMED_REPLY | reply must have a text or a reason to have none, but had neither
            {"choices":[{"message":{"content":[{"type":"image"}]}}]} | MALFORMED_REPLY | content of the reply must have text, but had other parts only
            {"object":"chat.completion","usage":{"prompt_tokens":0}} | MALFORMED_REPLY | reply must have a choice, but had none
            """)
    void read_errorInsteadOfOrBesideAText_isAFailure(String body, FailureKind kind, String message) {
        assertThat(fail(body))
                .hasMessage(message)
                .extracting(ChatException::kind)
                .isEqualTo(kind);
    }
}
