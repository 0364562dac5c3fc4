package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;

/** Judges the same runs again, and what prevents it. */
class JudgeAgainTest extends JudgeCase {
    @Test
    void answerThatStaysHindered_doesNotKeepTheNextRunWaiting() throws IOException {
        Path one = run("one", "broken");
        Path two = run("two", "good");
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> user.contains("broken")
                ? new JudgeEndpoint.Answer(500, PRIVATE)
                : JudgeEndpoint.verdict(user, schema, false))) {
            Run result = judge(llm(endpoint, one, two));

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("1 of 1 responses are not reviewed (1 EVALUATOR_UNAVAILABLE); stopped: ");
        }
        assertThat(RunDirectory.open(two).reviews("stub")).hasSize(1);
    }

    @Test
    void anotherCurrency_isReportedBeforeTheFirstRequest() throws IOException {
        Path path = run("run", "good", "broken");
        Object[] prices = {path, "--input-price", 1, "--output-price", 1, "--currency"};
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> user.contains("broken")
                ? new JudgeEndpoint.Answer(500, PRIVATE)
                : JudgeEndpoint.verdict(user, schema, false))) {
            assertThat(judge(llm(endpoint, with(prices, "USD"))).exitCode()).isEqualTo(1);
            String before = Files.readString(path.resolve("statistics/stub.json"));

            assertThat(judge(llm(endpoint, with(prices, "EUR"))))
                    .isEqualTo(new Run(
                            1,
                            "",
                            "dna judge: reviews must continue as they began, but did not: currency must be USD, as before,"
                                    + " but was EUR (" + path + ")\n"));

            assertThat(endpoint.requests()).hasSize(2);
            assertThat(Files.readString(path.resolve("statistics/stub.json"))).isEqualTo(before);
        }
    }

    @Test
    void limitsOfReplies_areSettingsOfTheirOwn() throws IOException {
        Path cache = directory.resolve("cache");
        Path path = run("run", "good");
        try (JudgeEndpoint endpoint = judging()) {
            judge(llm(endpoint, path, "--cache", cache, "--max-reply-tokens", 50));
            assertThat(judge(llm(endpoint, path, "--cache", cache, "--max-completion-tokens", 50))
                            .err())
                    .contains("maxCompletionTokens", "maxReplyTokens");
            judge(llm(endpoint, path, "--cache", cache, "--max-completion-tokens", 50, "--name", "other"));

            assertThat(endpoint.requests()).hasSize(2);
        }
    }

    @Test
    void batchThatWasCutOff_isReported() throws IOException {
        Path path = run("run", "good", "bad");
        try (JudgeEndpoint endpoint = judging()) {
            judge(llm(endpoint, path));
            Path statistics = path.resolve("statistics/stub.json");
            Files.writeString(
                    statistics, Files.readString(statistics).replace("\"batchesBegun\" : 1", "\"batchesBegun\" : 3"));

            assertThat(judge(llm(endpoint, path)).out())
                    .contains("They lack what was spent on 2 batches of at most 64 responses, during which a call was"
                            + " stopped.\n");
        }
    }

    @Test
    void cacheThatCannotBeWritten_isReported() throws IOException {
        Path cache = directory.resolve("cache");
        try (JudgeEndpoint endpoint = judging()) {
            Path path = run("run", "good", "bad");
            // A file in place of each reply directory: no reply can be stored, even if root runs the test.
            Files.createDirectory(cache);
            for (int i = 0; i < 256; i++) {
                Files.createFile(cache.resolve(String.format(java.util.Locale.ROOT, "%02x", i)));
            }
            Run result = judge(llm(endpoint, path, "--cache", cache));

            assertThat(result.exitCode()).isZero();
            assertThat(result.err())
                    .isEqualTo("dna judge: 2 replies could not be written to the cache: the reviews are complete, but a"
                            + " repeated request will be paid for again\n");
        }
    }

    @Test
    void endpointThatFailsNowAndThen_isAskedAgainByTheSameCommand() throws IOException {
        Path path = run("run", "good", "bad broken", "bad");
        AtomicInteger broken = new AtomicInteger();
        try (JudgeEndpoint endpoint =
                JudgeEndpoint.of((user, schema) -> user.contains("broken") && broken.incrementAndGet() == 1
                        ? new JudgeEndpoint.Answer(500, PRIVATE)
                        : JudgeEndpoint.verdict(user, schema, user.contains("bad")))) {
            Run first = judge(llm(endpoint, path));
            Run second = judge(llm(endpoint, path));
            Run third = judge(llm(endpoint, path));

            assertThat(first.exitCode()).isEqualTo(1);
            assertThat(first.err())
                    .isEqualTo(
                            "dna judge: 1 of 3 responses are not reviewed (1 EVALUATOR_UNAVAILABLE); the same command"
                                    + " reviews them (" + path + ")\n");
            assertThat(second).matches(run -> run.exitCode() == 0 && run.err().isEmpty());
            assertThat(third.out()).contains("3 of 3 responses of fish reviewed by stub, 0 of them now.");
            assertThat(endpoint.requests()).hasSize(4);
        }
        assertThat(RunDirectory.open(path).reviews("stub").keySet()).containsExactly("q0", "q2", "q1");
    }

    @Test
    void minimumScored_letsFewerScoresSuffice() throws IOException {
        Path path = run("run", "open");
        Object[] evaluators = {path, "--evaluator", "embedded", "--evaluator", "llm", "--judge-model", "stub"};
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> JudgeEndpoint.Answer.of("no verdict"))) {
            for (List<String> options : List.of(
                    List.of("--cascade", "--band", "0:1", "--name", "strict"),
                    List.of("--cascade", "--band", "0:1", "--fall-back", "--name", "cascade"),
                    List.of("--ensemble", "--name", "half"),
                    List.of("--ensemble", "--minimum-scored", "1", "--name", "ensemble"))) {
                List<Object> args = new ArrayList<>(List.of(evaluators));
                args.addAll(List.of("--endpoint", endpoint.address()));
                args.addAll(options);
                // The last stage of the cascades never answers.
                assertThat(judge(args.toArray()).exitCode()).isEqualTo(options.contains("--cascade") ? 1 : 0);
            }
        }
        for (String name : List.of("strict", "cascade", "half", "ensemble")) {
            assertThat(RunDirectory.open(path).reviews(name).get("q0").isScored())
                    .as(name)
                    .isEqualTo(List.of("cascade", "ensemble").contains(name));
        }
    }

    private static Object[] with(Object[] args, Object last) {
        Object[] all = Arrays.copyOf(args, args.length + 1);
        all[args.length] = last;
        return all;
    }
}
