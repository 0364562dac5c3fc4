package org.donotanswer.harness.io;

import java.io.IOException;
import java.io.InputStream;

/**
 * What a decompressor reads, whose failures become errors of the file. Damage that it does not see at once, but only by a
 * checksum, is told where the member or frame ends. Not thread-safe.
 */
final class CheckedDecompression extends InputStream {
    private final InputStream decompressor;
    private final InputStream compressed;
    private final String name;
    private final String file;
    private long position;

    CheckedDecompression(InputStream decompressor, InputStream compressed, String name, String file) {
        this.decompressor = decompressor;
        this.compressed = compressed;
        this.name = name;
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int read;
        try {
            read = decompressor.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            // Those of zstd are not checked.
            throw new IOException(
                    "file must be whole " + name + ", but was cut off or damaged (" + file + ", after byte " + position
                            + " of what it holds)",
                    e);
        }
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int available() throws IOException {
        return compressed.available();
    }

    @Override
    public void close() throws IOException {
        decompressor.close();
    }
}
