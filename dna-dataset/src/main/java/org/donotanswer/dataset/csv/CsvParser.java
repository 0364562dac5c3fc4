package org.donotanswer.dataset.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.internal.MalformedUtf8Exception;
import org.donotanswer.internal.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Parses UTF-8 into records of fields, holding one record in memory at a time; which fields a record must have is left to the
 * caller. Not thread-safe.
 *
 * <p>This is our own parser because every error, including a byte that is not UTF-8, must name line and column without
 * quoting the file. The delimiters are ASCII, so fields are cut out of the bytes before they are decoded.
 */
public final class CsvParser implements Closeable {
    private static final char QUOTE = '"';
    private static final int BYTE_ORDER_MARK_BYTES = 3;

    private static final int END = -1;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int INITIAL_FIELD_BYTES = 1 << 10;
    /** A field buffer that grew beyond this is released after the field. */
    private static final int MAX_KEPT_FIELD_BYTES = 1 << 20;

    private final String file;
    private final InputStream in;
    private final char separator;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private boolean atEnd;
    private List<String> columns = List.of();
    private long line = 1;
    private long recordLine = 1;
    private final List<String> fields = new ArrayList<>();
    private byte[] field = new byte[INITIAL_FIELD_BYTES];
    private int length;
    private List<String> record = List.of();
    private @Nullable CsvFormatException malformed;

    /**
     * Creates a parser, and reads as far as a byte order mark.
     *
     * @param in closed with the parser
     * @param file the name of the file in messages
     * @param separator what separates fields: an ASCII character that is neither a quote nor a line break
     * @throws IOException if the stream cannot be read
     */
    public CsvParser(InputStream in, String file, char separator) throws IOException {
        this.file = Objects.requireNonNull(file, "file");
        this.in = Objects.requireNonNull(in, "in");
        this.separator = separator;
        // Reads no more than the mark: an interactive peer may wait for the reply to its first record.
        end = in.readNBytes(buffer, 0, BYTE_ORDER_MARK_BYTES);
        start = Utf8.byteOrderMark(buffer, end);
    }

    /** Sets the names by which errors refer to columns; until then, they use numbers. */
    public void nameColumns(List<String> names) {
        columns = List.copyOf(names);
    }

    /** The file's name in messages. */
    String file() {
        return file;
    }

    /** Returns the line on which the latest record starts, from 1. */
    public long recordLine() {
        return recordLine;
    }

    /** Returns the fields of the latest record; immutable, empty before the first and after the last one. */
    public List<String> fields() {
        return record;
    }

    /** Returns the error about a field of the latest record that is not UTF-8, if there is one. The next record can be read. */
    public Optional<CsvFormatException> malformed() {
        return Optional.ofNullable(malformed);
    }

    /**
     * Reads the next record, which {@link #fields} then returns, and returns false at the end. A field that is not UTF-8 is
     * empty, and {@link #malformed} tells.
     *
     * @throws CsvFormatException if a quoted field is not closed or is followed by text, or a field is longer than
     *     {@link CsvReader#MAX_FIELD_BYTES}: it is unknown where the next record starts
     * @throws IOException if the stream cannot be read
     */
    public boolean next() throws IOException {
        int c = read();
        while (c == '\n' || c == '\r') {
            endLine(c);
            c = read();
        }
        malformed = null;
        if (c == END) {
            record = List.of();
            return false;
        }
        recordLine = line;
        fields.clear();
        while (true) {
            int delimiter = c == QUOTE ? quotedField() : plainField(c);
            endField();
            if (delimiter != separator) {
                endLine(delimiter);
                record = List.copyOf(fields);
                return true;
            }
            c = read();
        }
    }

    /**
     * Returns whether a record can be started without waiting for input.
     *
     * @throws IOException if the stream cannot be asked
     */
    public boolean ready() throws IOException {
        return start < end || atEnd || in.available() > 0;
    }

    /** Reads an unquoted field and returns the delimiter after it. */
    private int plainField(int first) throws IOException {
        int c = first;
        while (!isDelimiter(c)) {
            append(c);
            c = read();
        }
        return c;
    }

    /** Reads a field whose opening quote has been read, and returns the delimiter after it. */
    private int quotedField() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw error("quoted field must be closed, but was open at the end of the file");
            }
            if (c != QUOTE) {
                countLine(c);
                append(c);
                continue;
            }
            int next = read();
            if (isDelimiter(next)) {
                return next;
            }
            if (next != QUOTE) {
                throw error("quoted field must end before a " + separatorName()
                        + " or line break, but was followed by more text");
            }
            append(QUOTE);
        }
    }

    private String separatorName() {
        return switch (separator) {
            case ',' -> "comma";
            case ';' -> "semicolon";
            case '\t' -> "tab";
            default -> "separator";
        };
    }

    private boolean isDelimiter(int c) {
        return c == separator || c == '\n' || c == '\r' || c == END;
    }

    private void append(int c) throws CsvFormatException {
        if (length == CsvReader.MAX_FIELD_BYTES) {
            throw error("field must be at most " + CsvReader.MAX_FIELD_BYTES + " bytes long, but was longer");
        }
        if (length == field.length) {
            field = Arrays.copyOf(field, 2 * length);
        }
        field[length++] = (byte) c;
    }

    private void endField() {
        try {
            fields.add(Utf8.decode(field, length));
        } catch (MalformedUtf8Exception e) {
            String problem = String.format(Locale.ROOT, "text must be UTF-8, but had byte 0x%02X", field[e.offset()]);
            malformed = malformed == null ? error(problem) : malformed;
            fields.add("");
        }
        length = 0;
        if (field.length > MAX_KEPT_FIELD_BYTES) {
            field = new byte[INITIAL_FIELD_BYTES];
        }
    }

    private void endLine(int c) throws IOException {
        if (c == '\r' && peek() == '\n') {
            start++;
        }
        line += c == END ? 0 : 1;
    }

    /** Counts a line break within a field; CR LF is counted at its LF. */
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

    private CsvFormatException error(String problem) {
        int index = fields.size();
        String column = index < columns.size() ? columns.get(index) : String.valueOf(index + 1);
        return new CsvFormatException(problem, file, recordLine, column);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
