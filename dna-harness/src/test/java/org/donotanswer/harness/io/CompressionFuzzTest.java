package org.donotanswer.harness.io;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.donotanswer.fuzz.FuzzTests;
import org.donotanswer.fuzz.ReaderContract;
import org.junit.jupiter.params.provider.MethodSource;

final class CompressionFuzzTest implements FuzzTests {
    /** What is read of an input at most: few bytes may hold many. */
    private static final int MAX_BYTES = 1 << 22;

    private static Stream<byte[]> files(FileCompression compression) {
        byte[] text = "{\"instruction\": \"How?\", \"response\": \"So.\"}\n".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        for (byte[] part : new byte[][] {text, {}, "ab".repeat(500).getBytes(StandardCharsets.UTF_8)}) {
            three.writeBytes(compression.compress(part));
        }
        return Stream.of(compression.compress(text), three.toByteArray());
    }

    static Stream<byte[]> gzipFiles() {
        return Stream.concat(files(FileCompression.GZIP), Stream.of(withAllFields()));
    }

    /** An empty member with all that a header can have. */
    private static byte[] withAllFields() {
        ByteArrayOutputStream member = new ByteArrayOutputStream();
        member.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3});
        member.writeBytes(new byte[] {2, 0, 'a', 'b'});
        member.writeBytes("name\0comment\0".getBytes(StandardCharsets.US_ASCII));
        CRC32 checksum = new CRC32();
        checksum.update(member.toByteArray());
        member.write((int) checksum.getValue());
        member.write((int) checksum.getValue() >>> 8);
        member.writeBytes(new byte[] {3, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        return member.toByteArray();
    }

    @MethodSource("gzipFiles")
    @FuzzTest
    void gzip(byte[] data) {
        read(FileCompression.GZIP, data);
    }

    static Stream<byte[]> zstdFiles() {
        return files(FileCompression.ZSTD);
    }

    @MethodSource("zstdFiles")
    @FuzzTest
    void zstd(byte[] data) {
        read(FileCompression.ZSTD, data);
    }

    private static void read(FileCompression compression, byte[] data) {
        ReaderContract.read(
                () -> {
                    try (InputStream in = compression.decompress(new ByteArrayInputStream(data), "fuzz")) {
                        return in.readNBytes(MAX_BYTES).length;
                    }
                },
                IOException.class);
    }
}
