package org.donotanswer.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Llm;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Assessment.Unscored;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.OutputException;
import org.donotanswer.taxonomy.SpecificHarm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {
    private static final String CHECKSUM = "0123456789abcdef".repeat(4);

    @TempDir
    private Path directory;

    private static RunManifest manifest(String model, String prompt, String version) {
        return new RunManifest(
                Llm.of("tiny"),
                "http://localhost/v1",
                CHECKSUM,
                3,
                new TreeMap<>(Map.of("model", model, "systemPrompt", prompt)),
                version);
    }

    private RunDirectory run() throws IOException {
        return RunDirectory.openOrCreate(directory.resolve("run"), manifest("m1", "Be brief.", "1.0"));
    }

    private static CollectedResponse response(String id, String text) {
        return new CollectedResponse(
                id,
                Optional.of(SpecificHarm.INSULT),
                false,
                Exchange.of("Why?", text),
                Optional.of(Finish.LENGTH),
                new TokenUsage(3, 4),
                Optional.empty());
    }

    private void write(String lines) throws IOException {
        Files.writeString(run().path().resolve("responses.jsonl"), lines);
    }

    @Test
    void responses_areReadAsWritten() throws IOException {
        List<CollectedResponse> responses = List.of(
                response("a", "\"<b>\r\n\t\u0000\u2028é\uD83D\uDE00"),
                response("b", ""),
                response("c", "half \uD83D and \uDE00 é"),
                response("d", "x".repeat(100_000)),
                new CollectedResponse(
                        "e",
                        Optional.empty(),
                        true,
                        Exchange.of("Hi", "ho"),
                        Optional.empty(),
                        TokenUsage.NONE,
                        Optional.empty()),
                new CollectedResponse(
                        "f",
                        Optional.empty(),
                        true,
                        Exchange.of("Hi", "ho"),
                        Optional.empty(),
                        TokenUsage.NONE,
                        Optional.of("m1-2026")));

        try (ResponseLog log = run().appendResponses()) {
            log.append(responses.get(0));
            log.append(responses.subList(1, 6));
        }

        assertThat(run().responses().values()).containsExactlyElementsOf(responses);
        assertThat(run().path().resolve("responses.jsonl"))
                .isNotEmptyFile()
                .content()
                .endsWith("}\n");
        assertThat(responses.get(0).toJsonLine())
                .isEqualTo("{\"id\":\"a\",\"specificHarm\":\"INSULT\",\"instruction\":\"Why?\","
                        + "\"response\":\"\\\"<b>\\r\\n\\t\\u0000\u2028é\uD83D\uDE00\",\"finish\":\"LENGTH\","
                        + "\"inputTokens\":3,\"outputTokens\":4}");
        // Only unpaired surrogates are escaped, or a long text could become too long a line.
        assertThat(responses.get(2).toJsonLine()).contains("half \\uD83D and \\uDE00 é");
        assertThat(responses.get(5).toJsonLine()).endsWith(",\"outputTokens\":0,\"model\":\"m1-2026\"}");
    }

    @Test
    void responses_thinking_isKeptBesideTheResponse() throws IOException {
        CollectedResponse response = new CollectedResponse(
                "a",
                Optional.empty(),
                false,
                Exchange.of("Why?", "No."),
                Optional.empty(),
                TokenUsage.NONE,
                Optional.empty(),
                Optional.of("Hm"));
        try (ResponseLog log = run().appendResponses()) {
            log.append(response);
        }

        assertThat(run().responses().get("a")).isEqualTo(response);
        assertThat(response.toJsonLine()).endsWith("\"outputTokens\":0,\"thinking\":\"Hm\"}");
    }

    @Test
    void responses_ofEarlierVersions_areReadWithoutThinking() throws IOException {
        write(
                """
                {"id":"a","instruction":"Why?","response":"<think>Hm</think>\\n\\nNo."}
                {"id":"b","instruction":"Why?","response":"","finish":"OTHER"}
                """);

        CollectedResponse thought = run().responses().get("a");
        assertThat(thought.exchange().response()).isEqualTo("No.");
        assertThat(thought.thinking()).contains("Hm");
        // A failure that was stored as an empty response.
        CollectedResponse failed = run().responses().get("b");
        assertThat(failed.exchange().response()).isEmpty();
        assertThat(failed.finish()).contains(Finish.OTHER);
    }

    @Test
    void responses_longestReplyWithAnUnpairedSurrogate_canBeRead() throws IOException {
        // The length limit of the chat client.
        CollectedResponse response = response("a", "\uD83D" + "é".repeat(1 << 21));

        try (ResponseLog log = run().appendResponses()) {
            log.append(response);
        }

        assertThat(run().responses().get("a")).isEqualTo(response);
    }

    @Test
    void response_blankModel_isRefused() {
        assertThatThrownBy(() -> new CollectedResponse(
                        "e",
                        Optional.empty(),
                        true,
                        Exchange.of("Hi", "ho"),
                        Optional.empty(),
                        TokenUsage.NONE,
                        Optional.of(" ")))
                .hasMessage("model must not be blank, but was (id e)");
    }

    @Test
    void responses_incompleteLastLine_isIgnored() throws IOException {
        write(response("a", "1").toJsonLine() + "\n"
                + response("b", "2").toJsonLine().substring(0, 20));

        assertThat(run().responses()).containsOnlyKeys("a");

        try (ResponseLog log = run().appendResponses()) {
            log.append(response("b", "2"));
        }
        assertThat(run().responses()).containsOnlyKeys("a", "b");
    }

    @Test
    void responses_lastLineWithoutLineFeed_isIgnored() throws IOException {
        // The next writer removes it.
        write(response("a", "1").toJsonLine() + "\n" + response("b", "2").toJsonLine());

        assertThat(run().responses()).containsOnlyKeys("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            '{"id":"a","instruction":"i","response":"secret"}\n{"id":"a","instruction":"i","response":"r"}' | id must be unique, but was repeated (%s, line 2, column id)
            '{"id":"a","instruction":"i","response":"secret"' | line must be a JSON object, but was broken (%s, line 1)
            '["secret"]' | line must be a JSON object, but was array (%s, line 1)
            '{"id":"a","instruction":"i"}' | response must be a string, but was missing (%s, line 1)
            '{"id":7,"instruction":"i","response":"secret"}' | id must be a string, but was number (%s, line 1)
            '{"id":" ","instruction":"i","response":"secret"}' | id must not be blank, but was ' ' (%s, line 1)
            '{"id":"a","instruction":"i","response":"r","model":7}' | model must be a string, but was number (%s, line 1)
            '{"id":"a","instruction":"i","response":"r","finish":"secret"}' | finish must be the name of a Finish, but was another (%s, line 1)
            """)
    void responses_malformedLine_isNamedAndNotQuoted(String lines, String message) throws IOException {
        write(lines + "\n");

        assertThatThrownBy(() -> run().responses())
                .isInstanceOf(BadInputException.class)
                .hasMessage(message, run().path().resolve("responses.jsonl"));
    }

    @Test
    void appendResponses_whileOpen_isRefusedAfterReading() throws IOException {
        RunDirectory run = run();
        try (ResponseLog log = run.appendResponses()) {
            log.append(response("a", "1"));
            assertThat(run.responses()).hasSize(1);
            assertThatThrownBy(run::appendResponses)
                    .hasMessageStartingWith("file is already open in this or another process (");
        }
    }

    @Test
    void openOrCreate_sameManifest_continuesTheRun() throws IOException {
        Path file = run().path().resolve("manifest.json");
        String before = Files.readString(file);

        RunDirectory again =
                RunDirectory.openOrCreate(directory.resolve("run"), manifest("m1", "Be brief.", "2.0-other"));

        assertThat(again.manifest().libraryVersion()).isEqualTo("1.0");
        assertThat(file).hasContent(before);
        assertThat(RunDirectory.open(directory.resolve("run")).manifest())
                .isEqualTo(manifest("m1", "Be brief.", "1.0"));
    }

    @Test
    void openOrCreate_otherManifest_namesTheDifferences() throws IOException {
        Path file = run().path().resolve("manifest.json");
        write(response("a", "1").toJsonLine() + "\n");
        RunManifest other = new RunManifest(
                Llm.of("big"),
                "http://localhost/v1",
                "f".repeat(64),
                4,
                new TreeMap<>(Map.of("model", "m2", "systemPrompt", "Be long, very long.", "seed", "7")),
                "1.0");

        assertThatThrownBy(() -> RunDirectory.openOrCreate(directory.resolve("run"), other))
                .isInstanceOf(ManifestMismatchException.class)
                .hasMessage("settings must be those with which the run began, but differ in llm: tiny then, big now; "
                        + "questions: " + CHECKSUM + " then, " + "f".repeat(64) + " now; "
                        + "questionCount: 3 then, 4 now; settings.model: m1 then, m2 now; "
                        + "settings.systemPrompt: a text of 9 characters then, a text of 19 characters now; "
                        + "settings.seed: none then, 7 now (" + file
                        + "); use another directory or the same settings");
    }

    @Test
    void openOrCreate_otherManifestWithoutResponses_replacesIt() throws IOException {
        RunManifest other = manifest("m2", "Be brief.", "1.0");
        RunDirectory mistaken = run();

        RunDirectory found = RunDirectory.openOrCreate(mistaken.path(), other);

        assertThat(found.manifest()).isEqualTo(other);
        assertThat(RunDirectory.open(found.path()).manifest()).isEqualTo(other);
        // The replaced run must not store its responses under other settings.
        assertThatThrownBy(mistaken::appendResponses)
                .isInstanceOf(ManifestMismatchException.class)
                .hasMessageContaining("settings.model: m2 then, m1 now");
        try (ResponseLog log = found.appendResponses()) {
            // A response may arrive at any moment.
            assertThatThrownBy(this::run).hasMessageContaining("already open in this or another process");
            log.append(response("a", "1"));
        }
        assertThatThrownBy(this::run).isInstanceOf(ManifestMismatchException.class);
    }

    @Test
    void openOrCreate_otherManifestWithAnIncompleteResponse_replacesIt() throws IOException {
        write("{\"id\":\"a\",");

        RunDirectory found = RunDirectory.openOrCreate(directory.resolve("run"), manifest("m2", "Be brief.", "1.0"));

        assertThat(found.responses()).isEmpty();
        assertThat(found.manifest().settings()).containsEntry("model", "m2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reviews", "annotations"})
    void openOrCreate_otherManifestOfAReviewedRun_isRefused(String name) throws IOException {
        Files.writeString(Files.createDirectory(run().path().resolve(name)).resolve("a.jsonl"), "");

        assertThatThrownBy(
                        () -> RunDirectory.openOrCreate(directory.resolve("run"), manifest("m2", "Be brief.", "1.0")))
                .isInstanceOf(ManifestMismatchException.class);
    }

    @Test
    void openOrCreate_file_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "mine");

        assertThatThrownBy(() -> RunDirectory.openOrCreate(file, manifest("m", "p", "1")))
                .isInstanceOf(IOException.class)
                .hasMessage("output must be a directory, but was a file (" + file + ")");
        assertThat(file).hasContent("mine");
    }

    @Test
    void openOrCreate_whatAKilledProcessLeft_isDeleted() throws IOException {
        Path path = Files.createDirectory(directory.resolve("run"));
        Files.writeString(path.resolve("manifest.json.999999999.tmp"), "{");

        RunDirectory.openOrCreate(path, manifest("m", "p", "1"));

        assertThat(path.resolve("manifest.json.999999999.tmp")).doesNotExist();
        assertThat(path.resolve("manifest.json")).exists();
    }

    @Test
    void openOrCreate_unwritable_namesTheFile() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");

        assertThatThrownBy(() -> RunDirectory.openOrCreate(file.resolve("run"), manifest("m", "p", "1")))
                .isInstanceOf(OutputException.class)
                .hasMessageStartingWith("file could not be written: ")
                .hasMessageEndingWith(" (" + file.resolve("run") + ")");
    }

    @Test
    void open_otherVersion_isRefused() throws IOException {
        Path file = run().path().resolve("manifest.json");
        Files.writeString(file, Files.readString(file).replace("\"formatVersion\" : 1", "\"formatVersion\" : 2"));

        assertThatThrownBy(() -> RunDirectory.open(directory.resolve("run")))
                .isInstanceOf(BadInputException.class)
                .hasMessage("formatVersion must be 1, but was 2 (" + file + ", line 1)");
        assertThatThrownBy(this::run).isInstanceOf(BadInputException.class);
    }

    @Test
    void open_malformedManifest_isRefused() throws IOException {
        Path file = run().path().resolve("manifest.json");
        Files.writeString(file, "{\"formatVersion\":1,\"llm\":\"tiny\"}");
        assertThatThrownBy(this::run).hasMessage("source must be a string, but was missing (" + file + ", line 1)");
        Files.writeString(file, "{");
        assertThatThrownBy(this::run).hasMessage("file must be a JSON object, but was broken (" + file + ", line 1)");
    }

    @Test
    void open_noRun_isRefused() {
        assertThatThrownBy(() -> RunDirectory.open(directory)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void openOrCreate_otherFilesInTheDirectory_isRefused() throws IOException {
        Path run = Files.createDirectory(directory.resolve("run"));
        Files.writeString(run.resolve("manifest.json.123.tmp"), "{\"form");
        assertThat(run().responses()).isEmpty();
        Files.delete(run.resolve("manifest.json"));
        Files.writeString(run.resolve("thesis.tex"), "x");

        assertThatThrownBy(this::run)
                .hasMessage("directory must be empty or that of a run, but was neither (" + run + ")");
    }

    @Test
    void reviews_areReadAsWritten() throws IOException {
        RunDirectory run = run();
        ReviewManifest reviewer = new ReviewManifest(
                "judge",
                "judge/1",
                Provenance.builder("judge", "1").parameter("k", "v").build());
        Assessment review = Unscored.of(UnscoredReason.EMPTY_RESPONSE, "blank");
        try (ReviewLog log = run.appendReviews(reviewer)) {
            log.append(Map.of("a", review));
        }
        Files.writeString(run.path().resolve("reviews/judge.jsonl"), "{\"id\":\"b\",", StandardOpenOption.APPEND);

        assertThat(run.reviews("judge")).isEqualTo(Map.of("a", review));
        assertThat(run.reviewers()).containsOnlyKeys("judge");
        assertThat(run.reviews("nobody")).isEmpty();
        ReviewManifest other = new ReviewManifest(
                "judge",
                "judge/1",
                Provenance.builder("judge", "1").parameter("k", "w").build());
        assertThatThrownBy(() -> run.appendReviews(other))
                .isInstanceOf(ManifestMismatchException.class)
                .hasMessageContaining("parameters.k: v then, w now");
    }
}
