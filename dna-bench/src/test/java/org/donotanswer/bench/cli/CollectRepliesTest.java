package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies of endpoints that are not as OpenAI's. */
class CollectRepliesTest {
    @TempDir
    private Path directory;

    private Run collect(StubEndpoint endpoint, int questions, Object... more) {
        Path data = Questions.writeTo(directory.resolve("data"), questions);
        Object[] options =
                Stream.concat(Stream.of("--retry-delay", "0"), Stream.of(more)).toArray();
        return Run.of(CollectArgs.of(endpoint.url(), data, directory.resolve("run"), options));
    }

    private List<CollectedResponse> responses() throws IOException {
        return List.copyOf(
                RunDirectory.open(directory.resolve("run")).responses().values());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            200 | {"error":"Unexpected endpoint or method. (POST /gnome)"} | endpoint must be at %s/chat/completions, but was not found (status 200)
            200 | <!DOCTYPE html><title>gnome</title> | endpoint must be at %s/chat/completions, but a web page was (status 200)
            405 | {"detail":"Method Not Allowed"} | endpoint must be at %s/chat/completions, but was not found (status 405)
            401 | {"error":{"message":"gnome"}} | endpoint must be given a key, but was not (status 401)
            403 | {"error":{"message":"Missing API key"}} | endpoint must be given a key, but was not (status 403)
            200 | {"error":{"message":"gnome","code":"invalid_api_key"}} | endpoint must be given a key, but was not (status 200, invalid_api_key)
            200 | {"error":"model 'tiny' not found"} | model must be one that the endpoint has, but was tiny (status 200)
            """)
    void collect_wrongAddressOrKey_isToldAfterOneRequest(int status, String body, String message) throws IOException {
        try (StubEndpoint endpoint =
                new StubEndpoint((question, attempt, number) -> StubEndpoint.status(status, body))) {
            Run result = collect(endpoint, 30);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).isEqualTo("dna collect: " + message.formatted(endpoint.url()) + "\n");
            assertThat(endpoint.requests()).hasSize(1);
            assertThat(responses()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[{\"finish_reason\":\"error\",\"error\":{\"code\":502,\"message\":\"gnome\"},\"message\":"
                        + "{\"content\":\"\"}}]}",
                "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"Half of a gno\"}}]}",
                "{\"choices\":[{\"finish_reason\":\"abort\",\"message\":{\"content\":\"Half of a gno\"}}]}",
                "{\"choices\":[{\"finish_reason\":null,\"message\":{\"content\":\"\"}}]}",
                "{\"error\":{\"message\":\"gnome\",\"code\":502}}"
            })
    void collect_failureInAGoodStatus_isNotStoredAndAskedForAgain(String body) throws IOException {
        try (StubEndpoint endpoint = new StubEndpoint((question, attempt, number) ->
                attempt == 1 ? StubEndpoint.status(200, body) : StubEndpoint.answer("Whole."))) {
            Run once = collect(endpoint, 2, "--max-attempts", "1");
            assertThat(once.err()).contains("2 of 2 questions have no response");
            assertThat(responses()).isEmpty();

            Run again = collect(endpoint, 2, "--max-attempts", "1");

            assertThat(again.exitCode()).isZero();
            assertThat(responses()).allSatisfy(response -> {
                assertThat(response.exchange().response()).isEqualTo("Whole.");
                assertThat(response.finish()).contains(Finish.STOP);
            });
        }
    }

    @Test
    void collect_thinking_isCountedAndKeptBeside() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(question -> "<think>Hm</think>No.")) {
            Run result = collect(endpoint, 2);

            assertThat(result.out())
                    .startsWith("tiny has 2 of 2 responses in " + directory.resolve("run")
                            + ", 2 of them new: 2 with thinking kept beside.\n");
        }
        assertThat(responses()).allSatisfy(response -> {
            assertThat(response.exchange().response()).isEqualTo("No.");
            assertThat(response.thinking()).contains("Hm");
        });
    }

    @Test
    void collect_filterBehindAProxy_isAResponse() throws IOException {
        String body = "{\"error\":{\"message\":\"litellm.BadRequestError: litellm.ContentPolicyViolationError: gnome\","
                + "\"type\":null,\"code\":\"400\"}}";
        try (StubEndpoint endpoint = new StubEndpoint((question, attempt, number) -> StubEndpoint.status(400, body))) {
            Run result = collect(endpoint, 2);

            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("2 held back by a filter, 2 empty");
        }
    }

    @ParameterizedTest
    @CsvSource({"api-key, Api-key, false", "Authorization: Token, Authorization, true"})
    void collect_headerOfTheKey_isThatOfTheOption(String option, String header, boolean scheme) throws IOException {
        List<String> sent = new ArrayList<>();
        try (StubEndpoint endpoint = new StubEndpoint((question, attempt, number) -> exchange -> {
            sent.add(exchange.getRequestHeaders().getFirst(header));
            StubEndpoint.answer("No.").on(exchange);
        })) {
            Run result = collect(endpoint, 1, "--key-variable", "PATH", "--auth-header", option);

            assertThat(result.exitCode()).isZero();
            assertThat(endpoint.keys()).containsExactly(scheme ? "Token " + System.getenv("PATH") : "null");
        }
        assertThat(sent).containsExactly((scheme ? "Token " : "") + System.getenv("PATH"));
    }

    @Test
    void collect_headerWithoutAKey_isWrongUsage() {
        try (StubEndpoint endpoint = StubEndpoint.answering(question -> "No.")) {
            Run result = collect(endpoint, 1, "--auth-header", "api-key");

            assertThat(result.exitCode()).isEqualTo(2);
            assertThat(result.err()).startsWith("dna collect: --auth-header must go with a key, but was without\n");
        }
    }
}
