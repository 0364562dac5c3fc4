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
        this(problem, file, position("line " + line, column));
    }

    private BadInputException(String problem, String file, String position) {
        super(problem + " (" + file + ", " + position + ")");
        this.problem = problem;
        this.position = position;
    }

    /**
     * Returns an exception about a file without lines.
     *
     * @param place what there is in place of a line, such as {@code row 7} or {@code schema}
     */
    public static BadInputException at(String place, String problem, String file, @Nullable String column) {
        return new BadInputException(problem, file, position(place, column));
    }

    private static String position(String place, @Nullable String column) {
        return place + (column == null ? "" : ", column " + column);
    }

    /** Returns the message without the name of the file. */
    public String messageWithoutFile() {
        return problem + " (" + position + ")";
    }
}
