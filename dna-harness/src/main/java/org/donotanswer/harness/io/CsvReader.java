package org.donotanswer.harness.io;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Reads CSV (RFC 4180, UTF-8) record by record, one record in memory at a time. Not thread-safe.
 *
 * <p>Written out, rather than left to a library, because every error has to name line and column, a byte that is not UTF-8
 * included, and no part of the file may be quoted. The characters that part fields are ASCII, so fields can be cut out of the
 * bytes before these are decoded.
 */
public final class CsvReader implements Closeable {
    /** No field may be longer, so that a quote that is never closed cannot fill the memory. */
    public static final int MAX_FIELD_BYTES = 1 << 25;

    private static final int END = -1;
    private static final int BUFFER_BYTES = 1 << 16;

    private final String file;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean atEnd;
    private List<String> header = List.of();
    private long line = 1;
    private long recordLine = 1;
    private final List<String> fields = new ArrayList<>();
    private byte[] field = new byte[1024];
    private int length;

    public CsvReader(InputStream in, String file) throws IOException {
        this.file = file;
        this.in = in;
        // No more than that: whoever writes may wait for the first answer.
        end = in.readNBytes(buffer, 0, 3);
        start = Utf8.byteOrderMark(buffer, end);
    }

    /** A record and the line on which it starts, from 1. */
    public record Row(long line, List<String> fields) {
        public Row {
            fields = List.copyOf(fields);
        }
    }

    /** Sets the names by which errors call the columns; without, they call them by number. */
    public void nameColumns(List<String> names) {
        header = List.copyOf(names);
    }

    /**
     * Returns the next record, or null at the end. Empty lines between records are passed over.
     *
     * @throws BadInputException if a quoted field is not closed, or bytes are not UTF-8
     */
    public @Nullable Row next() throws IOException {
        int c = read();
        while (c == '\n' || c == '\r') {
            endLine(c);
            c = read();
        }
        if (c == END) {
            return null;
        }
        recordLine = line;
        fields.clear();
        while (true) {
            int after = c == '"' ? quotedField() : plainField(c);
            endField();
            if (after == ',') {
                c = read();
            } else {
                endLine(after);
                return new Row(recordLine, fields);
            }
        }
    }

    /** Reads a field up to the comma or the end of its line, which it returns. */
    private int plainField(int first) throws IOException {
        int c = first;
        while (c != ',' && c != '\n' && c != '\r' && c != END) {
            append(c);
            c = read();
        }
        return c;
    }

    /** Reads a field whose first quote was read, and returns what comes after it. */
    private int quotedField() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw error("quoted field must be closed, but was not at the end of the file");
            }
            if (c != '"') {
                countLine(c);
                append(c);
                continue;
            }
            int next = read();
            if (next == ',' || next == '\n' || next == '\r' || next == END) {
                return next;
            }
            if (next != '"') {
                throw error("quoted field must end before a comma or line break, but was followed by more text");
            }
            append('"');
        }
    }

    private void append(int c) throws BadInputException {
        if (length == MAX_FIELD_BYTES) {
            throw error("field must be at most " + MAX_FIELD_BYTES + " bytes long, but was longer");
        }
        if (length == field.length) {
            field = Arrays.copyOf(field, 2 * length);
        }
        field[length++] = (byte) c;
    }

    private void endField() throws BadInputException {
        String text = Utf8.decodeOrNull(field, length);
        if (text == null) {
            throw error("text must be UTF-8, but was not");
        }
        fields.add(text);
        length = 0;
        if (field.length > 1 << 20) {
            field = new byte[1024];
        }
    }

    private void endLine(int c) throws IOException {
        if (c == '\r' && peek() == '\n') {
            start++;
        }
        line += c == END ? 0 : 1;
    }

    /** Counts a line break within a field; of CR LF, at the LF. */
    private void countLine(int c) throws IOException {
        if (c == '\n' || (c == '\r' && peek() != '\n')) {
            line++;
        }
    }

    private int read() throws IOException {
        int next = peek();
        start++;
        return next;
    }

    private int peek() throws IOException {
        if (start >= end && !atEnd) {
            start = 0;
            end = Math.max(0, in.read(buffer));
            atEnd = end == 0;
        }
        return start < end ? buffer[start] & 0xFF : END;
    }

    public boolean ready() throws IOException {
        return start < end || atEnd || in.available() > 0;
    }

    private BadInputException error(String problem) {
        return error(problem, recordLine, fields.size());
    }

    /** Returns an exception that names the column of the given index. */
    public BadInputException error(String problem, long recordLine, int column) {
        return new BadInputException(
                problem, file, recordLine, column < header.size() ? header.get(column) : String.valueOf(column + 1));
    }

    public String file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
