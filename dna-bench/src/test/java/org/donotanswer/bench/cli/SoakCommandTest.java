package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.bench.soak.SometimesWrongEvaluator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakCommandTest {
    @TempDir
    private Path directory;

    private static Run soak(EvaluatorFactory evaluators, Object... args) {
        return Run.with(InputStream.nullInputStream(), new ByteArrayOutputStream(), false, evaluators, args);
    }

    @Test
    void rightResults_pass() throws IOException {
        Path file = directory.resolve("soak.json");

        Run run = soak(
                Run.models(),
                "soak",
                "--minutes",
                5,
                "--operations",
                800,
                "--threads",
                2,
                "--sample",
                10,
                "--seed",
                3,
                "--output",
                file);

        assertThat(run.exitCode()).as(run.out() + run.err()).isZero();
        assertThat(run.out()).contains("PASS  no wrong results: 0", "UNKNOWN  resident memory");
        JsonNode json = new JsonMapper().readTree(file.toFile());
        assertThat(json.get("wrong").longValue()).isZero();
        assertThat(json.get("operations").get("STREAM").longValue()).isPositive();
        assertThat(json.get("audit").get("written").longValue()).isPositive();
        assertThat(json.at("/footprintAfter/heapMegabytes").doubleValue()).isPositive();
        assertThat(json.at("/footprintAfter/codeMegabytes").doubleValue()).isPositive();
        // Every fault was injected, and led to what is documented.
        assertThat(json.get("faults")).hasSize(8);
        json.get("faults").forEach(outcomes -> assertThat(outcomes.has("wrong")).isFalse());
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void wrongResults_fail() {
        AtomicLong calls = new AtomicLong();
        Run run = soak(
                choice -> new SometimesWrongEvaluator(calls, 1_000),
                "soak",
                "--minutes",
                5,
                "--operations",
                700,
                "--threads",
                1,
                "--sample",
                5);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("FAIL  no wrong results", "assessment of another kind");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void smallDisk_isMissing_isTold() {
        Path missing = directory.resolve("missing");

        Run run = Run.of("soak", "--minutes", 1, "--small-disk", missing);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(missing.toString());
    }

    @Test
    void minutes_areZero_isWrongUsage() {
        assertThat(Run.of("soak", "--minutes", 0).err())
                .startsWith("dna soak: --minutes must be at least 1, but was 0");
    }
}
