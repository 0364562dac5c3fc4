package org.donotanswer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFileTest {
    /** No system gives a process this number. */
    private static final long NO_PROCESS = 999_999_999;

    private static final long PID = ProcessHandle.current().pid();

    @TempDir
    private Path directory;

    private Path target;

    @BeforeEach
    void name() {
        target = directory.resolve("out.jsonl");
    }

    private Path temporary(long pid) {
        return directory.resolve("out.jsonl." + pid + ".tmp");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static void write(TemporaryFile file, String text) throws IOException {
        file.channel().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void close_withoutAName_leavesNothing() throws IOException {
        try (TemporaryFile file = TemporaryFile.create(target)) {
            write(file, "half");
            assertThat(names()).containsExactly(temporary(PID).getFileName().toString());
        }

        assertThat(names()).isEmpty();
    }

    @Test
    void replace_takesThePlaceOfTheOld() throws IOException {
        Files.writeString(target, "old");
        try (TemporaryFile file = TemporaryFile.create(target)) {
            write(file, "new");
            file.force();
            assertThat(target).hasContent("old");
            file.replace();
        }

        assertThat(target).hasContent("new");
        assertThat(names()).containsExactly("out.jsonl");
    }

    @Test
    void moveToNew_fileMadeMeanwhile_isKept() throws IOException {
        try (TemporaryFile file = TemporaryFile.create(target)) {
            write(file, "late");
            Files.writeString(target, "first");

            assertThatThrownBy(file::moveToNew).isInstanceOf(FileAlreadyExistsException.class);
        }

        assertThat(target).hasContent("first");
        assertThat(names()).containsExactly("out.jsonl");
    }

    @Test
    void create_whatKilledProcessesLeft_isDeleted() throws IOException {
        Files.writeString(temporary(NO_PROCESS), "half");
        // Left by an earlier process of the same number.
        Files.writeString(temporary(PID), "half");

        try (TemporaryFile file = TemporaryFile.create(target)) {
            write(file, "whole");
            file.moveToNew();
        }

        assertThat(names()).containsExactly("out.jsonl");
        assertThat(target).hasContent("whole");
    }

    @Test
    void create_otherFiles_areLeftAlone() throws IOException {
        List<String> others = List.of(
                "other." + NO_PROCESS + ".tmp",
                "out.jsonl.old.tmp",
                "out.jsonl." + NO_PROCESS + ".tmp.txt",
                "out.jsonl.7");
        for (String name : others) {
            Files.writeString(directory.resolve(name), "mine");
        }

        TemporaryFile.create(target).close();

        assertThat(names()).containsExactlyInAnyOrderElementsOf(others);
    }

    @Test
    void create_numberOfAnotherProcessThatBeganLater_isNotItsFile() throws IOException {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(temporary(parent), "half");
        Files.setLastModifiedTime(temporary(parent), FileTime.from(Instant.EPOCH));

        TemporaryFile.create(target).close();

        assertThat(names()).isEmpty();
    }

    @Test
    void create_fileOfALivingProcess_isRefused() throws IOException {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        Files.writeString(temporary(parent), "half");

        assertThatThrownBy(() -> TemporaryFile.create(target))
                .isInstanceOf(TemporaryFile.InUseException.class)
                .hasMessage("file must be written by one process at a time, but process " + parent + " is writing it ("
                        + target + ")");
        assertThat(temporary(parent)).hasContent("half");
        assertThat(names()).hasSize(1);
    }

    @Test
    void create_twiceInOneProcess_isRefused() throws IOException {
        try (TemporaryFile first = TemporaryFile.create(target)) {
            assertThatThrownBy(() -> TemporaryFile.create(target)).isInstanceOf(TemporaryFile.InUseException.class);
            write(first, "first");
            first.moveToNew();
        }
        TemporaryFile.create(target).close();

        assertThat(target).hasContent("first");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void create_existingFile_givesItsPermissions() throws IOException {
        for (String permissions : List.of("rw-------", "rw-rw-rw-", "r--------", "rwxr-x--x")) {
            Files.deleteIfExists(target);
            Files.writeString(target, "old");
            Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(permissions));
            try (TemporaryFile file = TemporaryFile.create(target)) {
                write(file, "new");
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(temporary(PID))))
                        .isEqualTo(permissions);
                file.replace();
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
                    .isEqualTo(permissions);
        }
    }
}
