package org.donotanswer.harness.collect;

import java.nio.file.Path;
import java.util.Locale;

/** How rows are written in a file. */
public enum RowFormat {
    /** One JSON object a line. */
    JSONL,
    /** RFC 4180 with a header. */
    CSV;

    /**
     * Returns what the name of the file ends in.
     *
     * @throws IllegalArgumentException if that is neither
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
