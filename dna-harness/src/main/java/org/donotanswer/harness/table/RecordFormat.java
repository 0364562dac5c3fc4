package org.donotanswer.harness.table;

/** The formats of files of records, for the rare file whose content does not tell. */
public enum RecordFormat {
    /** Fields separated by commas, semicolons, tabs or vertical bars, with a header. */
    CSV,
    /** One JSON object per line. */
    JSONL,
    /** JSON objects on any number of lines, one after the other or in an array. */
    JSON
}
