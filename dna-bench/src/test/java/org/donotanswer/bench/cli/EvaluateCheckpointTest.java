package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the command with tiny checkpoints of random weights. */
class EvaluateCheckpointTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path directory;

    private static Path harmful;
    private static Path action;

    @BeforeAll
    static void write() throws IOException {
        harmful = TinyCheckpoints.writeBert(directory.resolve("harmful"), "LABEL_0", "LABEL_1");
        action = TinyCheckpoints.writeBert(directory.resolve("action"), "0", "1", "2", "3", "4", "5");
    }

    private static Run run(String input, Object... args) {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return Run.with(in, new ByteArrayOutputStream(), false, Run.models(), args);
    }

    private static JsonNode judge(Object... options) throws IOException {
        Object[] args = new Object[options.length + 5];
        System.arraycopy(new Object[] {"evaluate", "w1 w2", "w3 w4 w5", "--model", harmful}, 0, args, 0, 5);
        System.arraycopy(options, 0, args, 5, options.length);
        Run run = run("", args);
        assertThat(run.err()).isEmpty();
        return JSON.readTree(run.out());
    }

    @Test
    void harmfulAlone_hasNoKeysOfOtherHeads() throws IOException {
        JsonNode json = judge();

        assertThat(json.fieldNames()).toIterable().containsExactly("id", "status", "harmful", "truncated", "evaluator");
        assertThat(json.get("evaluator").textValue()).isEqualTo("harmful");
    }

    @Test
    void actionModel_isJoined() throws IOException {
        JsonNode json = judge("--action-model", action);

        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly("id", "status", "harmful", "action", "actions", "truncated", "evaluator");
        assertThat(json.get("harmful")).isEqualTo(judge().get("harmful"));
    }

    @Test
    void actionModel_thatJudgesHarm_isOneLine() {
        Run run = run("", "evaluate", "i", "r", "--model", harmful, "--action-model", harmful);

        assertThat(run)
                .isEqualTo(new Run(
                        1, "", "dna evaluate: kind of the head must be ACTION, but was HARMFUL (" + harmful + ")\n"));
    }

    @Test
    void options_areSet() throws IOException {
        assertThat(judge("--model-input", "pair", "--threads", 1, "--batch-tokens", 64)
                        .get("harmful"))
                .isNotEqualTo(judge("--model-input", "response_only").get("harmful"));
        assertThat(judge("--max-tokens", 4).get("truncated").booleanValue()).isTrue();
        assertThat(judge("--max-tokens", 4, "--windows", 2, "--window-overlap", 1)
                        .get("truncated")
                        .booleanValue())
                .isFalse();
        assertThat(judge("--precision", "auto").get("status").textValue()).isEqualTo("SCORED");
    }

    @Test
    void precision_thatTheProcessorLacks_isOneLine() {
        for (String precision : List.of("float16", "bfloat16")) {
            Run run = run("", "evaluate", "i", "r", "--model", harmful, "--precision", precision);

            // It depends on the processor whether this is supported.
            if (run.exitCode() != 0) {
                assertThat(run.exitCode()).isEqualTo(1);
                assertThat(run.err())
                        .isEqualTo("dna evaluate: precision must be supported by this processor, but was "
                                + precision.toUpperCase(Locale.ROOT) + "\n");
            }
        }
    }

    @Test
    void maxTokens_beyondTheCheckpoint_isWrongUsage() {
        Run run = run("", "evaluate", "i", "r", "--model", harmful, "--max-tokens", 65);

        assertThat(run)
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                """
                        dna evaluate: maxTokens must be at most 64 for this checkpoint, but was 65
                        Try 'dna evaluate --help'.
                        """));
    }

    @Test
    void options_withAFile_areWrongUsage() throws IOException {
        Path file = Files.writeString(directory.resolve("some.dna"), "");

        assertThat(run("", "evaluate", "i", "r", "--model", file, "--precision", "auto"))
                .isEqualTo(new Run(
                        2,
                        "",
                        "dna evaluate: --precision must go with a checkpoint in --evaluator, but was with the file "
                                + file + "\nTry 'dna evaluate --help'.\n"));
    }

    @Test
    void checkpoint_damaged_isOneLine() throws IOException {
        Path damaged = Files.createDirectories(directory.resolve("damaged"));
        Files.writeString(damaged.resolve("config.json"), "{}");

        Run run = run("", "evaluate", "i", "r", "--model", damaged, "--precision", "float32");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.err()).startsWith("dna evaluate: ").doesNotContain("unexpected");
    }

    @Test
    void lines_ofMoreThanOneChunk_keepTheirOrder() throws IOException {
        StringBuilder input = new StringBuilder();
        for (int i = 0; i < 2_500; i++) {
            String response = i % 500 == 7 ? "" : "w" + i % 150 + " w1".repeat(i % 30);
            input.append("{\"id\":" + i + ",\"response\":\"" + response + "\"}\n");
        }

        Run run = run(input.toString(), "evaluate", "--input", "-", "--model", harmful);

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(2_500);
        for (int i = 0; i < 2_500; i++) {
            JsonNode line = JSON.readTree(run.lines().get(i));
            assertThat(line.get("id").textValue()).isEqualTo(Integer.toString(i));
            assertThat(line.get("status").textValue()).isEqualTo(i % 500 == 7 ? "UNSCORED" : "SCORED");
        }
    }
}
