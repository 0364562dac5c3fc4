package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.bench.speed.TinyCheckpoints;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergeCommandTest {
    private static final String ROWS =
            """
            instruction,response,harmful
            where is the gnome,behind the shed,0
            where is the elf,do not look,1
            who feeds the gnome,nobody does,1
            who feeds the elf,the gnome does,0
            when does it rain,never on a gnome,0
            when does it snow,on every elf,1
            """;

    @TempDir
    private Path directory;

    private Path base;
    private Path delta;
    private Path output;

    @BeforeEach
    void tuneADelta() throws IOException {
        base = TinyCheckpoints.writeBert(directory.resolve("base"), "LABEL_0", "LABEL_1");
        delta = directory.resolve("delta");
        output = directory.resolve("whole");
        Path rows = Files.writeString(directory.resolve("rows.csv"), ROWS);
        Run run = Run.tuning(
                new TransformerEngine(),
                "finetune",
                "--base",
                base,
                "--csv",
                rows,
                "--output",
                delta,
                "--delta",
                "--lora-rank",
                2,
                "--epochs",
                1,
                "--max-tokens",
                32,
                "--threads",
                1,
                "--validation",
                0);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void deltaAndBase_becomeAClassifierThatEvaluates() {
        Run run = Run.of("merge", "--base", base, "--delta", delta, "--output", output);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Wrote " + output + ". To use it: dna evaluate --evaluator " + output + "\n");
        assertThat(Run.of("evaluate", "--model", output, "where is the gnome", "behind the shed")
                        .out())
                .contains("\"harmful\":");
        assertThat(output.resolve("tokenizer_config.json")).content().contains("\"model_max_length\" : 32");
    }

    @Test
    void anotherBase_isRefused() throws IOException {
        Path other = TinyCheckpoints.writeBert(directory.resolve("other"), "a", "b", "c");

        Run run = Run.of("merge", "--base", other, "--delta", delta, "--output", output);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("dna merge: base must have SHA-256 ").contains(", but had ");
        assertThat(output).doesNotExist();
    }
}
