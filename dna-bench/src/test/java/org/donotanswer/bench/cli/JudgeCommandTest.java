package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.harness.review.EvaluatorStatistics;
import org.donotanswer.harness.review.ReviewStatistics;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeCommandTest extends JudgeCase {
    @Test
    void embedded_reviewsSeveralRuns() throws IOException {
        Path one = run("one", "harm", "fine", "");
        Path two = run("two", "fine");

        Run result = judge(one, two, "--evaluator", "embedded");

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.lines())
                .containsExactly(
                        one + ": 3 of 3 responses of fish reviewed by embedded, 3 of them now.",
                        "evaluator                       arrived  decided passed on unscored requests      tokens       cost",
                        "fake/1                                3        2         0        1        -           -          -",
                        "",
                        two + ": 1 of 1 responses of fish reviewed by embedded, 1 of them now.",
                        "evaluator                       arrived  decided passed on unscored requests      tokens       cost",
                        "fake/1                                1        1         0        0        -           -          -",
                        "");
        assertThat(RunDirectory.open(one).reviews("embedded")).containsOnlyKeys("q0", "q1", "q2");
    }

    @Test
    void llm_reviewsAndCosts() throws IOException {
        Path path = run("run", "bad", "good", "");
        Path cache = directory.resolve("cache");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = judge(llm(
                    endpoint,
                    path,
                    "--key-variable",
                    VARIABLE,
                    "--input-price",
                    100,
                    "--output-price",
                    1000,
                    "--cache",
                    cache,
                    "--seed",
                    7));

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .contains(
                            "reviewed by stub, 3 of them now.",
                            "stub (rubric 1)                       3        2         0        1        2       2,020 0.2200 USD");
            assertThat(endpoint.keys())
                    .containsOnly("Bearer " + System.getenv(VARIABLE).strip());
            assertThat(endpoint.requests()).allSatisfy(request -> {
                assertThat(request.path("temperature").asDouble(-1)).isZero();
                assertThat(request.path("seed").asInt()).isEqualTo(7);
                assertThat(request.path("model").asText()).isEqualTo("stub");
            });
        }
        Map<String, Assessment> reviews = RunDirectory.open(path).reviews("stub");
        assertThat(((Assessment.Scored) reviews.get("q0")).harmful()).hasValue(0.95);
        assertThat(((Assessment.Scored) reviews.get("q1")).harmful()).hasValue(0.05);
        assertThat(reviews.get("q2").isScored()).isFalse();
        EvaluatorStatistics stage = ReviewStatistics.read(RunDirectory.open(path), "stub")
                .orElseThrow()
                .stages()
                .get(0);
        assertThat(stage.usage().tokens()).isEqualTo(new TokenUsage(2_000, 20));
        for (String file : List.of("reviews/stub.json", "reviews/stub.jsonl", "statistics/stub.json")) {
            assertThat(Files.readString(path.resolve(file))).doesNotContain(PRIVATE, System.getenv(VARIABLE));
        }
    }

    @Test
    void cachedReplies_areNotPaidAgain() throws IOException {
        Path cache = directory.resolve("cache");
        try (JudgeEndpoint endpoint = judging()) {
            judge(llm(endpoint, run("one", "bad", "good"), "--cache", cache));
            Run again = judge(llm(endpoint, run("two", "bad", "good"), "--cache", cache));

            assertThat(endpoint.requests()).hasSize(2);
            assertThat(again.out())
                    .contains(
                            "stub (rubric 1)                       2        2         0        0        0           0    unknown");
        }
    }

    @Test
    void cascade_asksTheLlmAboutWhatIsOpen() throws IOException {
        Path path = run("run", "harm bad", "fine bad", "fine good");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = judge(
                    llm(endpoint, path, "--stage", "embedded", "--stage", "llm", "--cascade", "--band", "0.05:0.5"));

            // Together with the --evaluator of llm(..), these are two LLMs.
            assertThat(result.exitCode()).isEqualTo(2);

            result = judge(
                    path,
                    "--stage",
                    "embedded",
                    "--stage",
                    "llm",
                    "--cascade",
                    "--band",
                    "0.05:0.5",
                    "--endpoint",
                    endpoint.address(),
                    "--judge-model",
                    "org/stub");

            assertThat(result.exitCode()).isZero();
            assertThat(endpoint.requests()).hasSize(2);
            assertThat(result.out())
                    .contains(
                            "fake/1                                3        1         2        0        -           -          -",
                            "org/stub (rubric 1)                   2        2         0        0        2       2,020    unknown");
        }
        assertThat(RunDirectory.open(path).reviews("cascade").values())
                .extracting(review -> ((Assessment.Scored) review).harmful().orElseThrow())
                .containsExactly(0.9, 0.95, 0.05);
        Run report = Run.of("report", path, "--output", directory.resolve("report"));
        assertThat(report.err()).isEmpty();
        assertThat(Files.readString(directory.resolve("report/tables/cost-cascade.csv")))
                .contains("fake/1\",3,1,2,0,", "org/stub (rubric 1)\",2,2,0,0,", ",2,0,2000,20,price not given");
    }

    private Run cascade(JudgeEndpoint endpoint, Path path, Object... more) {
        List<Object> args = new ArrayList<>(List.of(
                path,
                "--stage",
                "embedded",
                "--stage",
                "llm",
                "--cascade",
                "--band",
                "0.05:0.5",
                "--endpoint",
                endpoint.address(),
                "--judge-model",
                "stub"));
        args.addAll(Arrays.asList(more));
        return judge(args.toArray());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void cascade_whoseLastStageNeverAnswers_saysSo(boolean fallBack) throws IOException {
        Path path = run("run", "harm bad", "fine bad", "fine good", "");
        Object[] more = fallBack ? new Object[] {"--fall-back"} : new Object[0];
        String message = "dna judge: the last stage, stub (rubric 1), scored none of the 2 responses passed on to it"
                + (fallBack ? "" : " (2 UNPARSED_REVIEW)") + " (" + path + ")\n";
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> JudgeEndpoint.Answer.of("Well, " + PRIVATE))) {
            Run result = cascade(endpoint, path, more);

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).isEqualTo(message);
            // Neither does it end well if it is repeated, although nothing is left to do.
            assertThat(cascade(endpoint, path, more).err()).isEqualTo(message);
        }
        Run report = Run.of("report", path, "--output", directory.resolve("report"));
        assertThat(report.err()).isEmpty();
        assertThat(Files.readString(directory.resolve("report/report.md")))
                .contains("Reviews of fish by cascade: the last stage, stub (rubric 1), scored none of the 2 responses"
                        + " passed on to it");
    }

    @Test
    void cascade_whoseLastStageGetsOnlyEmptyResponses_isDone() throws IOException {
        Path path = run("run", "harm bad", "");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = cascade(endpoint, path);

            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
        }
    }

    @Test
    void pricesGivenLater_alsoCoverEarlierTokens() throws IOException {
        Path path = run("run", "bad", "good");
        try (JudgeEndpoint endpoint = judging()) {
            assertThat(judge(llm(endpoint, path)).out()).contains("2,020    unknown");

            Run again = judge(llm(endpoint, path, "--input-price", 100, "--output-price", 1000));

            assertThat(again.err()).isEmpty();
            assertThat(again.out())
                    .contains("2 of 2 responses of fish reviewed by stub, 0 of them now.", "2,020 0.2200 USD");
        }
        assertThat(Files.readString(path.resolve("statistics/stub.json"))).contains("\"currency\" : \"USD\"");
    }

    @Test
    void llm_longName_isWholeInTheTable() throws IOException {
        Path path = run("run", "bad");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = judge(
                    path,
                    "--evaluator",
                    "llm",
                    "--endpoint",
                    endpoint.address(),
                    "--judge-model",
                    "an-organisation/a-judge-with-a-long-name");

            assertThat(result.exitCode()).isZero();
            assertThat(result.lines())
                    .containsSubsequence(
                            "an-organisation/a-judge-with-a-long-name (rubric 1)",
                            "                                      1        1         0        0        1       1,010    unknown");
        }
    }

    @Test
    void ensemble_isTheWeightedMean() throws IOException {
        Path path = run("run", "harm good");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = judge(
                    path,
                    "--evaluator",
                    "embedded",
                    "--evaluator",
                    "llm",
                    "--ensemble",
                    "--weights",
                    "3,1",
                    "--endpoint",
                    endpoint.address(),
                    "--judge-model",
                    "stub",
                    "--name",
                    "mix");

            assertThat(result.exitCode()).isZero();
        }
        assertThat(((Assessment.Scored) RunDirectory.open(path).reviews("mix").get("q0"))
                        .harmful()
                        .orElseThrow())
                .isCloseTo((3 * 0.9 + 0.05) / 4, org.assertj.core.api.Assertions.within(1e-9));
    }

    @Test
    void endpointWithoutSchemas_isAskedForTags() throws IOException {
        Path path = run("run", "good", "bad", "bad too");
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> schema
                ? new JudgeEndpoint.Answer(400, "response_format must be text")
                : JudgeEndpoint.verdict(user, false, user.contains("bad")))) {
            Run result = judge(llm(endpoint, path, "--concurrency", 1));

            assertThat(result.exitCode()).isZero();
            assertThat(endpoint.requests()).hasSize(4);
        }
    }

    @Test
    void wrongKey_isReportedAtOnce() throws IOException {
        Path one = run("one", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        Path two = run("two", "a");
        try (JudgeEndpoint endpoint = JudgeEndpoint.of(
                (user, schema) -> new JudgeEndpoint.Answer(401, "Incorrect key: " + System.getenv(VARIABLE)))) {
            Run result = judge(llm(endpoint, one, two, "--key-variable", VARIABLE, "--concurrency", 2));

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.err())
                    .startsWith(
                            "dna judge: 12 of 12 responses are not reviewed (12 EVALUATOR_MISCONFIGURED); stopped: ")
                    .contains("401");
            assertThat(endpoint.requests()).hasSizeLessThanOrEqualTo(2);
        }
        assertThat(RunDirectory.open(one).reviews("stub")).isEmpty();
        assertThat(RunDirectory.open(two).reviewers()).isEmpty();
    }

    @Test
    void modelThatTheServerRejects_isReportedAtOnce() throws IOException {
        Path path = run("run", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l");
        try (JudgeEndpoint endpoint =
                JudgeEndpoint.of((user, schema) -> new JudgeEndpoint.Answer(400, "temperature is not supported"))) {
            Run result = judge(llm(endpoint, path));

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err()).contains("12 of 12 responses are not reviewed (12 EVALUATOR_FAILURE); stopped: ");
        }
        assertThat(RunDirectory.open(path).reviews("stub")).isEmpty();
    }

    @Test
    void unreadableReplies_areUnscored() throws IOException {
        Path path = run("run", "a");
        Path cache = directory.resolve("cache");
        try (JudgeEndpoint endpoint = JudgeEndpoint.of((user, schema) -> JudgeEndpoint.Answer.of("Well, " + PRIVATE))) {
            assertThat(judge(llm(endpoint, path, "--cache", cache)).exitCode()).isZero();
        }
        assertThat(Files.readString(path.resolve("reviews/stub.jsonl")))
                .contains("\"status\":\"UNSCORED\",\"reason\":\"UNPARSED_REVIEW\"")
                .doesNotContain(PRIVATE);
        // The reply can be looked up there.
        try (var files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile))
                    .singleElement()
                    .satisfies(file -> assertThat(file).content().contains(PRIVATE));
        }
    }

    @Test
    void noRun_isOneLine() {
        Path path = directory.resolve("none");

        assertThat(judge(path, "--evaluator", "embedded"))
                .isEqualTo(new Run(
                        1,
                        "",
                        "dna judge: directory must be that of a run, with a manifest, but was missing ("
                                + path.resolve("manifest.json") + ")\n"));
    }

    @Test
    void runWithoutResponses_isOneLine() throws IOException {
        Path path = run("run");

        assertThat(judge(path, "--evaluator", "embedded"))
                .isEqualTo(new Run(1, "", "dna judge: run must have responses, but had none (" + path + ")\n"));
    }

    @Test
    void anotherEvaluatorUnderTheName_isOneLine() throws IOException {
        Path path = run("run", "a");
        judge(path, "--evaluator", "embedded", "--name", "mine");
        try (JudgeEndpoint endpoint = judging()) {
            Run result = judge(llm(endpoint, path, "--name", "mine"));

            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.err().lines()).hasSize(1);
            assertThat(result.err()).contains("differ in evaluator: fake/1 then, stub (rubric 1) now");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "--evaluator embedded --name a/b # name of a reviewer must be letters, digits, dots, dashes and underscores, but was 'a/b'",
                "--evaluator embedded --name human # name of an evaluator must not be reserved for human labels, but was 'human'",
                "--evaluator embedded --evaluator llm # --cascade or --ensemble must go with several evaluators, but was missing",
                "--evaluator embedded --cascade # --cascade or --ensemble must go with several evaluators, but was with one",
                "--evaluator embedded --evaluator llm --cascade --ensemble # evaluators must be a cascade or an ensemble, but was both",
                "--evaluator embedded --fall-back # --fall-back must go with --cascade, but was without",
                "--evaluator embedded --minimum-scored 1 # --minimum-scored must go with --ensemble, but was without",
                "--evaluator embedded --evaluator embedded --ensemble --minimum-scored 3 # --minimum-scored must be from 1 to 2, but was 3",
                "--evaluator llm # --endpoint must be given with llm, but was missing",
                "--evaluator llm --endpoint http://127.0.0.1:1 # --judge-model must be given with llm, but was missing",
                "--evaluator embedded --judge-model m # --judge-model must go with the evaluator llm, but was without",
                "--evaluator embedded --max-tokens 4 # --max-tokens must go with one checkpoint, but was with 0",
                "--evaluator embedded --band 0:1 # --band must go with --cascade, but was without",
                "--evaluator embedded --evaluator embedded --cascade --band 0.9:0.1 # band must be two ascending numbers from 0 to 1, but was 0.9:0.1",
                "--evaluator embedded --evaluator embedded --cascade --band low # --band must be LOW:HIGH, but was 'low'",
                "--evaluator embedded --evaluator embedded --cascade --band 0:1 --band 0:1 # --band needs 1 band, or one for each evaluator but the last (1), but had 2",
                "--evaluator embedded --evaluator embedded --ensemble --weights 1 # --weights needs 2 numbers, but had 1",
                "--evaluator embedded --evaluator embedded --ensemble --weights 1,0 # weight must be in [1.0E-6, 1000000.0], but was 0.0",
                "--evaluator llm --endpoint http://127.0.0.1:1 --judge-model m --input-price 1 # --input-price must go with --output-price, but was without",
                "--evaluator llm --endpoint http://127.0.0.1:1 --judge-model m --input-price -1 --output-price 1 # inputPerMillion must be finite and at least 0, but was -1.0",
                "--evaluator llm --endpoint http://127.0.0.1:1 --judge-model m --temperature hot # --temperature must be a number or none, but was 'hot'",
                "--evaluator llm --endpoint http://127.0.0.1:1 --judge-model m --max-chars 5 # maxChars must be at least 100, but was 5",
                "--evaluator llm --endpoint http://127.0.0.1:1 --judge-model m --key-variable DNA_NO_SUCH_VARIABLE # environment variable DNA_NO_SUCH_VARIABLE must hold a key, but was without",
            })
    void wrongUsage_isReported(String args, String message) throws IOException {
        Path path = run("run", "a");
        List<Object> all = new ArrayList<>(List.of(path));
        all.addAll(Arrays.asList((Object[]) args.strip().split(" ", -1)));

        assertThat(judge(all.toArray()))
                .isEqualTo(new Run(2, "", "dna judge: " + message.strip() + "\nTry 'dna judge --help'.\n"));
        assertThat(path.resolve("reviews")).doesNotExist();
    }
}
