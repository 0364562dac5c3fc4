package org.donotanswer.guard.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.donotanswer.guard.SampleVerdicts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final byte[] KEY = "sixteen bytes or".getBytes(StandardCharsets.UTF_8);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2031-02-03T04:05:06.789Z"), ZoneOffset.UTC);

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("audit.jsonl");
    }

    private List<JsonNode> lines() throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(MAPPER.readTree(line));
        }
        return lines;
    }

    private static AuditLog.Builder keyed() {
        return AuditLog.builder().key(KEY).clock(CLOCK);
    }

    @Test
    void verdict_isOneLine() throws IOException {
        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.blocked(), "What is this?", "That.");
        }

        assertThat(file)
                .content()
                .startsWith(
                        "{\"v\":1,\"time\":\"2031-02-03T04:05:06.789Z\",\"subject\":\"RESPONSE\",\"outcome\":\"BLOCK\",")
                .contains("\"probability\":0.9375,\"threshold\":{\"value\":0.5,\"scope\":\"default\"}")
                // echo -n 'What is this?' | openssl dgst -sha256 -hmac 'sixteen bytes or'
                .endsWith(
                        ",\"instruction\":{\"hmac\":\"80b1a495c3199fe559ecf1bcb8928bed44921d15c79cc30ad24d7dfa9902a3b5\",\"key\":\"ffa1b99e\",\"chars\":13},"
                                + "\"response\":{\"hmac\":\"a595aaaf87ed540af25ab842fdf88cf98b453cfdf33b641b1207d31c052eb46a\",\"key\":\"ffa1b99e\",\"chars\":5}}\n")
                .hasLineCount(1);
    }

    @Test
    void instruction_isWrittenOnce() throws IOException {
        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.riskyInstruction(), "a", "a");
        }

        assertThat(lines()).singleElement().satisfies(line -> {
            assertThat(line.path("subject").asText()).isEqualTo("INSTRUCTION");
            assertThat(line.has("instruction")).isTrue();
            assertThat(line.has("response")).isFalse();
        });
    }

    @Test
    void unscored_hasTheReason_andNoDetail() throws IOException {
        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.timedOut(), "a", "b");
        }

        assertThat(lines().get(0).path("assessment")).hasToString("{\"status\":\"UNSCORED\",\"reason\":\"TIMEOUT\"}");
    }

    @Test
    void hashes_ofOneKey_areEqual_andOfOthersNot() throws IOException {
        for (byte[] key : List.of(KEY, KEY, "another key of mine".getBytes(StandardCharsets.UTF_8))) {
            try (AuditLog log = AuditLog.builder().key(key).open(file)) {
                log.checked(SampleVerdicts.blocked(), "a", "b");
            }
        }
        try (AuditLog log = AuditLog.open(file);
                AuditLog other = AuditLog.open(directory.resolve("other.jsonl"))) {
            log.checked(SampleVerdicts.blocked(), "a", "a");
            other.checked(SampleVerdicts.blocked(), "a", "a");
        }

        List<JsonNode> lines = lines();
        assertThat(lines.get(0).path("response")).isEqualTo(lines.get(1).path("response"));
        assertThat(lines.get(0).path("instruction")).isNotEqualTo(lines.get(0).path("response"));
        assertThat(lines.get(2).at("/response/hmac")).isNotEqualTo(lines.get(0).at("/response/hmac"));
        assertThat(lines.get(2).at("/response/key")).isNotEqualTo(lines.get(0).at("/response/key"));
        assertThat(lines.get(3).path("response")).isEqualTo(lines.get(3).path("instruction"));
        file = directory.resolve("other.jsonl");
        assertThat(lines().get(0).path("response")).isNotEqualTo(lines.get(3).path("response"));
    }

    @Test
    void plainTexts_whereAskedFor_areWrittenWhateverTheyAre() throws IOException {
        String text = "two\nlines, \"quotes\", \u2028, half a pair: \ud83d.";
        try (AuditLog log = AuditLog.builder().writePlainTexts().open(file)) {
            log.checked(SampleVerdicts.blocked(), "Why?", text);
        }

        assertThat(file).content().hasLineCount(1);
        assertThat(lines().get(0).path("instruction")).hasToString("{\"text\":\"Why?\",\"chars\":4}");
        assertThat(lines().get(0).at("/response/text").asText()).isEqualTo(text.replace('\ud83d', '?'));
    }

    @Test
    void restart_appends() throws IOException {
        for (int i = 0; i < 3; i++) {
            try (AuditLog log = keyed().open(file)) {
                log.checked(SampleVerdicts.blocked(), "a", "b");
            }
        }

        assertThat(lines()).hasSize(3);
    }

    @Test
    void crashMidLine_leavesAllOtherLinesReadable() throws IOException {
        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.blocked(), "a", "b");
        }
        Files.writeString(file, "{\"v\":1,\"time\":\"20", StandardOpenOption.APPEND);

        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.blocked(), "a", "b");
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).isEqualTo("{\"v\":1,\"time\":\"20");
        assertThat(MAPPER.readTree(lines.get(2))).isEqualTo(MAPPER.readTree(lines.get(0)));
    }

    @Test
    void fileTruncatedByOthers_isGoneOnWithFromItsStart() throws IOException, InterruptedException {
        try (AuditLog log = keyed().open(file)) {
            log.checked(SampleVerdicts.blocked(), "a", "b");
            assertThat(log.flush(Duration.ofMinutes(1))).isTrue();
            assertThat(lines()).hasSize(1);
            Files.write(file, new byte[0]);
            log.checked(SampleVerdicts.timedOut(), "a", "b");
        }

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line.path("reason").asText()).isEqualTo("NOT_JUDGED"));
    }

    @Test
    void manyThreads_tearNoLine() throws Exception {
        int threads = 8;
        int verdicts = 500;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (AuditLog log =
                AuditLog.builder().writePlainTexts().queue(threads * verdicts).open(file)) {
            List<Future<?>> futures = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                futures.add(pool.submit(() -> IntStream.range(0, verdicts)
                        .forEach(i -> log.checked(SampleVerdicts.blocked(), thread + ":" + i, "x".repeat(i)))));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            pool.shutdown();
        }

        List<JsonNode> lines = lines();
        assertThat(lines).hasSize(threads * verdicts);
        assertThat(lines.stream()
                        .map(line -> line.at("/instruction/text").asText())
                        .distinct())
                .hasSize(threads * verdicts);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.at("/response/text").asText())
                        .hasSize(line.at("/response/chars").asInt()));
    }

    @Test
    void openTwice_isRefused() throws IOException {
        try (AuditLog log = keyed().open(file)) {
            assertThatIOException()
                    .isThrownBy(() -> AuditLog.open(file))
                    .withMessage("audit log must be open once, but was already open (" + file + ")");
            log.checked(SampleVerdicts.blocked(), "a", "b");
        }
        assertThat(lines()).hasSize(1);
    }

    @Test
    void newFile_isForItsOwnerAlone() throws IOException {
        try (AuditLog log = AuditLog.open(file)) {
            assertThat(log.written()).isZero();
        }

        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void fileThatCannotBe_isToldAtOnce() {
        assertThatIOException()
                .isThrownBy(() -> AuditLog.open(directory.resolve("no/such/directory/audit.jsonl")))
                .isInstanceOf(NoSuchFileException.class);
        assertThatIOException().isThrownBy(() -> AuditLog.open(directory));
    }

    @Test
    void builder_badOptions_areRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditLog.builder().key(new byte[15]))
                .withMessage("key must have at least 16 bytes, but had 15");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().key(KEY).key(new byte[20]))
                .withMessage("key must be set once, but had 16 bytes and then 20");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().key(KEY).writePlainTexts())
                .withMessage("texts must be plain or hashed with a key, but were both");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().writePlainTexts().key(KEY))
                .withMessage("texts must be plain or hashed with a key, but were both");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().writePlainTexts().writePlainTexts())
                .withMessage("writePlainTexts must be called once, but was called twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditLog.builder().queue(0))
                .withMessage("queue must be positive, but was 0");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().queue(1).queue(2))
                .withMessage("queue must be set once, but was 1 and 2");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().clock(CLOCK).clock(CLOCK))
                .withMessageStartingWith("clock must be set once, but was ");
        assertThatIllegalStateException()
                .isThrownBy(() -> AuditLog.builder().onFailure(e -> {}).onFailure(e -> {}))
                .withMessageStartingWith("action must be set once, but was ");
    }
}
