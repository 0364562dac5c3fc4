package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAiChatModelTest {
    private static final String KEY = "sk-0123456789secret";
    private static final String USER = "May I pet the unicorn?";
    private static final JsonMapper MAPPER = new JsonMapper();

    private final MockWebServer server = new MockWebServer();

    @BeforeEach
    void start() throws IOException {
        server.start(InetAddress.getLoopbackAddress(), 0);
    }

    @AfterEach
    void stop() throws IOException {
        server.shutdown();
    }

    private OpenAiChatModel.Builder builder() {
        return OpenAiChatModel.builder()
                .baseUrl("http://localhost:" + server.getPort() + "/v1/")
                .model("tiny-1");
    }

    private static String completion(String message, String finish) {
        return """
                {"id":"c1","object":"chat.completion","created":1,"model":"tiny-1-2026","choices":[{"index":0,"message":%s,
                "finish_reason":%s,"logprobs":null,"unheard":{}}],"usage":{"prompt_tokens":7,"completion_tokens":5,
                "total_tokens":12},"unheard":[1]}"""
                .formatted(message, finish);
    }

    private static String saying(String text) {
        return completion("{\"role\":\"assistant\",\"content\":" + MAPPER.valueToTree(text) + "}", "\"stop\"");
    }

    private ChatReply ask(String body) throws Exception {
        server.enqueue(new MockResponse().setBody(body));
        try (ChatModel model = builder().build()) {
            return model.chat(ChatRequest.of(USER));
        }
    }

    private ChatException fail(MockResponse response, OpenAiChatModel.Builder builder) {
        server.enqueue(response);
        try (ChatModel model = builder.build()) {
            ChatException failure = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of(USER)));
            assertThat(failure).isNotNull();
            assertThat(failure).hasNoCause();
            assertThat(failure.getMessage()).doesNotContain(KEY).doesNotContain("unicorn");
            return failure;
        }
    }

    private ChatException fail(int status, String body) {
        return fail(
                new MockResponse().setResponseCode(status).setBody(body),
                builder().apiKey(KEY));
    }

    @Test
    void chat_sendsOptionsThatAreSet() throws Exception {
        server.enqueue(new MockResponse().setBody(saying("No.")));
        try (ChatModel model =
                builder().apiKey(KEY).temperature(0.5).seed(42).maxTokens(99).build()) {
            JsonReplySchema schema = new JsonReplySchema("verdict", "{\"type\":\"object\",\"properties\":{}}");

            ChatReply reply = model.chat(new ChatRequest(Optional.of("Be brief."), USER, Optional.of(schema)));

            assertThat(reply).isEqualTo(new ChatReply("No.", Finish.STOP, new TokenUsage(7, 5), "tiny-1-2026"));
            assertThat(model.name()).isEqualTo("tiny-1");
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getRequestLine()).isEqualTo("POST /v1/chat/completions HTTP/1.1");
        assertThat(request.getHeader("Authorization")).isEqualTo("Bearer " + KEY);
        assertThat(request.getHeader("Content-Type")).isEqualTo("application/json");
        JsonNode body = MAPPER.readTree(request.getBody().readUtf8());
        assertThat(body)
                .isEqualTo(
                        MAPPER.readTree(
                                """
                                {"model":"tiny-1","messages":[{"role":"system","content":"Be brief."},
                                {"role":"user","content":"May I pet the unicorn?"}],"temperature":0.5,"seed":42,"max_tokens":99,
                                "stream":false,
                                "response_format":{"type":"json_schema","json_schema":{"name":"verdict","strict":true,
                                "schema":{"type":"object","properties":{}}}}}"""));
    }

    @Test
    void chat_doesNotSendOptionsThatAreNotSet() throws Exception {
        server.enqueue(new MockResponse().setBody(saying("No.")));
        try (ChatModel model = builder().maxCompletionTokens(3).build()) {
            ChatReply unused = model.chat(ChatRequest.of("Schön, \"ja\"\n \uD83D\uDE00 \uD83D?"));
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeader("Authorization")).isNull();
        assertThat(request.getHeader("Upgrade")).isNull();
        assertThat(MAPPER.readTree(request.getBody().readUtf8()))
                .isEqualTo(MAPPER.readTree(
                        "{\"model\":\"tiny-1\",\"stream\":false,\"max_completion_tokens\":3,\"messages\":[{\"role\":"
                                + "\"user\",\"content\":\"Schön, \\\"ja\\\"\\n \uD83D\uDE00 \\uFFFD?\"}]}"));
    }

    @Test
    void chat_queryOfTheEndpoint_isSent() throws Exception {
        server.enqueue(new MockResponse().setBody(saying("No.")));
        try (OpenAiChatModel model = OpenAiChatModel.builder()
                .baseUrl("http://localhost:" + server.getPort() + "/v1?api-version=1&key=a%26b")
                .model("tiny-1")
                .build()) {
            ChatReply unused = model.chat(ChatRequest.of(USER));
            assertThat(model)
                    .hasToString("OpenAiChatModel[endpoint=http://localhost:" + server.getPort()
                            + "/v1?api-version=1&key, model=tiny-1]");
        }
        assertThat(server.takeRequest().getPath()).isEqualTo("/v1/chat/completions?api-version=1&key=a%26b");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"stop\"', STOP",
        "'\"length\"', LENGTH",
        "'\"content_filter\"', CONTENT_FILTER",
        "'\"tool_calls\"', OTHER",
        "'\"eos\"', STOP",
        "null, OTHER"
    })
    void chat_finishReason_isKept(String reason, Finish finish) throws Exception {
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":\"x\"}", reason)))
                .isEqualTo(new ChatReply("x", finish, new TokenUsage(7, 5), "tiny-1-2026"));
    }

    @Test
    void chat_noContent_isAnEmptyReply() throws Exception {
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":null}", "\"stop\""))
                        .text())
                .isEmpty();
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":\"\"}", "\"stop\""))
                        .text())
                .isEmpty();
        assertThat(ask(completion("{\"role\":\"assistant\"}", "\"content_filter\"")))
                .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, new TokenUsage(7, 5), "tiny-1-2026"));
        assertThat(
                        ask(
                                "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"  \"},\"finish_reason\":\"stop\"}]}"))
                .isEqualTo(new ChatReply("  ", Finish.STOP, TokenUsage.NONE, "tiny-1"));
    }

    @Test
    void chat_refusalOfTheEndpoint_isAReply() throws Exception {
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":null,\"refusal\":\"I won't.\"}", "\"stop\"")))
                .isEqualTo(new ChatReply("I won't.", Finish.REFUSAL, new TokenUsage(7, 5), "tiny-1-2026"));
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":\"Yes\",\"refusal\":null}", "\"stop\""))
                        .finish())
                .isEqualTo(Finish.STOP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            400 | {"error":{"message":"unicorn","type":null,"param":"prompt","code":"content_filter","status":400}}
            400 | {"error":{"message":"unicorn","code":null,"innererror":{"code":"ResponsibleAIPolicyViolation"}}}
            400 | {"error":{"message":"unicorn","type":"invalid_request_error","code":"invalid_prompt"}}
            400 | {"error":{"message":"unicorn","type":"data_inspection_failed","code":"data_inspection_failed"}}
            400 | {"code":"DataInspectionFailed","message":"unicorn"}
            400 | {"error":{"message":"unicorn","code":"ResponsibleAIPolicyViolation"}}
            400 | {"error":{"message":"unicorn","code":"content_policy_violation"}}
            422 | {"error":{"message":"unicorn","code":"content_policy_violation"}}
            400 | {"error":{"message":"unicorn","code":"SensitiveContentDetected.Violence","type":"BadRequest"}}
            400 | {"error":{"message":"unicorn","code":"InputTextSensitiveContentDetected","type":"BadRequest"}}
            403 | {"code":"unicorn","error":"Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"}
            403 | {"error":{"message":"unicorn","code":403,"metadata":{"reasons":["a"],"flagged_input":"unicorn"}}}
            """)
    void chat_requestWithheldByAFilter_isAnEmptyReply(int status, String body) throws Exception {
        server.enqueue(new MockResponse().setResponseCode(status).setBody(body));
        try (ChatModel model = builder().build()) {
            assertThat(model.chat(ChatRequest.of(USER)))
                    .isEqualTo(new ChatReply("", Finish.CONTENT_FILTER, TokenUsage.NONE, "tiny-1"));
        }
    }

    @Test
    void chat_longReply_isComplete() throws Exception {
        String text = "<script>\"\\\r\n\t\u0000é\uD83D\uDE00</script> ".repeat(5_000);
        assertThat(ask(saying(text)).text()).isEqualTo(text);
        // JSON can express an unpaired surrogate.
        assertThat(ask(completion("{\"role\":\"assistant\",\"content\":\"\\ud83d!\"}", "\"stop\""))
                        .text())
                .isEqualTo("\uD83D!");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            textBlock =
                    """
            401 | {"error":{"message":"Incorrect key sk-0123456789secret","type":"invalid_request_error","code":"invalid_api_key"}} | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 401, invalid_api_key, invalid_request_error)
            403 | nonsense | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 403)
            404 | {"error":{"message":"The model `tiny-1` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 404, model_not_found, invalid_request_error)
            404 | {"object":"error","message":"The model `tiny-1` does not exist.","type":"NotFoundError","param":null,"code":404} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 404, NotFoundError)
            404 | {"error":{"message":"model \\"tiny-1\\" not found, try pulling it first","type":"api_error"}} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 404, api_error)
            400 | {"error":{"message":"tiny-1 is not a valid model ID","code":400}} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 400)
            400 | {"object":"error","message":"Invalid model: tiny-1","type":"invalid_model","param":null,"code":"1500"} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 400, invalid_model)
            404 | <html>not here</html> | UNKNOWN_ENDPOINT | -
            400 | {"error":{"message":"unicorn unicorn","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}} | REJECTED | request must be one that the endpoint accepts, but was rejected (status 400, context_length_exceeded, invalid_request_error, messages)
            400 | {"error":{"message":"This model's maximum context length is 10 tokens","code":"what about the unicorn"}} | REJECTED | request must be one that the endpoint accepts, but was rejected (status 400)
            400 | {"error":{"message":"unicorn","code":"model_max_prompt_tokens_exceeded"}} | REJECTED | request must be one that the endpoint accepts, but was rejected (status 400, model_max_prompt_tokens_exceeded)
            400 | {"error":{"message":"unicorn","type":"model_overloaded_filter"}} | REJECTED | -
            404 | {"error":{"message":"unicorn","code":"DeploymentNotFound"}} | UNKNOWN_MODEL | model must be one that the endpoint has, but was tiny-1 (status 404, DeploymentNotFound)
            413 | - | REJECTED | request must be one that the endpoint accepts, but was rejected (status 413)
            408 | - | TIMEOUT | endpoint must reply in time, but reported a timeout (status 408)
            429 | {"error":{"type":"insufficient_quota"}} | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429, insufficient_quota)
            500 | {"error":"unicorn"} | SERVER_FAILURE | endpoint must reply, but was failing (status 500)
            503 | [] | SERVER_FAILURE | endpoint must reply, but was failing (status 503)
            302 | - | UNKNOWN_ENDPOINT | -
            200 | {"error":{"message":"unicorn","code":502}} | SERVER_FAILURE | endpoint must reply, but was failing (status 502)
            200 | {"error":{"message":"unicorn","code":429}} | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            200 | <html>Hello, unicorn</html> | UNKNOWN_ENDPOINT | -
            200 | Hello, unicorn | MALFORMED_REPLY | reply must be JSON, but was not
            405 | {"detail":"Method Not Allowed"} | UNKNOWN_ENDPOINT | -
            501 | <html>Unsupported method</html> | UNKNOWN_ENDPOINT | -
            400 | [{"error":{"code":400,"message":"API key not valid. unicorn","status":"INVALID_ARGUMENT"}}] | AUTHENTICATION | key must be one that the endpoint accepts for the model, but was not (status 400)
            429 | [{"error":{"code":429,"message":"unicorn","status":"RESOURCE_EXHAUSTED"}}] | RATE_LIMITED | endpoint must accept more requests, but was at its limit (status 429)
            200 | {"choices":[{"message":{"content":"unicorn | MALFORMED_REPLY | reply must be JSON, but was not
            200 | - | MALFORMED_REPLY | reply must be JSON, but was not
            200 | [1] | MALFORMED_REPLY | reply must have a choice, but had none
            200 | {"choices":[]} | MALFORMED_REPLY | reply must have a choice, but had none
            200 | {"choices":"unicorn"} | MALFORMED_REPLY | reply must have a choice, but had none
            200 | {"choices":[{"words":"unicorn"}]} | MALFORMED_REPLY | choice of the reply must have a message, but had none
            200 | {"choices":[{"message":null}]} | MALFORMED_REPLY | choice of the reply must have a message, but had none
            200 | {"choices":[{"message":{"content":"a"}},{"message":{"content":"b"}}]} | MALFORMED_REPLY | reply must have one choice, but had 2
            200 | {"choices":[{"message":{"content":[{"type":"image_url"}]}}]} | MALFORMED_REPLY | content of the reply must have text, but had other parts only
            """)
    void chat_failure_hasItsKind(int status, String body, FailureKind kind, String message) {
        ChatException failure = fail(status, body == null ? "" : body);

        assertThat(failure.kind()).isEqualTo(kind);
        if (message != null) {
            assertThat(failure).hasMessage(message);
        }
        assertThat(failure.retryAfter()).isEmpty();
        if (status >= 300) {
            assertThat(failure.status()).isEqualTo(OptionalInt.of(status));
        }
    }

    @Test
    void chat_withoutAKey_saysSo() {
        assertThat(fail(new MockResponse().setResponseCode(401), builder()))
                .hasMessage("endpoint must be given a key, but was not (status 401)");
    }

    @Test
    void chat_otherPath_isNamed() {
        assertThat(fail(404, ""))
                .hasMessage("endpoint must be at http://localhost:" + server.getPort()
                        + "/v1/chat/completions, but was not found (status 404)");
    }

    @ParameterizedTest
    @CsvSource({
        "Retry-After, 7, PT7S",
        "Retry-After, 0, PT0S",
        "Retry-After, 1.5, PT1.5S",
        "retry-after-ms, 250, PT0.25S",
        "Retry-After, 'Sat, 21 Nov 2026 10:00:30 GMT', PT30S",
        "Retry-After, 'Sat, 21 Nov 2026 09:00:00 GMT', PT0S",
        "Retry-After, 999999999999, PT8760H",
        "Retry-After, soon,",
        "Retry-After, -3,"
    })
    void chat_retryAfter_isRead(String header, String value, Duration wait) {
        ChatException failure = fail(
                new MockResponse()
                        .setResponseCode(429)
                        .setHeader("Date", "Sat, 21 Nov 2026 10:00:00 GMT")
                        .setHeader(header, value),
                builder());

        assertThat(failure.retryAfter()).isEqualTo(Optional.ofNullable(wait));
    }

    @Test
    void chat_unknownHost_isNamed() {
        try (ChatModel model = OpenAiChatModel.builder()
                .baseUrl("http://no-such-host.invalid/v1")
                .model("m")
                .build()) {
            ChatException failure = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of(USER)));
            assertThat(failure).hasMessage("host of the endpoint is unknown (no-such-host.invalid)");
            assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_ENDPOINT);
        }
    }

    @Test
    void chat_nobodyListens_isAFailedConnection() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (ChatModel model = OpenAiChatModel.builder()
                .baseUrl("http://localhost:" + port)
                .model("m")
                .build()) {
            ChatException failure = catchThrowableOfType(ChatException.class, () -> model.chat(ChatRequest.of(USER)));
            assertThat(failure).hasMessage("connection to the endpoint must hold, but was refused");
            assertThat(failure.kind()).isEqualTo(FailureKind.CONNECTION);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DISCONNECT_AFTER_REQUEST", "DISCONNECT_DURING_RESPONSE_BODY", "DISCONNECT_AT_START"})
    void chat_connectionThatBreaks_isAFailure(String policy) {
        ChatException failure = fail(
                new MockResponse().setBody(saying("No.".repeat(10_000))).setSocketPolicy(SocketPolicy.valueOf(policy)),
                builder());

        assertThat(failure.kind()).isEqualTo(FailureKind.CONNECTION);
        assertThat(failure.getMessage()).startsWith("connection to the endpoint must hold, but was broken: ");
    }

    @Test
    void chat_bodyThatDrips_isTooLate() {
        MockResponse dripping = new MockResponse().setBody(saying("No.")).throttleBody(1, 50, TimeUnit.MILLISECONDS);

        ChatException failure = fail(dripping, builder().timeout(Duration.ofMillis(300)));

        assertThat(failure).hasMessage("reply was not complete within 300 ms");
        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
    }

    @Test
    void chat_noReplyAtAll_isTooLate() {
        ChatException failure = fail(
                new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE),
                builder().timeout(Duration.ofSeconds(1)));

        assertThat(failure).hasMessage("reply was not complete within 1 s");
    }

    @Test
    void chat_tooLongReply_isCutOff() throws Exception {
        OpenAiChatModel.Builder builder = builder().maxReplyBytes(1_000);

        assertThat(fail(new MockResponse().setBody(saying("x".repeat(1_000))), builder))
                .hasMessage("reply must be at most 1000 bytes long, but was longer");
        assertThat(fail(new MockResponse().setResponseCode(500).setBody("x".repeat(1_001)), builder))
                .hasMessage("reply must be at most 1000 bytes long, but was longer");
    }

    @Test
    void chat_blankRequest_isTheCallersError() {
        try (ChatModel model = builder().build()) {
            for (String blank : List.of("", " \n", "\u0001", "\u2003")) {
                assertThatThrownBy(() -> model.chat(new ChatRequest(Optional.of(blank), USER, Optional.empty())))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("system prompt must not be blank, but was");
                assertThatThrownBy(() -> model.chat(ChatRequest.of(blank)))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("user message must not be blank, but was");
            }
        }
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void chat_interrupted_stopsWaiting() throws Exception {
        server.enqueue(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CompletableFuture<Boolean> flag = new CompletableFuture<>();
        try (ChatModel model = builder().build()) {
            Thread thread = new Thread(() -> {
                try {
                    ChatReply unused = model.chat(ChatRequest.of(USER));
                } catch (ChatException | InterruptedException e) {
                    thrown.set(e);
                }
                flag.complete(Thread.currentThread().isInterrupted());
            });
            thread.start();
            RecordedRequest unused = server.takeRequest();
            thread.interrupt();

            boolean stillSet = flag.get(10, TimeUnit.SECONDS);
            assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
            assertThat(stillSet).isFalse();
        }
    }

    @Test
    void chat_closed_isAnError() {
        ChatModel model = builder().build();
        model.close();
        model.close();

        assertThatThrownBy(() -> model.chat(ChatRequest.of(USER)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("OpenAiChatModel is closed");
    }
}
