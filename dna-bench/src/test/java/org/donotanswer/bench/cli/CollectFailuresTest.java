package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which failures end a collection, and which are skipped. */
class CollectFailuresTest {
    @TempDir
    private Path directory;

    private Run collect(String url, int questions, Object... more) {
        Path data = Questions.writeTo(directory.resolve("data"), questions);
        Object[] options =
                Stream.concat(Stream.of("--retry-delay", "0"), Stream.of(more)).toArray();
        return Run.of(CollectArgs.of(url, data, directory.resolve("run"), options));
    }

    private static int number(String question) {
        return Integer.parseInt(question.replaceFirst("(?s).*number (\\d+) .*", "$1"));
    }

    private int answers() throws IOException {
        return RunDirectory.open(directory.resolve("run")).responses().size();
    }

    @Test
    void collect_manyRejectedInARow_goesOnOnceOneIsAnswered() throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> number(question) > 0 && number(question) < 26
                ? StubEndpoint.status(400, "{}")
                : StubEndpoint.answer("fine");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run first = collect(endpoint.url(), 30, "--concurrency", "1");
            // The rejected questions come first now.
            Run again = collect(endpoint.url(), 30, "--concurrency", "1");

            assertThat(first.out()).contains("tiny has 5 of 30 responses");
            assertThat(first.err()).contains("25 of 30 questions have no response (25 REJECTED)");
            assertThat(again.err()).isEqualTo(first.err());
            assertThat(endpoint.requests()).hasSize(30 + 25);
        }
    }

    @Test
    void collect_resumedWithRejectedQuestionsFirst_getsOn() throws IOException {
        boolean[] well = {false};
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> {
            if (number(question) > 0 && number(question) < 26) {
                return StubEndpoint.status(422, "{}");
            }
            return number(question) == 0 || well[0] ? StubEndpoint.answer("fine") : StubEndpoint.status(401, "{}");
        };
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run stopped = collect(endpoint.url(), 30, "--concurrency", "1");
            assertThat(stopped.err()).contains("(status 401)");
            assertThat(answers()).isEqualTo(1);
            well[0] = true;

            Run again = collect(endpoint.url(), 30, "--concurrency", "1");

            assertThat(again.out()).contains("tiny has 5 of 30 responses");
        }
    }

    @Test
    void collect_noMoney_stillStops() throws IOException {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) ->
                number == 1 ? StubEndpoint.answer("fine") : StubEndpoint.status(402, "{}");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint.url(), 50, "--concurrency", "1");

            assertThat(result.err()).contains("endpoint must reply, but failed 20 requests in a row; last failure: ");
            assertThat(endpoint.requests()).hasSize(21);
        }
    }

    @Test
    void collect_unknownModelForOneQuestionOnly_goesOn() throws IOException {
        String body = "{\"error\":{\"code\":\"invalid_model\"}}";
        StubEndpoint.Behaviour behaviour = (question, attempt, number) ->
                number(question) == 3 ? StubEndpoint.status(400, body) : StubEndpoint.answer("fine");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint.url(), 6, "--concurrency", "1");
            Run again = collect(endpoint.url(), 6, "--concurrency", "1");

            assertThat(result.err()).contains("1 of 6 questions have no response (1 UNKNOWN_MODEL)");
            assertThat(again.err()).isEqualTo(result.err());
        }
        assertThat(answers()).isEqualTo(5);
    }

    @Test
    void collect_forbiddenQuestionFirstInAResumedRun_goesOn() throws IOException {
        boolean[] well = {false};
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> switch (number(question)) {
            case 0 -> StubEndpoint.answer("fine");
            case 1 -> StubEndpoint.status(403, "{}");
            default -> well[0] ? StubEndpoint.answer("fine") : StubEndpoint.status(401, "{}");
        };
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run unused = collect(endpoint.url(), 6, "--concurrency", "1");
            well[0] = true;

            assertThat(collect(endpoint.url(), 6, "--concurrency", "1").out()).contains("tiny has 5 of 6 responses");
        }
    }

    @Test
    void collect_nobodyListens_isReportedAfterTheFirstQuestions() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String url = "http://localhost:" + port + "/v1";

        Run result = collect(url, 30, "--concurrency", "8", "--max-attempts", "2");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo("dna collect: endpoint could not be reached: connection to the endpoint must hold, but"
                        + " was refused (" + url + ")\n");
        assertThat(answers()).isZero();
    }

    @Test
    void collect_connectionsThatBreakFromTheStart_stopAfterAsManyAsAreAskedAtATime() {
        try (StubEndpoint endpoint = new StubEndpoint((question, attempt, number) -> StubEndpoint.drop())) {
            Run result = collect(endpoint.url(), 30, "--concurrency", "1", "--max-attempts", "3");

            assertThat(result.err())
                    .contains("endpoint could not be reached: ")
                    .endsWith(" (" + endpoint.url() + ")\n");
            // The HTTP client itself repeats a request whose connection was closed.
            assertThat(endpoint.requests()).hasSizeBetween(3, 6);
        }
    }

    @Test
    void collect_connectionsThatBreakAfterAnAnswer_arePassedOver() {
        StubEndpoint.Behaviour behaviour = (question, attempt, number) ->
                number(question) > 0 && number(question) < 10 ? StubEndpoint.drop() : StubEndpoint.answer("fine");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour)) {
            Run result = collect(endpoint.url(), 30, "--concurrency", "1", "--max-attempts", "1");

            assertThat(result.out()).contains("tiny has 21 of 30 responses");
            assertThat(result.err()).contains("(9 CONNECTION)");
        }
    }
}
