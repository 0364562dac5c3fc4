package org.donotanswer.harness.io;

import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** How a file is compressed, told by the end of its name or by its first bytes. Immutable, hence thread-safe. */
public enum FileCompression {
    NONE("", ""),
    GZIP(".gz", "\u001F\u008B"),
    ZSTD(".zst", "(\u00B5/\u00FD");

    private final String extension;
    private final String start;

    FileCompression(String extension, String start) {
        this.extension = extension;
        this.start = start;
    }

    /** Returns how a file of this name should be compressed. */
    public static FileCompression ofName(String file) {
        String name = file.toLowerCase(Locale.ROOT);
        return name.endsWith(GZIP.extension) ? GZIP : name.endsWith(ZSTD.extension) ? ZSTD : NONE;
    }

    /** Returns the first bytes of a compressed file, in ISO 8859-1; empty if there is no compression. */
    public String start() {
        return start;
    }

    /** Returns a name without the extension of this compression, if it has it. */
    public String withoutExtension(String file) {
        return ofName(file) == this ? file.substring(0, file.length() - extension.length()) : file;
    }

    /**
     * Returns bytes as one gzip member or zstd frame. Those written one after the other are a file, which may be cut off
     * after each of them.
     */
    public byte[] compress(byte[] bytes) {
        return switch (this) {
            case NONE -> bytes;
            case GZIP -> gzip(bytes);
            case ZSTD -> zstd(bytes);
        };
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream member = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new GZIPOutputStream(member)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory must be writable, but were not", e);
        }
        return member.toByteArray();
    }

    private static byte[] zstd(byte[] bytes) {
        ZstdCompressor compressor = new ZstdCompressor();
        byte[] frame = new byte[compressor.maxCompressedLength(bytes.length)];
        int length = compressor.compress(bytes, 0, bytes.length, frame, 0, frame.length);
        return Arrays.copyOf(frame, length);
    }

    /**
     * Returns what a stream holds, of any number of members or frames. Reading it throws an {@link IOException} that names
     * the file and the byte, counted without compression, from which on it is broken or missing.
     *
     * @param in closed with the result
     * @param file the name of the file in messages
     */
    public InputStream decompress(InputStream in, String file) {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new CheckedDecompression(new GzipMembers(in), in, "gzip", file);
            case ZSTD -> {
                InputStream whole = withEmptyFrame(in);
                yield new CheckedDecompression(new ZstdInputStream(whole), whole, "zstd", file);
            }
        };
    }

    /**
     * An empty frame after the last one shows that this is whole: the decompressor takes a file that ends within the first bytes
     * of a frame for one that ends before it.
     */
    private static InputStream withEmptyFrame(InputStream in) {
        return new SequenceInputStream(in, new ByteArrayInputStream(zstd(new byte[0])));
    }
}
