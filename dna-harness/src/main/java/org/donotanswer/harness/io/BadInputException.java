package org.donotanswer.harness.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when an input file is not what it has to be. The message names file, line and column, and holds no user text. */
public final class BadInputException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param problem what is wrong, worded {@code <subject> <requirement>, but was <value>}
     * @param line the line on which the record starts, from 1
     * @param column the name of the column, or its number from 1; null where none is meant
     */
    public BadInputException(String problem, String file, long line, @Nullable String column) {
        super(problem + " (" + file + ", line " + line + (column == null ? "" : ", column " + column) + ")");
    }
}
