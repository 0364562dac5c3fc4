package org.donotanswer.dataset.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a CSV file of this project's dialect, described at the package, with one record in memory at a time.
 *
 * <pre>{@code
 * try (CsvReader csv = CsvReader.open(Files.newInputStream(file), file.toString())) {
 *     csv.header().require("id", "response");
 *     while (csv.next()) {
 *         CsvRow row = csv.row();
 *         if (row.text("id").isBlank()) {
 *             throw row.error("id must not be blank, but was", "id");
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Every error is a {@link CsvFormatException} that names file, line and column: those found here, and those that callers
 * create with {@link CsvRow#error} and {@link CsvHeader#error}. Files that people edited in a spreadsheet are read with
 * {@link FormulaEscaping#unescape} applied to the fields. Not thread-safe.
 */
public final class CsvReader implements Closeable {
    /** The greatest length of a field in bytes, so that a quote that is never closed cannot fill the memory. */
    public static final int MAX_FIELD_BYTES = 1 << 25;

    private static final char SEPARATOR = ',';

    private final CsvParser parser;
    private final CsvHeader header;
    private @Nullable CsvRow row;

    private CsvReader(CsvParser parser) throws IOException {
        this.parser = parser;
        if (!next(parser)) {
            throw new CsvFormatException("file must have a header row, but was empty", parser.file(), 1, null);
        }
        List<String> columns = parser.fields();
        header = new CsvHeader(parser.file(), parser.recordLine(), columns);
        parser.nameColumns(columns);
    }

    /**
     * Returns a reader that has read the header.
     *
     * @param in closed with the reader, and if this method fails
     * @param file the name of the file in messages
     * @throws CsvFormatException if there is no header, it names a column twice, or it is malformed
     * @throws IOException if the stream cannot be read
     */
    public static CsvReader open(InputStream in, String file) throws IOException {
        Objects.requireNonNull(file, "file");
        try {
            return new CsvReader(new CsvParser(in, file, SEPARATOR));
        } catch (IOException | RuntimeException e) {
            try {
                in.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** Returns the header. */
    public CsvHeader header() {
        return header;
    }

    /**
     * Reads the next record, which {@link #row} then returns, and returns false at the end.
     *
     * @throws CsvFormatException if the record has more or fewer fields than the header, a quoted field is not closed or is
     *     followed by text, a field is longer than {@link #MAX_FIELD_BYTES}, or bytes are not UTF-8
     * @throws IOException if the stream cannot be read
     */
    public boolean next() throws IOException {
        row = next(parser) ? new CsvRow(header, parser.recordLine(), parser.fields()) : null;
        return row != null;
    }

    private static boolean next(CsvParser parser) throws IOException {
        boolean found = parser.next();
        if (parser.malformed().isPresent()) {
            throw parser.malformed().get();
        }
        return found;
    }

    /**
     * Returns the record that {@link #next} read.
     *
     * @throws IllegalStateException if {@code next} was not called or did not return true
     */
    public CsvRow row() {
        if (row == null) {
            throw new IllegalStateException("next must return true before row is called, but did not");
        }
        return row;
    }

    /**
     * Returns whether {@link #next()} can start without waiting for input.
     *
     * @throws IOException if the stream cannot be asked
     */
    public boolean ready() throws IOException {
        return parser.ready();
    }

    /** Closes the stream. */
    @Override
    public void close() throws IOException {
        parser.close();
    }
}
