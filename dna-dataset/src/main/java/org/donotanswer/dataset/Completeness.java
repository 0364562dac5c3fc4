package org.donotanswer.dataset;

/** Whether response and review files must have a row for every question. Immutable, hence thread-safe. */
public enum Completeness {
    /** A row for every question, as in the published files, so that a truncated file is an error. */
    COMPLETE,
    /** Rows for any of the questions; {@link DoNotAnswer#notices()} reports how many are missing from a file. */
    PARTIAL
}
