package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Question;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Collects in a separate process that is killed, from an endpoint that fails in every way. */
class CollectKilledTest {
    private static final String KEY = "sk-0123456789secret";
    private static final int KILLS = 10;
    private static final int CONCURRENCY = 4;

    @TempDir
    private Path directory;

    /** How the endpoint reacts to the nth request for a question, and when the process is killed. */
    private static final class Misery implements StubEndpoint.Behaviour {
        private final long seed;
        private final Set<Integer> killAt = new HashSet<>();
        private final Semaphore killed = new Semaphore(0);
        private final AtomicInteger answers = new AtomicInteger();
        private final List<Integer> kinds = new ArrayList<>();

        /** Draws the number of requests after which the process is killed each time. */
        Misery(long seed, int mostBetween) {
            this.seed = seed;
            Random random = new Random(seed);
            for (int kill = 0, at = 0; kill < KILLS; kill++) {
                at += 1 + random.nextInt(mostBetween);
                killAt.add(at);
            }
        }

        @Override
        public StubEndpoint.Act act(String question, int attempt, int number) {
            if (killAt.contains(number)) {
                // The process is dead before this request gets a reply.
                killed.release();
                return StubEndpoint.slow(Duration.ofSeconds(1), StubEndpoint.drop());
            }
            int kind = new Random(seed ^ (31L * question.hashCode() + attempt)).nextInt(attempt > 3 ? 4 : 12);
            synchronized (kinds) {
                kinds.add(kind);
            }
            return switch (kind) {
                case 11 -> StubEndpoint.drop();
                case 10 -> StubEndpoint.dropHalfway();
                case 9 -> StubEndpoint.busy("Retry-After", "0");
                case 8 -> StubEndpoint.busy("retry-after-ms", "5");
                case 7 -> StubEndpoint.status(500, "{\"error\":{\"message\":\"" + KEY + "\"}}");
                case 6 -> StubEndpoint.status(200, "{\"choices\":[{\"message\":{\"content\":\"No");
                case 5 -> StubEndpoint.status(200, "{\"choices\":[]}");
                case 4 -> StubEndpoint.slow(Duration.ofMillis(20), answer(question));
                default -> answer(question);
            };
        }

        private StubEndpoint.Act answer(String question) {
            answers.incrementAndGet();
            return StubEndpoint.answer(Questions.answer(question));
        }
    }

    private static DnaProcess collect(StubEndpoint endpoint, Path data, Path run, Path output) {
        return DnaProcess.start(KEY, output, collectArgs(endpoint, data, run));
    }

    private static Object[] collectArgs(StubEndpoint endpoint, Path data, Path run) {
        return CollectArgs.of(
                endpoint.url(),
                data,
                run,
                "--concurrency",
                CONCURRENCY,
                "--max-attempts",
                8,
                "--retry-delay",
                0.005,
                "--seed",
                7);
    }

    private void collectWithKills(Path data, List<Question> questions, long seed, int mostBetween) throws Exception {
        Path run = directory.resolve("run");
        Path output = Files.createFile(directory.resolve("output"));
        Misery misery = new Misery(seed, mostBetween);
        try (StubEndpoint endpoint = new StubEndpoint(misery)) {
            byte[] manifest = null;
            String before = "";
            for (int kill = 0; kill < KILLS; kill++) {
                try (DnaProcess process = collect(endpoint, data, run, output)) {
                    assertThat(misery.killed.tryAcquire(60, TimeUnit.SECONDS)).isTrue();
                    process.kill();
                }
                byte[] found = Files.readAllBytes(run.resolve("manifest.json"));
                assertThat(found).isEqualTo(manifest == null ? found : manifest);
                manifest = found;
                String after = completeLines(run);
                assertThat(after).startsWith(before);
                before = after;
            }
            assertThat(before.lines().count()).isLessThan(questions.size());
            try (DnaProcess process = collect(endpoint, data, run, output)) {
                assertThat(process.exitCode()).as(process.output()).isZero();
                assertThat(process.output())
                        .contains("tiny has " + String.format(Locale.ROOT, "%,d", questions.size()) + " of ");
            }
            assertThat(Files.readAllBytes(run.resolve("manifest.json"))).isEqualTo(manifest);
            // Only requests in flight when the process was killed are repeated.
            assertThat(misery.answers.get()).isLessThanOrEqualTo(questions.size() + KILLS * CONCURRENCY);
            assertThat(endpoint.keys()).containsOnly("Bearer " + KEY);
        }
        assertThat(misery.kinds).contains(5, 6, 7, 8, 9, 10, 11);
        assertAnswers(run, questions);
        assertSilent(output, questions);
    }

    private static String completeLines(Path run) throws IOException {
        Path file = run.resolve("responses.jsonl");
        String text = Files.exists(file) ? new String(Files.readAllBytes(file), StandardCharsets.UTF_8) : "";
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }

    private static void assertAnswers(Path run, List<Question> questions) throws IOException {
        assertThat(Files.readAllLines(run.resolve("responses.jsonl"))).hasSize(questions.size());
        var responses = RunDirectory.open(run).responses();
        assertThat(responses).hasSize(questions.size());
        for (Question question : questions) {
            CollectedResponse response = responses.get(String.valueOf(question.id()));
            assertThat(response.exchange().instruction()).isEqualTo(question.text());
            assertThat(response.exchange().response()).isEqualTo(Questions.answer(question.text()));
            assertThat(response.finish()).contains(Finish.STOP);
        }
    }

    private static void assertSilent(Path output, List<Question> questions) throws IOException {
        String said = Files.readString(output);
        assertThat(said).doesNotContain(KEY).doesNotContain("answer to");
        assertThat(questions).noneMatch(question -> said.contains(question.text()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1})
    void collect_killedTenTimes_answersEveryQuestionOnce(long seed) throws Exception {
        Path data = Questions.writeTo(directory.resolve("data"), 60);

        collectWithKills(data, DoNotAnswer.load(data).questions(), seed, 10);
    }

    @Test
    @RealData
    void collect_publishedQuestionsKilledTenTimes_answersEveryQuestionOnce() throws Exception {
        Path data = RealDataDirectories.doNotAnswer();

        collectWithKills(data, DoNotAnswer.load(data).questions(), 2, 150);
    }

    @Test
    void collect_wrongKey_stopsAtOnceAndDoesNotShowIt() throws Exception {
        Path data = Questions.writeTo(directory.resolve("data"), 30);
        Path output = Files.createFile(directory.resolve("output"));
        StubEndpoint.Behaviour behaviour = (question, attempt, number) -> StubEndpoint.status(
                401, "{\"error\":{\"message\":\"no such key: " + KEY + "\",\"code\":\"invalid_api_key\"}}");
        try (StubEndpoint endpoint = new StubEndpoint(behaviour);
                DnaProcess process = collect(endpoint, data, directory.resolve("run"), output)) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output())
                    .isEqualTo("dna collect: key must be one that the endpoint accepts for the model, but was not"
                            + " (status 401, invalid_api_key)\n");
            assertThat(endpoint.requests()).hasSizeLessThanOrEqualTo(CONCURRENCY);
        }
        try (Stream<Path> files = Files.walk(directory.resolve("run"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).doesNotContain(KEY);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void collect_fullDiskBeforeTheManifest_namesTheFile() throws Exception {
        Path data = Questions.writeTo(directory.resolve("data"), 3);
        Path run = directory.resolve("run");
        Path output = Files.createFile(directory.resolve("output"));
        List<String> limited =
                List.of("bash", "-c", "ulimit -f 1; exec \"$@\" --system-prompt " + "x".repeat(2_000), "bash");
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer);
                DnaProcess process = DnaProcess.start(KEY, output, limited, collectArgs(endpoint, data, run))) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output())
                    .isEqualTo("dna collect: file could not be written: File too large (" + run.resolve("manifest.json")
                            + ")\n");
        }
    }

    /** A limit on file sizes acts like a full disk: the last write that fits is a partial line. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void collect_fullDisk_isReportedAndResumed() throws Exception {
        Path data = Questions.writeTo(directory.resolve("data"), 60);
        Path run = directory.resolve("run");
        Path output = Files.createFile(directory.resolve("output"));
        try (StubEndpoint endpoint = StubEndpoint.answering(Questions::answer)) {
            List<String> limited = List.of("bash", "-c", "ulimit -f 300; exec \"$@\"", "bash");
            try (DnaProcess process = DnaProcess.start(KEY, output, limited, collectArgs(endpoint, data, run))) {
                assertThat(process.exitCode()).isEqualTo(1);
                assertThat(process.output())
                        .isEqualTo("dna collect: file could not be written: File too large ("
                                + run.resolve("responses.jsonl") + ")\n");
            }
            assertThat(Files.readString(run.resolve("responses.jsonl")))
                    .isEqualTo(completeLines(run))
                    .isNotEmpty();
            try (DnaProcess process = collect(endpoint, data, run, output)) {
                assertThat(process.exitCode()).isZero();
            }
        }
        assertAnswers(run, DoNotAnswer.load(data).questions());
    }
}
