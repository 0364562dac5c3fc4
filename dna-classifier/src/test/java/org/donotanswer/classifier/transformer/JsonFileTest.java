package org.donotanswer.classifier.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.donotanswer.classifier.weights.CheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    private static final long MAX_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    private JsonNode read(String text) throws IOException {
        Path file = directory.resolve("a.json");
        Files.writeString(file, text);
        return JsonFile.read(file, MAX_BYTES);
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(CheckpointException.class)
                .hasMessage(message + " (" + directory.resolve("a.json") + ")");
    }

    @Test
    void read_whatPythonReads_isRead() throws IOException {
        JsonNode root = read("{\"a\": NaN, \"b\": Infinity, \"c\": -Infinity, \"d\": 1e999, \"e\": 1, \"e\": 2}");
        assertThat(root.path("a").doubleValue()).isNaN();
        assertThat(root.path("b").doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(root.path("c").doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(root.path("d").doubleValue()).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(root.path("e").intValue()).isEqualTo(2);
    }

    @Test
    void read_byteOrderMark_isSkipped() throws IOException {
        assertThat(read("\ufeff{\"a\": 1}").path("a").intValue()).isEqualTo(1);
    }

    @Test
    void read_otherText_isRefused() {
        assertRefused("{\"a\": nan}", "a.json must be JSON, but was malformed at line 1");
        assertRefused("{'a': 1}", "a.json must be JSON, but was malformed at line 1");
        assertRefused("{\"a\": 1,\n}", "a.json must be JSON, but was malformed at line 2");
        assertRefused(" ", "a.json must be JSON, but was empty");
    }

    @Test
    void read_deepOrLongJson_isRefusedWithoutExhaustingStackOrMemory() throws IOException {
        assertRefused("[".repeat(100_000), "a.json must be JSON, but was malformed");
        assertRefused("{\"a\":" + "9".repeat(100_000) + "}", "a.json must be JSON, but was malformed");
        Path file = directory.resolve("b.json");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(1L << 40);
        }
        assertThatThrownBy(() -> JsonFile.read(file, MAX_BYTES))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("size of b.json must be at most 1048576 bytes, but was 1099511627776 (" + file + ")");
    }
}
