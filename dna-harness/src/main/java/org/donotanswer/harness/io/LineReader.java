package org.donotanswer.harness.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of UTF-8 line by line, one line in memory at a time. A line ends with LF or CR LF. Not thread-safe.
 */
public final class LineReader implements Closeable {
    /** The text of a longer line is skipped, so that no input can fill the memory. */
    public static final int MAX_BYTES = 1 << 25;

    private static final int BUFFER_BYTES = 1 << 16;
    /** A line buffer that grew beyond this is released after the line. */
    private static final int MAX_KEPT_LINE_BYTES = 1 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean atEnd;
    private long bytesRead;
    private long number;

    private byte[] line = new byte[BUFFER_BYTES];
    private int length;
    private boolean tooLong;

    /** Creates a reader, which closes the stream when it is closed. */
    public LineReader(InputStream in) {
        this.in = in;
    }

    /**
     * A line. Immutable, hence thread-safe.
     *
     * @param number from 1
     * @param text without the line's end; null if the line is too long or not UTF-8
     * @param problem why there is no text, worded {@code <requirement>, but was <value>}; empty if there is text
     */
    public record Line(long number, @Nullable String text, String problem) {}

    /**
     * Returns the next line, or null at the end.
     *
     * @throws IOException if the stream cannot be read
     */
    public @Nullable Line next() throws IOException {
        length = 0;
        tooLong = false;
        boolean any = false;
        while (start < end || fill()) {
            any = true;
            int stop = start;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            append(stop);
            boolean ended = stop < end;
            start = ended ? stop + 1 : stop;
            if (ended) {
                break;
            }
        }
        return any ? finish() : null;
    }

    private Line finish() {
        number++;
        if (tooLong) {
            return new Line(number, null, "must be at most " + MAX_BYTES + " bytes long, but was longer");
        }
        int mark = number == 1 ? Utf8.byteOrderMark(line, length) : 0;
        if (mark > 0) {
            length -= mark;
            System.arraycopy(line, mark, line, 0, length);
        }
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        String text = Utf8.decodeOrNull(line, length);
        if (line.length > MAX_KEPT_LINE_BYTES) {
            line = new byte[BUFFER_BYTES];
        }
        return text == null ? new Line(number, null, "must be UTF-8, but was not") : new Line(number, text, "");
    }

    private void append(int stop) {
        int more = stop - start;
        tooLong |= length + more > MAX_BYTES;
        if (!tooLong) {
            if (length + more > line.length) {
                line = Arrays.copyOf(line, Math.max(length + more, 2 * line.length));
            }
            System.arraycopy(buffer, start, line, length, more);
            length += more;
        }
    }

    private boolean fill() throws IOException {
        if (atEnd) {
            return false;
        }
        start = 0;
        end = Math.max(0, in.read(buffer));
        bytesRead += end;
        atEnd = end == 0;
        return !atEnd;
    }

    /** Returns how many bytes the lines had so far, with their ends: where the next line starts. */
    public long position() {
        return bytesRead - (end - start);
    }

    /**
     * Returns whether more text, or the end, can be read without waiting for input.
     *
     * @throws IOException if the stream cannot be asked
     */
    public boolean ready() throws IOException {
        return start < end || atEnd || in.available() > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
