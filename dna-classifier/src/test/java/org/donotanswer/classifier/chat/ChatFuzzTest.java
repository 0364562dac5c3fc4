package org.donotanswer.classifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.donotanswer.fuzz.Seeds;
import org.junit.jupiter.params.provider.MethodSource;

final class ChatFuzzTest implements FuzzTests {
    private static final String MODEL = "tiny-1";
    private static final ReplyReader READER = new ReplyReader(MODEL, "http://host/v1/chat/completions", true);
    private static final int MAX_BYTES = 1 << 20;

    static Stream<byte[]> bodies() {
        return Seeds.texts(
                """
                {"object": "chat.completion", "model": "m", "choices": [{"index": 0, "finish_reason": "stop",
                 "message": {"role": "assistant", "content": "Ivy.", "refusal": null, "reasoning_content": "Moss?"}}],
                 "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
                """,
                "{\"choices\": [{\"message\": {\"content\": [{\"type\": \"text\", \"text\": {\"value\": \"a\"}}]},"
                        + " \"finish_reason\": \"content_filter\", \"content_filter_results\": {\"hate\": {\"filtered\": true}}}]}",
                "{\"error\": {\"message\": \"no model\", \"type\": \"invalid_request_error\", \"code\": \"model_not_found\"}}",
                "{\"promptFeedback\": {\"blockReason\": \"SAFETY\"}, \"candidates\": [{\"finishReason\": \"SAFETY\"}]}",
                "[{\"error\": {\"code\": 429, \"status\": \"RESOURCE_EXHAUSTED\"}}]",
                "<!doctype html><html></html>");
    }

    @MethodSource("bodies")
    @FuzzTest
    void reply(byte[] data) {
        read(data, Map.of());
    }

    /** The first byte chooses the headers. */
    @MethodSource("bodies")
    @FuzzTest
    void encodedReply(byte[] data) {
        if (data.length > 0) {
            byte[] body = Arrays.copyOfRange(data, 1, data.length);
            List<String> encodings = List.of("gzip", "deflate", "identity", "br", "deflate, gzip");
            List<String> types =
                    List.of("application/json", "text/plain; charset=iso-8859-1", "a; charset=utf-16", "a; charset=x");
            read(
                    body,
                    Map.of(
                            "content-encoding", List.of(encodings.get((data[0] & 0xff) % encodings.size())),
                            "content-type", List.of(types.get((data[0] & 0xff) / 8 % types.size()))));
        }
    }

    /** Reads as the client does. */
    private static void read(byte[] data, Map<String, List<String>> headers) {
        Optional<ChatReply> read = ReaderContract.read(
                () -> {
                    ReplyBody body = ReplyBody.of(data, HttpHeaders.of(headers, (name, value) -> true), MAX_BYTES);
                    Optional<JsonNode> json = body.json();
                    if (json.isEmpty()) {
                        json = EventStream.body(body.text());
                    }
                    assertThat(json.isPresent() && body.isPage()).isFalse();
                    return READER.read(json.orElse(MissingNode.getInstance()));
                },
                ChatException.class);
        read.ifPresent(each -> assertThat(each.text()).isNotNull());
    }

    static Stream<byte[]> streams() {
        return Seeds.texts(
                """
                data: {"model":"m","choices":[{"delta":{"content":"Iv"}}]}

                data: {"choices":[{"delta":{"content":"y.","reasoning_content":"M"},"finish_reason":"stop"}]}

                data: [DONE]

                """,
                ": ping\n\nevent: x\ndata: {\"error\":{\"code\":500}}\n\n",
                "data: {\"choices\":[{\"text\":\"a\"}]}\r\n\r\ndata: {\r\ndata: }\r\n\r\n");
    }

    @MethodSource("streams")
    @FuzzTest
    void stream(byte[] data) {
        read(data, Map.of());
        ReaderContract.read(() -> EventStream.body(new String(data, StandardCharsets.UTF_8)), ChatException.class);
    }

    @MethodSource("bodies")
    @FuzzTest
    void error(byte[] data) {
        String body = new String(data, StandardCharsets.UTF_8);
        for (int status : new int[] {200, 302, 400, 401, 404, 429, 500}) {
            ErrorReply error = ErrorReply.of(status, body);
            assertThat(error.isContentFilter()
                            || !error.toException(MODEL, "p", false)
                                    .getMessage()
                                    .isBlank())
                    .isTrue();
        }
    }

    static Stream<byte[]> waits() {
        return Seeds.texts("120", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT", "999999999999");
    }

    @MethodSource("waits")
    @FuzzTest
    void retryAfter(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        for (String name : List.of("retry-after", "retry-after-ms")) {
            HttpHeaders headers = HttpHeaders.of(
                    Map.of(name, List.of(text), "date", List.of("Wed, 21 Oct 2015 07:27:00 GMT")), (n, v) -> true);
            RetryAfter.of(headers)
                    .ifPresent(wait -> assertThat(wait.isNegative()).isFalse());
        }
    }
}
