package org.donotanswer.harness.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an input file is malformed or holds a value that is not allowed. The message names file, line and column, and
 * holds no user text. Immutable, hence thread-safe.
 */
public final class BadInputException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates an exception.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     * @param line the line on which the record starts, from 1
     * @param column the name of the column or JSON member; null if the problem is not about one
     */
    public BadInputException(String problem, String file, long line, @Nullable String column) {
        super(problem + " (" + file + ", line " + line + (column == null ? "" : ", column " + column) + ")");
    }
}
