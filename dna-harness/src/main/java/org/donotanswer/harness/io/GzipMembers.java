package org.donotanswer.harness.io;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What the members of a gzip file (RFC 1952) hold. Not thread-safe.
 *
 * <p>{@link java.util.zip.GZIPInputStream} takes whatever follows a member and is not one for the end. That of Commons Compress fails
 * before it hands out what a damaged member held, so that nobody learns where the damage is.
 */
final class GzipMembers extends InputStream {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int FIXED_HEADER_BYTES = 10;
    private static final int FLAG_CHECKSUM = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private final InputStream in;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean inMember;

    GzipMembers(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        while (length > 0) {
            // Not before what the member holds was read, which is sound as far as one knows until then.
            if (inMember && inflater.finished()) {
                readTrailer();
            }
            if (!inMember) {
                if (!fill()) {
                    return -1;
                }
                readHeader();
            }
            int read = inflate(bytes, offset, length);
            checksum.update(bytes, offset, read);
            if (read > 0) {
                return read;
            }
        }
        return 0;
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        if (inflater.needsInput()) {
            if (!fill()) {
                throw new EOFException();
            }
            inflater.setInput(buffer, start, end - start);
            start = end;
        }
        try {
            int read = inflater.inflate(bytes, offset, length);
            if (inflater.needsDictionary()) {
                throw new IOException("gzip must need no dictionary, but did");
            }
            return read;
        } catch (DataFormatException e) {
            throw new IOException("gzip must be well-formed, but was not", e);
        }
    }

    private void readHeader() throws IOException {
        int[] header = new int[FIXED_HEADER_BYTES];
        for (int i = 0; i < header.length; i++) {
            header[i] = next();
        }
        if (header[0] != 0x1F || header[1] != 0x8B || header[2] != 8) {
            throw new IOException("gzip member must have a header, but had none");
        }
        int flags = header[3];
        if ((flags & FLAG_EXTRA) != 0) {
            int length = next() | next() << 8;
            for (int i = 0; i < length; i++) {
                next();
            }
        }
        for (int text : new int[] {FLAG_NAME, FLAG_COMMENT}) {
            boolean isInText = (flags & text) != 0;
            while (isInText) {
                isInText = next() != 0;
            }
        }
        if ((flags & FLAG_CHECKSUM) != 0) {
            next();
            next();
        }
        inflater.reset();
        checksum.reset();
        inMember = true;
    }

    private void readTrailer() throws IOException {
        start = end - inflater.getRemaining();
        long expected = nextInt();
        long length = nextInt();
        if (expected != checksum.getValue() || length != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
            throw new IOException("gzip member must have the checksum of its content, but had another");
        }
        inMember = false;
    }

    private long nextInt() throws IOException {
        return next() | next() << 8 | next() << 16 | (long) next() << 24;
    }

    private int next() throws IOException {
        if (!fill()) {
            throw new EOFException();
        }
        return buffer[start++] & 0xFF;
    }

    private boolean fill() throws IOException {
        while (start == end) {
            int read = in.read(buffer);
            if (read < 0) {
                return false;
            }
            start = 0;
            end = read;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
