package org.donotanswer.dataset;

/** Whether a response or review file must have a row for every question. */
public enum Completeness {
    /** Every question, as in the published files; a file cut off between two rows is found out. */
    COMPLETE,
    /** Any of the questions; how many are missing from a file is told by {@link DoNotAnswer#notices()}. */
    PARTIAL
}
