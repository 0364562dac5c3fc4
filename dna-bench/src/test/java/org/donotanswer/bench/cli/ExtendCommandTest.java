package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtendCommandTest {
    @TempDir
    private Path directory;

    private Path base;
    private Path output;

    @BeforeEach
    void write() throws IOException {
        base = TinyCheckpoints.writeBert(directory.resolve("base"), "LABEL_0", "LABEL_1");
        output = directory.resolve("long");
    }

    private void refused(int exitCode, String message, Object... args) {
        Run run = Run.of(args);
        assertThat(run.err().lines().findFirst()).contains("dna extend: " + message);
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(output).doesNotExist();
    }

    @Test
    void base_becomesALongformer() throws IOException {
        Run run = Run.of("extend", "--base", base, "--positions", 2_048, "--output", output);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .containsExactly(
                        "Extended " + base + " (bert) from 64 to 2,048 positions, with a window of 512 tokens in its 2"
                                + " layers.",
                        "It has no head: training starts one.",
                        "Wrote " + output + ": "
                                + String.format("%,d", Files.size(output.resolve("model.safetensors")))
                                + " bytes of weights");
        JsonNode config =
                new JsonMapper().readTree(output.resolve("config.json").toFile());
        assertThat(config.path("model_type").asText()).isEqualTo("longformer");
        assertThat(config.path("max_position_embeddings").asInt()).isEqualTo(2_049);
        assertThat(config.path("attention_window")).hasSize(2).allMatch(window -> window.asInt() == 512);
    }

    @Test
    void numbersOutOfRange_areWrongUsage() {
        refused(
                2,
                "window must be at most the positions (100), but was 512",
                "extend",
                "--base",
                base,
                "--positions",
                100,
                "--output",
                output);
        refused(
                2,
                "window must be even and at least 2, but was 7",
                "extend",
                "--base",
                base,
                "--positions",
                100,
                "--window",
                7,
                "--output",
                output);
        refused(
                1,
                "positions must be at least those of the base (64), but were 63 (" + base.resolve("config.json") + ")",
                "extend",
                "--base",
                base,
                "--positions",
                63,
                "--window",
                8,
                "--output",
                output);
    }

    @Test
    void base_withoutModel_isRefused() {
        Path none = directory.resolve("none");

        refused(
                1,
                "base must be a directory with a config.json, hf:OWNER/NAME[@REVISION], minilm, bge-small or e5-small,"
                        + " but was missing (" + none + ")",
                "extend",
                "--base",
                none,
                "--positions",
                1_000,
                "--output",
                output);
    }

    @Test
    void output_thatIsTheBaseOrHoldsFiles_isKept() throws IOException {
        Run same = Run.of("extend", "--base", base, "--positions", 1_000, "--output", base);
        assertThat(same.exitCode()).isEqualTo(2);
        assertThat(same.err()).startsWith("dna extend: --output must not be the same as --base, but was " + base);

        Path mine = Files.writeString(Files.createDirectories(output).resolve("mine"), "mine");
        Run full = Run.of("extend", "--base", base, "--positions", 1_000, "--output", output);
        assertThat(full)
                .isEqualTo(new Run(
                        1,
                        "",
                        "dna extend: directory of the model must be new or empty, but held files (" + output + ")\n"));
        assertThat(mine).hasContent("mine");
    }
}
