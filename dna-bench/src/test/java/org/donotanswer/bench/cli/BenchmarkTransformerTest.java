package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkTransformerTest {
    @TempDir
    private Path directory;

    @Test
    void tinyModels_areMeasured() throws IOException {
        Path json = directory.resolve("out.json");
        Path markdown = directory.resolve("out.md");

        Run run = Run.of(
                "benchmark-transformer",
                "--tiny",
                "--quick",
                "--architecture",
                "bert",
                "--work",
                directory.resolve("work"),
                "--sample",
                8,
                "--soak",
                1,
                "--json",
                json,
                "--markdown",
                markdown);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Ceiling, matMul", "GFLOP: 2 L (4 H H + 2 H F) + 4 L K H", "32 threads on one");
        assertThat(Files.readString(markdown)).startsWith("# Speed of transformers\n");
        JsonNode report = new JsonMapper().readTree(Files.readAllBytes(json));
        assertThat(report.get("forward")).hasSize(2);
        assertThat(report.get("forward").get(0).get("onnxMillis").doubleValue()).isPositive();
        JsonNode exact = report.get("endToEnd").get(0);
        assertThat(exact.get("precision").textValue()).isEqualTo("FLOAT32");
        assertThat(exact.get("decisionsChanged").intValue()).isZero();
        assertThat(exact.get("unscored").intValue()).isZero();
        assertThat(report.get("soak").get("wrong").intValue()).isZero();
        assertThat(report.get("soak").get("evaluations").intValue()).isPositive();
        assertThat(report.get("provenance").get("parameters").get("tiny").textValue())
                .isEqualTo("true");
    }

    @Test
    void dataWithoutTokenizers_isWrongUsage() {
        assertThat(Run.of("benchmark-transformer", "--data", directory))
                .isEqualTo(
                        new Run(
                                2,
                                "",
                                """
                                dna benchmark-transformer: --data must go with --tokenizers, but was without
                                Try 'dna benchmark-transformer --help'.
                                """));
    }
}
