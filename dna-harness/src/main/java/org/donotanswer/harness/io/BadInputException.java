package org.donotanswer.harness.io;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an input file is malformed or holds a value that is not allowed. The message names file, line and column, and
 * holds no user text. Immutable, hence thread-safe.
 */
public final class BadInputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String problem;
    private final String position;

    /**
     * Creates an exception.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     * @param line the line on which the record starts, from 1
     * @param column the name of the column or JSON member; null if the problem is not about one
     */
    public BadInputException(String problem, String file, long line, @Nullable String column) {
        super(problem + " (" + file + ", " + position(line, column) + ")");
        this.problem = problem;
        this.position = position(line, column);
    }

    private static String position(long line, @Nullable String column) {
        return "line " + line + (column == null ? "" : ", column " + column);
    }

    /** Returns the message without the name of the file. */
    public String messageWithoutFile() {
        return problem + " (" + position + ")";
    }
}
