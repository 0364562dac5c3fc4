package org.donotanswer.harness.table;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream whose next bytes can be seen before they are read. It never reads more from the underlying stream than asked for,
 * as a peer may wait for the reply to its first record. Not thread-safe.
 */
final class LookAhead extends InputStream {
    /** How far one can look; a first line that is longer tells enough by its beginning. */
    static final int MAX_BYTES = 1 << 20;

    private static final int CHUNK_BYTES = 1 << 13;

    private final InputStream in;
    private byte[] buffer = new byte[CHUNK_BYTES];
    private int start;
    private int end;
    private boolean atEnd;

    LookAhead(InputStream in) {
        this.in = in;
    }

    /** Returns the byte at an offset from the next one, or -1 if the stream ends before or one cannot look so far. */
    int peek(int offset) throws IOException {
        while (start + offset >= end) {
            if (atEnd || offset >= MAX_BYTES) {
                return -1;
            }
            fill();
        }
        return buffer[start + offset] & 0xFF;
    }

    /** Returns the next bytes, up to an offset that was seen. */
    byte[] peeked(int length) {
        return Arrays.copyOfRange(buffer, start, Math.min(end, start + length));
    }

    private void fill() throws IOException {
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(CHUNK_BYTES, 2 * buffer.length));
        }
        int read = in.read(buffer, end, buffer.length - end);
        atEnd = read < 0;
        end += Math.max(0, read);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (start == end) {
            // What was seen is not needed any more.
            buffer = new byte[0];
            start = 0;
            end = 0;
            return atEnd ? -1 : in.read(bytes, offset, length);
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, bytes, offset, count);
        start += count;
        return count;
    }

    @Override
    public int available() throws IOException {
        return end - start + (atEnd ? 0 : in.available());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
