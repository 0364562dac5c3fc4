package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
    @TempDir
    private Path directory;

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    @Test
    void file_committed_appearsUnderItsName() throws IOException {
        Path file = directory.resolve("out");
        try (Output output = Output.file(file)) {
            output.stream().write('x');
            assertThat(file).doesNotExist();
            output.commit();
        }

        assertThat(file).hasContent("x");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void file_notCommitted_leavesNothing() throws IOException {
        try (Output output = Output.file(directory.resolve("out"))) {
            output.stream().write('x');
        }

        assertThat(files()).isEmpty();
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_link_staysALink() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        try (Output output = Output.file(link)) {
            output.stream().write('x');
            output.commit();
        }

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(target).hasContent("x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_device_isWrittenDirectly() throws IOException {
        Path device = Path.of("/dev/null");
        try (Output output = Output.file(device)) {
            output.stream().write('x');
            output.commit();
            assertThatThrownBy(output::temporary)
                    .isInstanceOf(IOException.class)
                    .hasMessage("output must be a regular file, but was not (/dev/null)");
        }

        assertThat(Files.isRegularFile(device)).isFalse();
        assertThat(device).exists();
    }
}
