package org.donotanswer.dataset;

import java.util.Objects;

/**
 * A correction or omission during loading that is not an error. Immutable, hence thread-safe.
 *
 * @param file the file's path below the loaded directory, with slashes
 * @param line the line on which the record starts, from 1; 0 for the whole file
 * @param detail what happened, without any text of questions or responses
 */
public record Notice(Event event, String file, long line, String detail) {

    /** What happened. Immutable, hence thread-safe. */
    public enum Event {
        /**
         * A row repeated the id of another row and was given the id of that question's duplicate. The published GPT-4
         * reviews have id 434 twice and its duplicate 433 never.
         */
        ID_REASSIGNED,
        /** A file lacks rows for some questions, which {@link Completeness#PARTIAL} allows. */
        ROWS_MISSING,
        /** A column that is not in the published file was not read. */
        COLUMN_IGNORED,
        /** A CSV file in a directory of the layout was not read, because its name is not part of the layout. */
        FILE_IGNORED
    }

    /** Checks that nothing is null. */
    public Notice {
        Objects.requireNonNull(event, "event");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(detail, "detail");
    }

    /** Returns a line to show to people. */
    @Override
    public String toString() {
        return file + (line > 0 ? ", line " + line : "") + ": " + detail;
    }
}
