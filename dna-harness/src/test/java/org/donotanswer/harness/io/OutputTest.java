package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
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
    void file_existing_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "old");

        assertThatThrownBy(() -> Output.file(file))
                .isInstanceOf(IOException.class)
                .hasMessage("output must not exist, but did (" + file + ")");
        assertThat(file).hasContent("old");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void file_madeByAnotherMeanwhile_isNotReplaced() throws IOException {
        Path file = directory.resolve("out");
        try (Output output = Output.file(file)) {
            output.stream().write('x');
            Files.writeString(file, "other");

            assertThatThrownBy(output::commit).hasMessage("output must not exist, but did (" + file + ")");
        }

        assertThat(file).hasContent("other");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void replacing_untilTheCommit_keepsTheOld() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "old");
        try (Output output = Output.replacing(file)) {
            output.stream().write('x');
        }
        assertThat(file).hasContent("old");
        try (Output output = Output.replacing(file)) {
            output.stream().write('x');
            output.commitToDisk();
        }

        assertThat(file).hasContent("x");
        assertThat(files()).containsExactly(file);
    }

    @Test
    void replacing_whileAnotherWrites_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "old");
        try (Output first = Output.replacing(file)) {
            assertThatThrownBy(() -> Output.replacing(file))
                    .hasMessage("file must be written by one process at a time, but process "
                            + ProcessHandle.current().pid() + " is writing it (" + file.toRealPath() + ")");
            first.commit();
        }

        assertThat(files()).containsExactly(file);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void replacing_link_staysALink() throws IOException {
        Path target = Files.writeString(directory.resolve("target"), "old");
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        try (Output output = Output.replacing(link)) {
            output.stream().write('x');
            output.commit();
        }

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(target).hasContent("x");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                .isEqualTo("rw-------");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_linkToNothing_makesTheTarget() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("target"));
        try (Output output = Output.file(link)) {
            output.stream().write('x');
            output.commit();
        }

        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(directory.resolve("target")).hasContent("x");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_linkToItself_isRefused() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("link"));

        assertThatThrownBy(() -> Output.file(link))
                .hasMessage("output must not be a link to itself, but was (" + link + ")");
    }

    @Test
    void file_noDirectory_isRefused() {
        Path file = directory.resolve("no/out");

        assertThatThrownBy(() -> Output.file(file))
                .hasMessage("directory of the output must exist, but was missing (" + file + ")");
        assertThatThrownBy(() -> Output.file(directory))
                .hasMessage("output must be a file, but was a directory (" + directory + ")");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void file_device_isWrittenDirectly() throws IOException {
        Path device = Path.of("/dev/null");
        for (Output opened : List.of(Output.file(device), Output.replacing(device))) {
            try (Output output = opened) {
                output.stream().write('x');
                output.commit();
            }
        }

        assertThat(Files.isRegularFile(device)).isFalse();
        assertThat(device).exists();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void file_fullDisk_namesTheFile() throws IOException {
        try (Output output = Output.file(Path.of("/dev/full"))) {
            output.stream().write('x');

            assertThatThrownBy(output::commit)
                    .isInstanceOf(OutputException.class)
                    .hasMessage("file could not be written: No space left on device (/dev/full)");
        } catch (OutputException e) {
            // Closing tries once more.
            assertThat(e).hasMessage("file could not be written: No space left on device (/dev/full)");
        }
    }
}
