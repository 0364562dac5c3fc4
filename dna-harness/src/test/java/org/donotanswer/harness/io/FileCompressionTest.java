package org.donotanswer.harness.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FileCompressionTest {
    private static byte[] read(FileCompression compression, byte[] file) throws IOException {
        try (InputStream in = compression.decompress(new ByteArrayInputStream(file), "in")) {
            return in.readAllBytes();
        }
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void ofName_ignoresCase() {
        assertThat(FileCompression.ofName("a.JSONL.GZ")).isEqualTo(FileCompression.GZIP);
        assertThat(FileCompression.ofName("a.jsonl.zst")).isEqualTo(FileCompression.ZSTD);
        assertThat(FileCompression.ofName("a.gz.jsonl")).isEqualTo(FileCompression.NONE);
        assertThat(FileCompression.GZIP.withoutExtension("a.csv.gz")).isEqualTo("a.csv");
        assertThat(FileCompression.NONE.withoutExtension("a.csv")).isEqualTo("a.csv");
    }

    @ParameterizedTest
    @EnumSource
    void members_oneAfterTheOther_areOneFile(FileCompression compression) throws IOException {
        byte[] random = new byte[300_000];
        new Random(7).nextBytes(random);
        byte[] text = "abc ".repeat(50_000).getBytes(StandardCharsets.UTF_8);

        byte[] file =
                concat(compression.compress(random), compression.compress(new byte[0]), compression.compress(text));

        assertThat(read(compression, file)).isEqualTo(concat(random, text));
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void file_cutOffAnywhere_isAnError(FileCompression compression) {
        byte[] member = compression.compress("some text".getBytes(StandardCharsets.UTF_8));
        byte[] file = concat(member, member);

        for (int length = 1; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (length != member.length) {
                assertThatThrownBy(() -> read(compression, cut))
                        .as("cut off after " + length)
                        .isInstanceOf(IOException.class)
                        .hasMessageMatching("file must be whole (gzip|zstd), but was cut off or damaged"
                                + " \\(in, after byte \\d+ of what it holds\\)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "ZSTD"})
    void garbageAfterAMember_isAnError(FileCompression compression) {
        byte[] file = concat(
                compression.compress("some text".getBytes(StandardCharsets.UTF_8)),
                "not a member".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> read(compression, file))
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "file must be whole (gzip|zstd), but was cut off or damaged \\(in, after byte [09] of what it holds\\)");
    }
}
