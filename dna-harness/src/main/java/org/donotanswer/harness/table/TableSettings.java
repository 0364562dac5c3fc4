package org.donotanswer.harness.table;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * What the content of a file does not tell. Immutable, hence thread-safe.
 *
 * @param format the format; by content if empty
 * @param encoding the encoding of a file without a byte order mark; if empty, UTF-16 where zero bytes show it, otherwise UTF-8
 * @param names the names of columns that go by none of the {@linkplain TableColumn known} ones; an empty name says that there
 *     is no such column
 */
public record TableSettings(Optional<RecordFormat> format, Optional<Charset> encoding, Map<TableColumn, String> names) {
    /** Everything by content. */
    public static final TableSettings DEFAULT = new TableSettings(Optional.empty(), Optional.empty(), Map.of());

    /** Copies the map. */
    public TableSettings {
        names = Map.copyOf(names);
    }
}
