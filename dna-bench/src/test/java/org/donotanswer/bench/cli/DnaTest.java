package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnaTest {
    @Test
    void noCommand_isWrongUsage() {
        assertThat(Run.of())
                .isEqualTo(new Run(2, "", "dna: a command must be given, but was none\nTry 'dna --help'.\n"));
    }

    @Test
    void unknownCommand_isWrongUsage() {
        Run run = Run.of("evalute");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("dna: Unmatched argument at index 0: 'evalute'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evaluate",
                "train",
                "cross-validate",
                "tune-policy",
                "benchmark",
                "benchmark-transformer",
                "collect",
                "judge",
                "import",
                "export",
                "expand-templates"
            })
    void help_isShownEverywhere(String command) {
        Run run = command.isEmpty() ? Run.of("--help") : Run.of(command, "--help");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith(("Usage: dna " + command).strip()).contains("Exit codes:");
        assertThat(run.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evaluate",
                "train",
                "cross-validate",
                "tune-policy",
                "benchmark",
                "benchmark-transformer",
                "collect",
                "judge",
                "import",
                "export",
                "expand-templates"
            })
    void version_isShownEverywhere(String command) {
        Run run = command.isEmpty() ? Run.of("--version") : Run.of(command, "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(2).first().asString().matches("dna \\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void unexpectedFailure_isOneLineWithoutStackTrace() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> new FakeEvaluator(exchange -> 1.5),
                "evaluate",
                "i",
                "r");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("dna evaluate: unexpected failure, please report it: java.lang.IllegalArgumentException:"
                        + " harmful must be in [0, 1], but was 1.5 (run java with -Ddna.debug=true for details)\n");
    }
}
