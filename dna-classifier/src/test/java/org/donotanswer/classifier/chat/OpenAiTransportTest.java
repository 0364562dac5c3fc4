package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;
import org.donotanswer.classifier.chat.ChatException.FailureKind;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How requests get to an endpoint, and in which forms its replies may arrive. */
class OpenAiTransportTest {
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

    private static String saying(String text) {
        return "{\"choices\":[{\"message\":{\"content\":" + MAPPER.valueToTree(text)
                + "},\"finish_reason\":\"stop\"}]}";
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
            assertThat(failure).isNotNull().hasNoCause();
            assertThat(failure.getMessage()).doesNotContain(KEY).doesNotContain("unicorn");
            return failure;
        }
    }

    private ChatException fail(int status, String body) {
        return fail(new MockResponse().setResponseCode(status).setBody(body), builder());
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void chat_compressedReply_isRead() throws Exception {
        server.enqueue(new MockResponse()
                .setHeader("Content-Encoding", "gzip")
                .setBody(new Buffer().write(gzip(saying("No.")))));
        try (ChatModel model = builder().build()) {
            assertThat(model.chat(ChatRequest.of(USER)).text()).isEqualTo("No.");
        }
        assertThat(server.takeRequest().getHeader("Accept-Encoding")).isEqualTo("gzip, deflate");
    }

    @Test
    void chat_compressedError_isRead() throws Exception {
        ChatException failure = fail(
                new MockResponse()
                        .setResponseCode(404)
                        .setHeader("Content-Encoding", "gzip")
                        .setBody(new Buffer().write(gzip("{\"error\":{\"code\":\"model_not_found\"}}"))),
                builder());

        assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_MODEL);
    }

    @Test
    void chat_smallReplyThatIsLongWhenDecompressed_isCutOff() throws Exception {
        assertThat(fail(
                        new MockResponse()
                                .setHeader("Content-Encoding", "gzip")
                                .setBody(new Buffer().write(gzip(saying("x".repeat(100_000))))),
                        builder().maxReplyBytes(10_000)))
                .hasMessage("reply must be at most 10000 bytes long, but was longer");
    }

    @Test
    void chat_streamThatNobodyAskedFor_isPutTogether() throws Exception {
        assertThat(ask(
                        "data: {\"model\":\"tiny-2\",\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"<think>Hm"
                                + "\"}}]}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"</think>No\"}}]}\n\n: ping\n\n"
                                + "data: {\"choices\":[{\"delta\":{\"content\":\"!\"},\"finish_reason\":\"stop\"}]}\n\n"
                                + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}\n\n"
                                + "data: [DONE]\n\n"))
                .isEqualTo(new ChatReply("No!", Finish.STOP, new TokenUsage(3, 4), "tiny-2", Optional.of("Hm")));
    }

    @Test
    void chat_streamWithoutAnEnd_isABrokenConnection() {
        ChatException failure = fail(200, "data: {\"choices\":[{\"delta\":{\"content\":\"unicorn\"}}]}\n\n");

        assertThat(failure).hasMessage("connection to the endpoint must hold, but was broken: the stream has no end");
        assertThat(failure.kind()).isEqualTo(FailureKind.CONNECTION);
    }

    @ParameterizedTest
    @CsvSource({
        "api-key,, api-key, " + KEY,
        "X-Api-Key,, X-Api-Key, " + KEY,
        "Authorization,, Authorization, Bearer " + KEY,
        "Authorization, Token, Authorization, Token " + KEY,
        "Authorization, '', Authorization, " + KEY
    })
    void chat_headerOfTheKey_canBeChosen(String header, String scheme, String sent, String value) throws Exception {
        server.enqueue(new MockResponse().setBody(saying("No.")));
        OpenAiChatModel.Builder builder = builder().apiKey(KEY);
        try (ChatModel model =
                (scheme == null ? builder.apiKeyHeader(header) : builder.apiKeyHeader(header, scheme)).build()) {
            ChatReply unused = model.chat(ChatRequest.of(USER));
            assertThat(model.toString() + model.settings()).doesNotContain(KEY);
        }
        RecordedRequest request = server.takeRequest();
        assertThat(request.getHeaders().values(sent)).containsExactly(value);
        if (!sent.equals("Authorization")) {
            assertThat(request.getHeader("Authorization")).isNull();
        }
    }

    @Test
    void chat_redirect_isNotFollowedWithTheKey() throws Exception {
        try (MockWebServer other = new MockWebServer()) {
            other.start(InetAddress.getLoopbackAddress(), 0);
            ChatException failure = fail(
                    new MockResponse().setResponseCode(307).setHeader("Location", other.url("/v1/chat/completions")),
                    builder().apiKey(KEY).apiKeyHeader("api-key"));

            assertThat(failure.kind()).isEqualTo(FailureKind.UNKNOWN_ENDPOINT);
            assertThat(other.getRequestCount()).isZero();
        }
    }

    @Test
    void chat_azureDeployment_hasThePathBeforeTheQuery() throws Exception {
        for (String end : List.of("", "/", "/chat/completions")) {
            server.enqueue(new MockResponse().setBody(saying("No.")));
            String base = "http://localhost:" + server.getPort() + "/openai/deployments/d" + end;
            try (ChatModel model = OpenAiChatModel.builder()
                    .baseUrl(base + "?api-version=2024-10-21")
                    .model("tiny-1")
                    .build()) {
                ChatReply unused = model.chat(ChatRequest.of(USER));
            }
            assertThat(server.takeRequest().getPath())
                    .isEqualTo("/openai/deployments/d/chat/completions?api-version=2024-10-21");
        }
    }

    @Test
    void chat_webPage_isNotTheEndpoint() {
        ChatException failure = fail(200, "<!DOCTYPE html><title>unicorn</title>");

        assertThat(failure)
                .hasMessage("endpoint must be at http://localhost:" + server.getPort()
                        + "/v1/chat/completions, but a web page was (status 200)");
        assertThat(failure.status()).hasValue(200);
    }
}
