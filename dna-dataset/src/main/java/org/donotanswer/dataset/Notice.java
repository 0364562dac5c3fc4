package org.donotanswer.dataset;

import java.util.Objects;

/**
 * Something that loading did or left undone and that did not make it fail. Immutable, hence thread-safe.
 *
 * @param file the file's path under the directory that was loaded, with slashes
 * @param line the physical line of the record, from 1; 0 when the file as a whole is meant
 * @param detail what happened, without any text of questions or responses
 */
public record Notice(Kind kind, String file, long line, String detail) {

    /** What loading did. */
    public enum Kind {
        /**
         * A row had the id of another row, and was given the id of the same question's duplicate. The published GPT-4
         * reviews have id 434 twice and 433 never; both ask the same.
         */
        ID_REASSIGNED,
        /** A file lacks rows for some questions, which {@link Completeness#PARTIAL} allows. */
        ROWS_MISSING,
        /** A column that the published file does not have was not read. */
        COLUMN_IGNORED,
        /** A CSV file in a directory of the layout was not read, since its name is not one of the layout's. */
        FILE_IGNORED
    }

    /** Checks that nothing is null. */
    public Notice {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(detail, "detail");
    }

    /** Returns one line for people. */
    @Override
    public String toString() {
        return file + (line > 0 ? ", line " + line : "") + ": " + detail;
    }
}
