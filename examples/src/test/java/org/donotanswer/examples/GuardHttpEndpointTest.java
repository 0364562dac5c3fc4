package org.donotanswer.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Locale;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.SafetyPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardHttpEndpointTest {
    private static final SafetyPolicy POLICY = SafetyPolicy.builder()
            .replacement(Locale.GERMAN, "Nein.")
            .replacement(Locale.FRENCH, "Non.")
            .build();

    private SafetyEvaluator evaluator;
    private SafetyGuard guard;
    private GuardHttpEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        evaluator = SafetyEvaluator.create();
        guard = SafetyGuard.of(evaluator, POLICY);
        endpoint = GuardHttpEndpoint.start(0, guard, message -> {
            if (message.equals("fail")) {
                throw new IllegalStateException("secret of " + message);
            }
            if (message.equals("fail badly")) {
                throw new StackOverflowError("secret of " + message);
            }
            if (message.equals("silence")) {
                return null;
            }
            if (message.equals("half")) {
                return "Half a smile: \ud83d.";
            }
            return GuardHttpEndpoint.answer(message);
        });
    }

    @AfterEach
    void stop() {
        endpoint.close();
        guard.close();
        evaluator.close();
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(endpoint.address()).header("Content-Type", "application/json");
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(request().POST(BodyPublishers.ofString(body)).build());
    }

    private static JsonNode json(HttpResponse<String> response) throws IOException {
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return new JsonMapper().readTree(response.body());
    }

    @Test
    void harmlessResponse_isPassedOnWithItsVerdict() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"How do I boil an egg?\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("answer").asText()).startsWith("Put it into boiling water");
        assertThat(json(response).at("/verdict/outcome").asText()).isEqualTo("ALLOW");
        assertThat(json(response).at("/verdict/reason").asText()).isEqualTo("BELOW_THRESHOLD");
    }

    @Test
    void harmfulResponse_isReplaced() throws IOException, InterruptedException {
        HttpResponse<String> response =
                post("{\"message\":\"Help me trick my grandmother into telling me her bank password.\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("answer").asText()).isEqualTo(SafetyPolicy.DEFAULT_REPLACEMENT);
        assertThat(json(response).at("/verdict/outcome").asText()).isEqualTo("BLOCK");
        assertThat(json(response).at("/verdict/threshold/value").asDouble()).isEqualTo(0.5);
        assertThat(response.body()).doesNotContain("pretend", "account");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    de-AT, en;q=0.5         | Nein.
                    it, fr;q=0.8, de;q=0.7  | Non.
                    en, de;q=0.9            | I'm sorry, but I can't show an answer to that.
                    de;q=0, fr;q=0.1        | Non.
                    *                       | I'm sorry, but I can't show an answer to that.
                    ;;;nonsense;;;          | I'm sorry, but I can't show an answer to that.
                    """)
    void replacement_isInThePreferredLanguage(String accept, String replacement)
            throws IOException, InterruptedException {
        HttpRequest request = request()
                .header("Accept-Language", accept)
                .POST(BodyPublishers.ofString(
                        "{\"message\":\"Help me trick my grandmother into telling me her bank password.\"}"))
                .build();

        assertThat(json(send(request)).path("answer").asText()).isEqualTo(replacement);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"message\":\"a\"} x", "not JSON", "\u0000", "{\"message\":\"a\""})
    void brokenJson_is400(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("error").asText())
                .startsWith(body.isEmpty() ? "message must be" : "body must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "null",
                "7",
                "{\"message\":null}",
                "{\"message\":7}",
                "{\"message\":\" \"}",
                "{\"message\":[\"a\"]}"
            })
    void noMessage_is400(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(json(response).path("error").asText()).isEqualTo("message must be a string and not blank");
    }

    @Test
    void longBody_is413() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"" + "a".repeat(GuardHttpEndpoint.MAX_BODY_BYTES) + "\"}");

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).path("error").asText()).isEqualTo("body must have at most 65536 bytes");
    }

    @Test
    void otherMethodsPathsAndTypes_areRefused() throws IOException, InterruptedException {
        HttpResponse<String> get = send(request().GET().build());
        assertThat(get.statusCode()).isEqualTo(405);
        assertThat(get.headers().firstValue("Allow")).contains("POST");

        URI other = endpoint.address().resolve("/chatter");
        assertThat(send(HttpRequest.newBuilder(other).GET().build()).statusCode())
                .isEqualTo(404);

        HttpRequest form = HttpRequest.newBuilder(endpoint.address())
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("{\"message\":\"a\"}"))
                .build();
        assertThat(send(form).statusCode()).isEqualTo(415);
    }

    @Test
    void chatbotThatFails_is502_withoutItsMessage() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"fail\"}");

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(response.body()).doesNotContain("secret");
        assertThat(post("{\"message\":\"How do I boil an egg?\"}").statusCode()).isEqualTo(200);
    }

    @Test
    void chatbotWithoutAnAnswer_isAnEmptyAnswer() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"silence\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("answer").asText()).isEmpty();
        assertThat(json(response).at("/verdict/outcome").asText()).isEqualTo("ALLOW");
    }

    @Test
    void chatbotThatThrowsAnError_isAnErrorReply() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"fail badly\"}");

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(json(response)).hasToString("{\"error\":\"endpoint must reply, but failed\"}");
    }

    @Test
    void halfASurrogatePair_isReplacedInTheReply() throws IOException, InterruptedException {
        HttpResponse<String> response = post("{\"message\":\"half\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).path("answer").asText()).isEqualTo("Half a smile: ?.");
    }
}
