package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchmarkFineTuneTest {
    @TempDir
    private Path directory;

    @Test
    void tinyModels_areMeasured() throws IOException {
        Path json = directory.resolve("out.json");
        Path markdown = directory.resolve("out.md");

        Run run = Run.of(
                "benchmark-finetune",
                "--tiny",
                "--batch",
                2,
                "--tokens",
                12,
                "--rounds",
                2,
                "--steps",
                3,
                "--seed",
                7,
                "--work",
                directory.resolve("work"),
                "--json",
                json,
                "--markdown",
                markdown);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("minilm, all weights, dropout 0.1, FLOAT32: ", "base, all weights, dropout 0.1, FLOAT32: ");
        assertThat(Files.readString(markdown)).startsWith("# Speed of fine-tuning\n");
        JsonNode report = new JsonMapper().readTree(Files.readAllBytes(json));
        assertThat(report.get("steps")).hasSize(8);
        assertThat(report.get("steps").findValuesAsText("trained").subList(0, 4))
                .containsExactly("all weights", "all weights", "embeddings frozen", "LoRA rank 8");
        JsonNode all = report.get("steps").get(0);
        JsonNode frozen = report.get("steps").get(2);
        long embeddings = (30_522 + 512 + 2 + 2) * 24;
        assertThat(all.get("trainedWeights").longValue()
                        - frozen.get("trainedWeights").longValue())
                .isEqualTo(embeddings);
        assertThat(all.get("flops").doubleValue())
                .isEqualTo(3 * 2 * (2.0 * 12 * (4 * 24 * 24 + 2 * 24 * 48) + 4 * 12 * 12 * 24));
        assertThat(all.get("millis").doubleValue())
                .isGreaterThanOrEqualTo(all.get("minMillis").doubleValue());
        assertThat(report.get("acceptance").get(0).get("shareOfCeiling")).isEqualTo(all.get("shareOfCeiling"));
        assertThat(report.get("memory").findValuesAsText("model")).containsExactly("minilm", "base");
        assertThat(report.get("provenance").get("seed").longValue()).isEqualTo(7);
        assertThat(report.get("provenance").get("parameters").get("tokens").textValue())
                .isEqualTo("12");
    }

    @Test
    void chosenModelVariantAndPrecision_areMeasuredAlone() throws IOException {
        Path json = directory.resolve("out.json");

        Run run = Run.of(
                "benchmark-finetune",
                "--tiny",
                "--model",
                "minilm",
                "--variant",
                "no_dropout",
                "--precision",
                "bfloat16",
                "--batch",
                1,
                "--tokens",
                4,
                "--rounds",
                1,
                "--steps",
                0,
                "--work",
                directory.resolve("work"),
                "--json",
                json);

        assumeThat(run.err())
                .as("PyTorch computes products of 16-bit numbers on this processor")
                .doesNotContain("on this processor");
        assertThat(run.err()).isEmpty();
        JsonNode report = new JsonMapper().readTree(Files.readAllBytes(json));
        assertThat(report.get("steps").findValuesAsText("precision")).containsExactly("BFLOAT16");
        assertThat(report.at("/steps/0/dropout").doubleValue()).isZero();
        assertThat(report.get("acceptance")).isEmpty();
        assertThat(report.get("memory")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--batch|0|--batch must be at least 1, but was 0",
                "--tokens|513|tokens must be from 1 to 512, but were 513",
                "--rounds|0|--rounds must be at least 1, but was 0",
                "--steps|-1|--steps must be at least 0, but was -1",
                "--precision|float16|--precision must be FLOAT32 or BFLOAT16, but was FLOAT16"
            })
    void valueOutOfRange_isWrongUsage(String option, String value, String message) {
        assertThat(Run.of("benchmark-finetune", option, value))
                .isEqualTo(new Run(
                        2,
                        "",
                        """
                                dna benchmark-finetune: %s
                                Try 'dna benchmark-finetune --help'.
                                """
                                .formatted(message)));
    }
}
