package org.donotanswer.dataset.csv;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a CSV file is malformed or a field does not have the value it must have. The message names file, line and
 * column; it never contains the text of a field, unless that is short and the problem is about it. Immutable, hence
 * thread-safe.
 */
public final class CsvFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String file;
    private final long line;
    private final @Nullable String column;

    CsvFormatException(String problem, String file, long line, @Nullable String column) {
        super(problem + " (" + file + ", line " + line + (column == null ? "" : ", column " + column) + ")");
        this.problem = problem;
        this.file = file;
        this.line = line;
        this.column = column;
    }

    /** Returns the message without file, line and column. */
    public String problem() {
        return problem;
    }

    /** Returns the file's name as given to the reader. */
    public String file() {
        return file;
    }

    /** Returns the line on which the record starts, from 1. */
    public long line() {
        return line;
    }

    /** Returns the column's name, or its number from 1 if it has no name; empty if the whole record is meant. */
    public Optional<String> column() {
        return Optional.ofNullable(column);
    }
}
