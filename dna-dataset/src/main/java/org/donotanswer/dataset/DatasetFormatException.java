package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a data file violates its format: a missing column, a duplicate id, a label out of range, a malformed line,
 * bytes that are not UTF-8. The message names file, line and column, and never contains the text of a question or a
 * response. Immutable, hence thread-safe.
 */
public final class DatasetFormatException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN_CODE_POINTS = 60;

    private final String file;
    private final long line;
    private final @Nullable String column;

    /**
     * Creates an exception.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     * @param line the line on which the record starts, from 1; 0 for the whole file
     * @param column the column's name, or its number from 1 if it has no name; null for the whole line
     */
    DatasetFormatException(String problem, Path file, long line, @Nullable String column) {
        super(problem + where(file, line, column));
        this.file = file.toString();
        this.line = line;
        this.column = column;
    }

    /** Creates an exception with the message, position and stack trace of an error in a CSV file. */
    DatasetFormatException(CsvFormatException e) {
        super(e.getMessage());
        this.file = e.file();
        this.line = e.line();
        this.column = e.column().orElse(null);
        setStackTrace(e.getStackTrace());
    }

    private static String where(Path file, long line, @Nullable String column) {
        Objects.requireNonNull(file, "file");
        return " (" + file + (line > 0 ? ", line " + line : "") + (column == null ? "" : ", column " + column) + ")";
    }

    /** Returns the file. */
    public Path file() {
        return Path.of(file);
    }

    /** Returns the line on which the bad record starts, from 1; 0 for the whole file. */
    public long line() {
        return line;
    }

    /** Returns the name of the bad column, or its number from 1 if it has no name; empty for the whole line. */
    public Optional<String> column() {
        return Optional.ofNullable(column);
    }

    /** Returns the value for a message: in quotes, cut to 60 characters, without line breaks. */
    static String clip(String value) {
        String shown = value.codePointCount(0, value.length()) <= MAX_SHOWN_CODE_POINTS
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MAX_SHOWN_CODE_POINTS)) + "...";
        return "\"" + shown.replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
