package org.donotanswer.classifier.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.transformer.CheckpointAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that trains. Another one then ends the training as if nothing had happened. */
class FineTunerKilledTest {
    @TempDir
    private Path temporary;

    @Test
    void train_processKilledTwice_writesTheFilesOfAnUnbrokenTraining() throws Exception {
        Path base = CheckpointAccess.tiny(temporary.resolve("base"), "bert");
        Path directory = temporary.resolve("killed").resolve("classifier");
        Path unbroken = temporary.resolve("unbroken").resolve("classifier");

        kill(base, directory, "step 3");
        assertThat(TinyTraining.names(directory)).containsExactly(FineTuner.STATE_DIRECTORY);
        kill(base, directory, "step 8");
        assertThat(TinyTraining.names(directory)).containsExactly(FineTuner.STATE_DIRECTORY);
        train(base, directory);
        train(base, unbroken);

        assertThat(TinyTraining.checksums(directory)).isEqualTo(TinyTraining.checksums(unbroken));
    }

    private static void train(Path base, Path directory) throws IOException, InterruptedException {
        TinyTraining.train(
                TinyTraining.setup(base).build(), TinyTraining.options().build(), FineTuningListener.NONE, directory);
    }

    /** Trains in another process, which is killed when it has said something. */
    private static void kill(Path base, Path directory, String said) throws IOException, InterruptedException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTraining.class.getName(),
                base.toString(),
                directory.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); !said.equals(line); line = lines.readLine()) {
                assertThat(line).as("output: %s", output).isNotNull();
                output.append(line).append('\n');
            }
        } finally {
            assertThat(process.destroyForcibly().waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
