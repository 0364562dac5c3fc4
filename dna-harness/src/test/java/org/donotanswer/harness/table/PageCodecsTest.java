package org.donotanswer.harness.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.donotanswer.harness.io.FileCompression;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageCodecsTest {
    private static final byte[] PAGE = "a page of some bytes".getBytes(StandardCharsets.UTF_8);

    private static byte[] gunzip(byte[] compressed, int size) throws IOException {
        return new PageCodecs()
                .getDecompressor(CompressionCodecName.GZIP)
                .decompress(BytesInput.from(compressed), size)
                .toInputStream()
                .readAllBytes();
    }

    @Test
    void gzip_isReadToItsChecksum() throws IOException {
        byte[] compressed = FileCompression.GZIP.compress(PAGE);
        byte[] damaged = compressed.clone();
        // The checksum is before the length, which has 4 bytes.
        damaged[compressed.length - 5] ^= 1;

        assertThat(gunzip(compressed, PAGE.length)).isEqualTo(PAGE);
        assertThatThrownBy(() -> gunzip(damaged, PAGE.length)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> gunzip(compressed, PAGE.length - 1))
                .isInstanceOf(IOException.class)
                .hasMessage("page must have 19 bytes, but had 20");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, (1 << 27) + 1, Integer.MAX_VALUE})
    void sizeThatNoPageHas_isRefused(int size) throws IOException {
        byte[] compressed = FileCompression.GZIP.compress(PAGE);

        assertThatThrownBy(() -> gunzip(compressed, size))
                .isInstanceOf(IOException.class)
                .hasMessage("page must have at most 134217728 bytes, but had " + size);
    }

    @Test
    void memberThatTheSchemaLacks_isRefused(@TempDir Path directory) {
        byte[] lines = "{\"id\":\"1\",\"other\":2}\n".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ParquetOutput.write(
                        new ByteArrayInputStream(lines),
                        directory.resolve("out.parquet"),
                        "message m { optional binary id (STRING); }"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("schema must name all members, but did not name other");
    }
}
