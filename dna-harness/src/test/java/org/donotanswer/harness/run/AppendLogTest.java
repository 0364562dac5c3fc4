package org.donotanswer.harness.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.donotanswer.harness.io.LineReader;
import org.donotanswer.harness.io.OutputException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppendLogTest {
    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("log.jsonl");
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "'a', ''", "'a\n', 'a\n'", "'a\nb', 'a\n'", "'a\nb\n\u00e9', 'a\nb\n'"})
    void open_incompleteLine_isRemoved(String before, String kept) throws IOException {
        Files.writeString(file, before);

        try (AppendLog log = AppendLog.open(file)) {
            log.append("next");
        }

        assertThat(file).hasContent(kept + "next\n");
    }

    @Test
    void open_incompleteLineLongerThanABuffer_isRemoved() throws IOException {
        Files.writeString(file, "a\n" + "x".repeat(200_000));

        AppendLog.open(file).close();

        assertThat(file).hasContent("a\n");
    }

    @Test
    void append_isVisibleAtOnce() throws IOException {
        try (AppendLog log = AppendLog.open(file)) {
            log.append("{\"a\":\"\u00e9\uD83D\uDE00\"}");
            assertThat(file).hasContent("{\"a\":\"\u00e9\uD83D\uDE00\"}\n");
            log.append(List.of("b", "c"));
            assertThat(file).hasContent("{\"a\":\"\u00e9\uD83D\uDE00\"}\nb\nc\n");
            log.append(List.of());
        }
        assertThat(Files.readAllLines(file)).hasSize(3);
    }

    @Test
    void open_whileOpen_isRefused() throws IOException {
        try (AppendLog log = AppendLog.open(file)) {
            log.append("a");
            assertThatThrownBy(() -> AppendLog.open(file))
                    .isInstanceOf(IOException.class)
                    .hasMessage("file is already open in this or another process (" + file + ")");
            // Reading the file must not release the lock.
            assertThat(Files.readString(file)).isEqualTo("a\n");
            assertThatThrownBy(() -> AppendLog.open(file))
                    .hasMessageContaining("already open in this or another process");
        }
        AppendLog.open(file).close();
    }

    @Test
    void append_fullDisk_leavesNoIncompleteLine() throws IOException {
        try (AppendLog log = AppendLog.open(file, FullDisk.after(10))) {
            log.append("1234");
            assertThatThrownBy(() -> log.append(List.of("ab", "cdefgh")))
                    .isInstanceOf(OutputException.class)
                    .hasMessage("file could not be written: No space left on device (" + file + ")");
            assertThat(file).hasContent("1234\n");
            log.append("5678");
        }
        assertThat(file).hasContent("1234\n5678\n");
    }

    @Test
    void append_failedTruncation_refusesFurtherLines() throws IOException {
        try (AppendLog log = AppendLog.open(file, FullDisk.brokenAfter(7))) {
            log.append("1234");
            assertThatThrownBy(() -> log.append("abcd")).isInstanceOf(OutputException.class);
            assertThatThrownBy(() -> log.append("efgh"))
                    .hasMessage("file must end with a complete line, but did not (" + file + ")");
        }
        assertThat(Files.readString(file)).isEqualTo("1234\nab");
        AppendLog.open(file).close();
        assertThat(Files.readString(file)).isEqualTo("1234\n");
    }

    @Test
    void append_lineTooLongToBeRead_isRefused() throws IOException {
        try (AppendLog log = AppendLog.open(file)) {
            log.append("x".repeat(LineReader.MAX_BYTES));
            long before = Files.size(file);

            assertThatThrownBy(() -> log.append(List.of("a", "é".repeat(LineReader.MAX_BYTES / 2 + 1))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("line must be at most 33554432 bytes long, but had 33554434 (" + file + ")");
            assertThat(file).hasSize(before);
            log.append("b");
        }
    }

    @Test
    void open_noDirectory_namesTheFile() {
        Path lost = directory.resolve("no/log.jsonl");

        assertThatThrownBy(() -> AppendLog.open(lost))
                .isInstanceOf(OutputException.class)
                .hasMessage("file could not be written: NoSuchFileException (" + lost + ".lock)");
    }

    @Test
    void close_twice_isLegal() throws IOException {
        AppendLog log = AppendLog.open(file);
        log.close();
        log.close();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            assertThat(channel.write(StandardCharsets.UTF_8.encode("x"))).isEqualTo(1);
        }
    }
}
