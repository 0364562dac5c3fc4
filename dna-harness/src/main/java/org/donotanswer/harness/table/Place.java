package org.donotanswer.harness.table;

import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Where a record is.
 *
 * @param line the line on which it starts, from 1; 0 in a file without lines
 * @param record the number of the record, from 1; 0 where the line says enough
 */
record Place(String file, long line, long record) {
    /** Returns the id of a record without one. */
    String id() {
        return String.valueOf(record > 0 ? record : line);
    }

    /** Returns the id of a record whose own cannot be read. */
    String brokenId() {
        return record > 0 ? "record " + record : "line " + line;
    }

    BadInputException error(String problem, @Nullable String column) {
        if (line == 0) {
            return BadInputException.at("row " + record, problem, file, column);
        }
        return new BadInputException(record > 0 ? problem + " in record " + record : problem, file, line, column);
    }
}
