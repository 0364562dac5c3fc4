package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills an evaluation of many exchanges at random moments, in 256 MB: {@code mvn -pl dna-bench -am test
 * -Dtest=EvaluateManyTest -Dsurefire.failIfNoSpecifiedTests=false -Dexcluded.tests=none}, with {@code -Dfiles.rows=N} for another
 * number than a million.
 */
@Tag("long")
class EvaluateManyTest {
    private static final int KILLS = 10;
    private static final long SEED = 20261201;

    @TempDir
    private Path directory;

    private Path write(long rows) throws IOException {
        Path file = directory.resolve("in.jsonl");
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            for (long i = 0; i < rows; i++) {
                writer.write("{\"id\":\"" + i + "\",\"instruction\":\"How do I pick lock " + i % 977
                        + "?\",\"response\":\"I'm sorry, but I can't help with lock " + i % 1009 + ".\"}\n");
            }
        }
        return file;
    }

    private DnaProcess start(Path input, Path output) {
        return DnaProcess.start(directory.resolve("log"), "evaluate", "--input", input, "--output", output, "--resume");
    }

    @Test
    void killedTenTimes_resumed_isAsUndisturbed() throws Exception {
        Path input = write(Long.getLong("files.rows", 1_000_000));
        Path undisturbed = directory.resolve("undisturbed.jsonl");
        long start = System.nanoTime();
        try (DnaProcess process = start(input, undisturbed)) {
            assertThat(process.exitCode()).isZero();
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        Path output = directory.resolve("out.jsonl");
        Random random = new Random(SEED);
        for (int kill = 0; kill < KILLS; kill++) {
            try (DnaProcess process = start(input, output)) {
                // A fifth on average, so that it takes several to finish.
                process.waitFor(millis / 10 + random.nextLong(Math.max(1, millis / 5)));
                process.kill();
            }
        }
        // Also where it was killed after the last bytes, before the state was deleted.
        if (!Files.exists(output) || Files.exists(directory.resolve("out.jsonl.state"))) {
            try (DnaProcess process = start(input, output)) {
                assertThat(process.exitCode()).isZero();
            }
        }

        assertThat(Files.mismatch(output, undisturbed)).isEqualTo(-1);
        assertThat(directory.resolve("out.jsonl.state")).doesNotExist();
        assertThat(directory.resolve("out.jsonl.partial")).doesNotExist();
    }
}
