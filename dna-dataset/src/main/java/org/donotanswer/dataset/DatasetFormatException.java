package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a data file is not what its format asks for: a missing column, a duplicate id, a label out of range, a
 * broken line, bytes that are not UTF-8. The message names file, line and column, and never holds the text of a question
 * or a response. Immutable, hence thread-safe.
 */
public final class DatasetFormatException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int CLIP = 60;

    private final String file;
    private final long line;
    private final @Nullable String column;

    /**
     * Creates an exception.
     *
     * @param problem what is wrong, worded {@code <subject> <requirement>, but was <value>}
     * @param line the physical line on which the record starts, from 1; 0 when the file as a whole is meant
     * @param column the column's name, or its number from 1 where it has no name; null when none is meant
     */
    DatasetFormatException(String problem, Path file, long line, @Nullable String column) {
        super(problem + where(file, line, column));
        this.file = file.toString();
        this.line = line;
        this.column = column;
    }

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

    /** Returns the file that was read. */
    public Path file() {
        return Path.of(file);
    }

    /** Returns the physical line on which the bad record starts, from 1, or 0 when the file as a whole is meant. */
    public long line() {
        return line;
    }

    /** Returns the name of the bad column, or its number from 1 where it has no name; empty when none is meant. */
    public Optional<String> column() {
        return Optional.ofNullable(column);
    }

    /** Returns the value in quotes, cut to 60 characters and free of line breaks, fit for a message. */
    static String clip(String value) {
        String shown = value.codePointCount(0, value.length()) <= CLIP
                ? value
                : value.substring(0, value.offsetByCodePoints(0, CLIP)) + "...";
        return "\"" + shown.replaceAll("\\p{Cntrl}", " ") + "\"";
    }
}
