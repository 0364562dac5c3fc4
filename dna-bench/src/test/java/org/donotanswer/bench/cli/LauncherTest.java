package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the command, with a Java of our own that prints its arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path SCRIPT = Path.of("src", "main", "launcher", "dna").toAbsolutePath();

    @TempDir
    private Path directory;

    private Path home;

    @BeforeEach
    void installJava() throws IOException {
        home = Files.createDirectories(directory.resolve("a jdk"));
        Path java = Files.createDirectory(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho \"$@\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String launch(Path javaHome, String script) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("sh", script, "evaluate", "two words").redirectErrorStream(true);
        builder.environment().putAll(Map.of("JAVA_HOME", javaHome.toString(), "DNA_JAVA_OPTIONS", "-Xmx1g -Xss1m"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + output;
    }

    private void release(String version) throws IOException {
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    @Test
    void launch_recentJava_runsTheJarBesideTheScript() throws IOException, InterruptedException {
        String expected = "0 -Xmx1g -Xss1m -jar " + SCRIPT.resolveSibling("dna.jar") + " evaluate two words\n";
        assertThat(launch(home, SCRIPT.toString())).isEqualTo(expected);
        for (String version : new String[] {"17", "17.0.15", "21-ea", "25.0.1"}) {
            release(version);
            assertThat(launch(home, SCRIPT.toString())).as(version).isEqualTo(expected);
        }
    }

    @Test
    void launch_throughALink_runsTheJarBesideTheScript() throws IOException, InterruptedException {
        Path link = Files.createSymbolicLink(directory.resolve("dna"), SCRIPT);

        assertThat(launch(home, link.toString()))
                .isEqualTo("0 -Xmx1g -Xss1m -jar " + SCRIPT.resolveSibling("dna.jar") + " evaluate two words\n");
    }

    @Test
    void launch_oldJava_saysWhatIsNeeded() throws IOException, InterruptedException {
        for (String version : new String[] {"1.8.0_402", "11.0.2"}) {
            release(version);
            assertThat(launch(home, SCRIPT.toString()))
                    .isEqualTo("1 dna: Java must be version 17 or later, but was " + version + " (" + home
                            + "/bin/java); set JAVA_HOME\n");
        }
    }

    @Test
    void launch_noJava_saysWhatIsNeeded() throws IOException, InterruptedException {
        Path none = directory.resolve("none");

        assertThat(launch(none, SCRIPT.toString()))
                .isEqualTo("1 dna: Java 17 or later must be installed, but was not found (" + none + "/bin/java)\n");
    }
}
