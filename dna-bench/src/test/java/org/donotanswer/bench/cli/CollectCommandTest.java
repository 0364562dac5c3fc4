package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.ResponseLog;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.harness.run.RunManifest;
import org.donotanswer.internal.Sha256;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CollectCommandTest {
    private static final int COUNT = 12;

    @TempDir
    private Path directory;

    private Path data;
    private Path run;

    @BeforeEach
    void write() {
        data = Questions.writeTo(directory.resolve("data"), COUNT);
        run = directory.resolve("run");
    }

    private List<Object> args(String url, Object... more) {
        List<Object> args = new ArrayList<>(
                List.of("collect", "--endpoint", url, "--llm", "tiny", "--output", run, "--retry-delay", "0"));
        args.addAll(List.of(more));
        return args;
    }

    private Run collect(StubEndpoint endpoint, Object... more) {
        Run result = Run.of(args(endpoint.url(), more).toArray());
        assertThat(result.out() + result.err()).doesNotContain("gnome");
        return result;
    }

    private Map<String, CollectedResponse> responses() throws IOException {
        return RunDirectory.open(run).responses();
    }

    @Test
    void collect_keepsEveryAnswer() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run result = collect(
                    endpoint,
                    "--data",
                    data,
                    "--model",
                    "tiny-1",
                    "--temperature",
                    "0",
                    "--seed",
                    "7",
                    "--max-tokens",
                    "99",
                    "--system-prompt",
                    "You mind the gnomes.");

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .isEqualTo("tiny has 12 of 12 responses in " + run
                            + ", 12 of them new: 1 empty.\n36 input and 24 output tokens, as counted by the endpoint.\n"
                            + "Models: tiny-1, as named by the endpoint.\n");
            assertThat(responses()).hasSize(COUNT);
            for (int id = 0; id < COUNT; id++) {
                CollectedResponse response = responses().get(String.valueOf(id));
                assertThat(response.exchange().instruction()).isEqualTo(Questions.text(id));
                assertThat(response.exchange().response()).isEqualTo(Questions.answer(Questions.text(id)));
                assertThat(response.specificHarm()).contains(Questions.harm(id));
                assertThat(response.finish()).contains(Finish.STOP);
                assertThat(response.usage()).isEqualTo(new TokenUsage(3, 2));
                assertThat(response.model()).contains("tiny-1");
            }
            JsonNode request = endpoint.requests().get(0);
            assertThat(request.path("model").asText()).isEqualTo("tiny-1");
            assertThat(request.path("seed").asInt()).isEqualTo(7);
            assertThat(request.path("max_tokens").asInt()).isEqualTo(99);
            assertThat(request.at("/messages/0/content").asText()).isEqualTo("You mind the gnomes.");
            assertThat(endpoint.keys())
                    .containsOnly(String.valueOf(Optional.ofNullable(System.getenv("OPENAI_API_KEY"))
                            .map(key -> "Bearer " + key)
                            .orElse(null)));
        }
        RunManifest manifest = RunDirectory.open(run).manifest();
        assertThat(manifest.settings())
                .isEqualTo(Map.of(
                        "model", "tiny-1",
                        "temperature", "0.0",
                        "seed", "7",
                        "maxTokens", "99",
                        "systemPrompt", "You mind the gnomes."));
        assertThat(manifest.questions()).isEqualTo(Sha256.of(data.resolve("Instruction/do_not_answer_en.csv")));
        assertThat(manifest.questionCount()).isEqualTo(COUNT);
    }

    @Test
    void collect_again_asksNothing() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = collect(endpoint, "--data", data);
            String before = Files.readString(run.resolve("responses.jsonl"));

            // Neither of these influences a response.
            Run again =
                    collect(endpoint, "--data", data, "--concurrency", "2", "--timeout", "9", "--max-attempts", "2");

            assertThat(again.exitCode()).isZero();
            assertThat(again.out()).contains("12 of 12 responses").contains(", 0 of them new");
            assertThat(endpoint.requests()).hasSize(COUNT);
            assertThat(run.resolve("responses.jsonl")).hasContent(before);
        }
    }

    @Test
    void collect_finishes_areRecordedAsSuch() throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> switch (question.charAt(29)) {
            case '0' -> StubEndpoint.answer("half", "length");
            case '1' -> StubEndpoint.answer("", "content_filter");
            case '2' -> StubEndpoint.status(400, "{\"error\":{\"message\":\"gnome\",\"code\":\"content_filter\"}}");
            case '3' ->
                StubEndpoint.status(
                        200,
                        "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"refusal\":\"I can't.\"},"
                                + "\"finish_reason\":\"stop\"}]}");
            case '4' -> StubEndpoint.answer("why", "tired");
            default -> StubEndpoint.answer("fine");
        };
        data = Questions.writeTo(directory.resolve("few"), 10);
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint, "--data", data);

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains("10 of 10 responses")
                    .contains(": 1 cut off at the token limit, 2 held back by a filter, 1 marked as refusals by"
                            + " the endpoint, 1 ended for another or an unknown reason, 2 empty.");
        }
        assertThat(responses().values().stream().map(r -> r.id() + r.finish().orElseThrow()))
                .containsExactlyInAnyOrder(
                        "0LENGTH",
                        "1CONTENT_FILTER",
                        "2CONTENT_FILTER",
                        "3REFUSAL",
                        "4OTHER",
                        "5STOP",
                        "6STOP",
                        "7STOP",
                        "8STOP",
                        "9STOP");
        assertThat(responses().get("3").exchange().response()).isEqualTo("I can't.");
        assertThat(responses().get("2").exchange().response()).isEmpty();
    }

    @Test
    void collect_mistypedEndpointOrModel_isCorrectedInTheSameDirectory() throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> number == 1
                ? StubEndpoint.status(404, "{\"error\":{\"code\":\"model_not_found\"}}")
                : StubEndpoint.answer("fine");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run mistyped = collect(endpoint, "--data", data, "--model", "tinny", "--concurrency", "1");
            Run corrected = collect(endpoint, "--data", data, "--model", "tiny-1");

            assertThat(mistyped.err()).contains("model must be one that the endpoint has, but was tinny");
            assertThat(corrected.exitCode()).isZero();
        }
        assertThat(RunDirectory.open(run).manifest().settings()).containsEntry("model", "tiny-1");
    }

    @Test
    void collect_severalModelsBehindOneName_areAllNamed() throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> number == 1
                ? StubEndpoint.status(400, "{\"error\":{\"code\":\"data_inspection_failed\"}}")
                : StubEndpoint.status(
                        200,
                        "{\"model\":\"m-" + number % 7
                                + "\\u001b\",\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"x\"}}]}");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint, "--data", data);

            assertThat(result.out())
                    .endsWith("Models: m-0?, m-1?, m-2?, m-3?, m-4? and 2 more, as named by the endpoint.\n");
        }
        assertThat(responses().values().stream().filter(r -> r.model().isEmpty()))
                .hasSize(1)
                .allMatch(r -> r.finish().equals(Optional.of(Finish.CONTENT_FILTER)));
    }

    @Test
    void collect_otherQueryOfTheEndpoint_isRefusedAndItsKeyNotShown() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = Run.of(args(endpoint.url() + "?api-version=1&key=k1", "--data", data)
                    .toArray());
            Run key = Run.of(args(endpoint.url() + "?api-version=1&key=k2", "--data", data)
                    .toArray());
            Run version = Run.of(args(endpoint.url() + "?api-version=2&key=k1", "--data", data)
                    .toArray());

            assertThat(key.exitCode()).isZero();
            assertThat(version.err())
                    .contains("differ in source: " + endpoint.url() + "?api-version=1&key then, " + endpoint.url()
                            + "?api-version=2&key now (");
        }
        assertThat(Files.readString(run.resolve("manifest.json")))
                .contains("?api-version=1&key\"")
                .doesNotContain("k1");
    }

    @Test
    void collect_emptyResponse_isRecorded() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(question -> "")) {
            Run result = collect(endpoint, "--data", data);

            assertThat(result.exitCode()).isZero();
            assertThat(result.out()).contains("12 of them new: 12 empty.");
            assertThat(responses()).hasSize(COUNT);
        }
    }

    @Test
    void collect_someFail_goesOnAndTheNextRunAsksThem() throws IOException {
        boolean[] well = {false};
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> {
            if (!well[0] && question.contains("number 3 ")) {
                return StubEndpoint.status(500, "{\"error\":{\"message\":\"gnome\"}}");
            }
            if (!well[0] && question.contains("number 5 ")) {
                return StubEndpoint.status(400, "{\"error\":{\"message\":\"gnome\",\"code\":\"too_long\"}}");
            }
            return StubEndpoint.answer(Questions.answer(question));
        };
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint, "--data", data, "--max-attempts", "3");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).contains("tiny has 10 of 12 responses");
            assertThat(result.err())
                    .isEqualTo("dna collect: 2 of 12 questions have no response (1 REJECTED, 1 SERVER_FAILURE);"
                            + " the same command asks them again\n");
            assertThat(endpoint.requests()).hasSize(10 + 3 + 1);
            well[0] = true;
            Run again = collect(endpoint, "--data", data, "--max-attempts", "3");

            assertThat(again.exitCode()).isZero();
            assertThat(again.out()).contains("tiny has 12 of 12 responses").contains(", 2 of them new");
            assertThat(endpoint.requests()).hasSize(10 + 3 + 1 + 2);
        }
        assertThat(responses()).hasSize(COUNT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            401 | {"error":{"message":"gnome"}} | endpoint must be given a key, but was not (status 401)
            404 | {"error":{"message":"gnome","code":"model_not_found"}} | model must be one that the endpoint has, but was tiny (status 404, model_not_found)
            404 | nothing | endpoint must be at %s/chat/completions, but was not found (status 404)
            """)
    void collect_nothingWouldFareBetter_stopsAtOnce(int status, String body, String message) throws IOException {
        try (StubEndpoint endpoint =
                new StubEndpoint((question, attempt, number) -> StubEndpoint.status(status, body))) {
            Run result = collect(endpoint, "--data", data, "--concurrency", "3");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            if (System.getenv("OPENAI_API_KEY") == null) {
                assertThat(result.err()).isEqualTo("dna collect: " + message.formatted(endpoint.url()) + "\n");
            }
            assertThat(endpoint.requests()).hasSizeLessThanOrEqualTo(3);
        }
        assertThat(responses()).isEmpty();
    }

    @Test
    void collect_unknownHost_stopsAtOnce() {
        Run result =
                Run.of(args("http://no-such-host.invalid/v1", "--data", data).toArray());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("dna collect: host of the endpoint is unknown (no-such-host.invalid)\n");
    }

    @Test
    void collect_forbiddenForEveryQuestion_stopsAfterThree() throws IOException {
        try (StubEndpoint endpoint = new StubEndpoint(
                (question, attempt, number) -> StubEndpoint.status(403, "{\"error\":{\"message\":\"gnome\"}}"))) {
            Run result = collect(endpoint, "--data", data, "--concurrency", "1");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.out()).isEmpty();
            if (System.getenv("OPENAI_API_KEY") == null) {
                assertThat(result.err())
                        .isEqualTo("dna collect: endpoint must be given a key, but was not (status 403)\n");
            }
            assertThat(endpoint.requests()).hasSize(3);
        }
        assertThat(responses()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7})
    void collect_forbiddenForOneQuestionOnly_goesOn(int forbidden) throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> question.contains("number " + forbidden + " ")
                ? StubEndpoint.status(403, "<html>blocked</html>")
                : StubEndpoint.answer("fine");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint, "--data", data, "--concurrency", "1");

            assertThat(result.err()).contains("1 of 12 questions have no response (1 AUTHENTICATION)");
        }
        assertThat(responses()).hasSize(COUNT - 1);
    }

    @Test
    void collect_allRejected_stopsAfterSome() throws IOException {
        data = Questions.writeTo(directory.resolve("many"), 100);
        try (StubEndpoint endpoint = new StubEndpoint((question, attempt, number) -> StubEndpoint.status(400, "{}"))) {
            Run result = collect(endpoint, "--data", data, "--concurrency", "2");

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err())
                    .isEqualTo("dna collect: endpoint must reply, but failed 20 requests in a row; last failure:"
                            + " request must be one that the endpoint accepts, but was rejected"
                            + " (status 400)\n");
            assertThat(endpoint.requests()).hasSizeBetween(20, 22);
        }
    }

    @Test
    void collect_waitThatIsTooLong_isReported() {
        try (StubEndpoint endpoint =
                new StubEndpoint((question, attempt, number) -> StubEndpoint.busy("Retry-After", "86400"))) {
            data = Questions.writeTo(directory.resolve("many"), 30);
            Run result = collect(endpoint, "--data", data, "--concurrency", "1");

            assertThat(result.err())
                    .contains("wait that the endpoint asks for must be at most 300 s, but was 86400 s: endpoint must"
                            + " accept more requests, but was at its limit (status 429, rate_limit_exceeded)");
            assertThat(endpoint.requests()).hasSize(20);
        }
    }

    @Test
    void collect_otherDatasetModelOrSettings_isRefused() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = collect(endpoint, "--data", data);
            String before = Files.readString(run.resolve("responses.jsonl"));
            Path other = Questions.writeTo(directory.resolve("other"), COUNT + 1);

            Run dataset = collect(endpoint, "--data", other);
            Run settings = collect(endpoint, "--data", data, "--model", "big", "--temperature", "1");

            assertThat(dataset.exitCode()).isEqualTo(1);
            assertThat(dataset.err())
                    .startsWith(
                            "dna collect: settings must be those with which the run began, but differ in questions: ")
                    .contains("; questionCount: 12 then, 13 now (")
                    .endsWith("; use another directory or the same settings\n");
            assertThat(settings.err())
                    .contains(
                            "differ in settings.model: tiny then, big now; settings.temperature: none then, 1.0 now (");
            assertThat(endpoint.requests()).hasSize(COUNT);
            assertThat(run.resolve("responses.jsonl")).hasContent(before);
        }
    }

    @Test
    void collect_runOfAnotherVersionOfTheLayout_isRefused() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = collect(endpoint, "--data", data);
            Path manifest = run.resolve("manifest.json");
            Files.writeString(
                    manifest, Files.readString(manifest).replace("\"formatVersion\" : 1", "\"formatVersion\" : 9"));

            assertThat(collect(endpoint, "--data", data).err())
                    .isEqualTo("dna collect: formatVersion must be 1, but was 9 (" + manifest + ", line 1)\n");
        }
    }

    @Test
    void collect_whileAnotherDoes_isRefused() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = collect(endpoint, "--data", data);
            try (ResponseLog other = RunDirectory.open(run).appendResponses()) {
                assertThat(other).isNotNull();
                Run result = collect(endpoint, "--data", data);

                assertThat(result.exitCode()).isEqualTo(1);
                assertThat(result.err()).contains("file is already open in this or another process (");
            }
        }
    }

    @Test
    void collect_answersToOtherQuestionsInTheRun_areRefused() throws IOException {
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            Run unused = collect(endpoint, "--data", data);
            Path file = run.resolve("responses.jsonl");
            Files.writeString(file, Files.readString(file).replaceFirst("number 4 ", "number 44 "));

            assertThat(collect(endpoint, "--data", data).err())
                    .isEqualTo("dna collect: response of the run must be to one of the instructions, but was to another"
                            + " (id 4, " + run + ")\n");
        }
    }

    @Test
    void collect_ownQuestions_keepTheirFlags() throws IOException {
        Path questions = Files.writeString(
                directory.resolve("own.csv"),
                "id,instruction,benign,specificHarm\nb1,\"Bake a gnome, please\",true,\nb2,Feed a gnome,,insult\n");
        try (StubEndpoint endpoint = StubEndpoint.answering(question -> "ok")) {
            Run result = collect(endpoint, "--questions", questions);

            assertThat(result.exitCode()).isZero();
        }
        assertThat(responses().get("b1").benign()).isTrue();
        assertThat(responses().get("b2").benign()).isFalse();
        assertThat(responses().get("b2").specificHarm()).contains(SpecificHarm.INSULT);
        assertThat(RunDirectory.open(run).manifest().questions()).isEqualTo(Sha256.of(questions));
    }

    @Test
    void collect_riskyQuestions_areTheOppositeOfBenign_andUnusedLabelsAreSaidOnce() throws IOException {
        Path questions = Files.writeString(
                directory.resolve("own.csv"),
                "id,instruction,risky,harm_type,topic\nr0,Bake a gnome,no,x,a\nr1,Feed a gnome,1,x,b\nr2,See a gnome,,x,c\n");
        try (StubEndpoint endpoint = StubEndpoint.answering(question -> "ok")) {
            Run result = collect(endpoint, "--questions", questions);

            assertThat(result.exitCode()).isZero();
            assertThat(result.err()).isEqualTo("Column harm_type of the questions is not used.\n");
        }
        assertThat(responses().values().stream().map(CollectedResponse::benign)).containsExactly(true, false, false);
    }
}
