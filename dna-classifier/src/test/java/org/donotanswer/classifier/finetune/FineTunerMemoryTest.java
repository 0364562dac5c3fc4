package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A process that trains needs no more memory after many steps than after a few. */
class FineTunerMemoryTest {
    private static final int WIDTH = 256;

    /** A tensor of activations has 4 sequences, 200 tokens, 256 values and 4 bytes on average. */
    private static final long ACTIVATIONS_KIB = 4 * 200 * WIDTH * 4 / 1024;

    @TempDir
    private Path temporary;

    @Test
    @EnabledOnOs(OS.LINUX)
    void train_manySteps_needsNoMoreMemoryThanAFew() throws Exception {
        Path base = CheckpointAccess.wide(temporary.resolve("base"), WIDTH);
        Path output = temporary.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms96m",
                        "-Xmx96m",
                        "-XX:+AlwaysPreTouch",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dai.djl.offline=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MemoryProbe.class.getName(),
                        base.toString(),
                        temporary.resolve("classifier").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();

        List<long[]> found = Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("memory "))
                .map(line -> line.split(" "))
                .map(parts -> new long[] {Long.parseLong(parts[2]), Long.parseLong(parts[3])})
                .toList();
        assertThat(found).hasSize(6);
        long growth = found.get(5)[0] - found.get(0)[0];
        // Allocators and compiled code grow a little. A leak of one tensor per step would be twice the bound.
        assertThat(growth).as("KiB of %s", Files.readString(output)).isLessThan(100 * ACTIVATIONS_KIB / 2);
        assertThat(found.get(5)[1]).isEqualTo(found.get(0)[1]);
    }
}
