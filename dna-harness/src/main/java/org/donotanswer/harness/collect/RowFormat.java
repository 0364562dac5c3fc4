package org.donotanswer.harness.collect;

import java.nio.file.Path;
import java.util.Locale;

/** The format of a file of responses to write. */
public enum RowFormat {
    /** JSON lines: one object per line. */
    JSONL,
    /** CSV with a header row. */
    CSV;

    /**
     * Returns the format by the end of the file's name.
     *
     * @throws IllegalArgumentException if it is none of .csv, .jsonl and .ndjson
     */
    public static RowFormat of(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            return CSV;
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return JSONL;
        }
        throw new IllegalArgumentException("name of the file must end in .csv or .jsonl, but was " + file);
    }
}
