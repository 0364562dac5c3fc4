package org.donotanswer.harness.table;

import org.donotanswer.harness.io.BadInputException;

/** A record that is not parsed yet, so that several threads can parse. Immutable, hence thread-safe. */
public interface RawRow {
    /** Returns the line on which it starts, or its row in a file without lines, from 1. */
    long line();

    /**
     * Returns the id of a record that cannot be parsed: its own where that can be read, otherwise one that is no line and no
     * number, such as {@code line 2}, so that it is not mistaken for the id of another record.
     */
    String brokenId();

    /** Returns the approximate size of the record in characters. */
    long size();

    /**
     * Parses the record.
     *
     * @throws BadInputException if it is malformed; the next record can be read
     * @throws BadInputException never for another reason
     */
    TableRow parse() throws BadInputException;
}
