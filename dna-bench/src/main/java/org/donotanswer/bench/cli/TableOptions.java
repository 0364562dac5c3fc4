package org.donotanswer.bench.cli;

import java.nio.charset.Charset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.table.RecordFormat;
import org.donotanswer.harness.table.TableColumn;
import org.donotanswer.harness.table.TableSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the content of a file of records does not tell. Not thread-safe. */
@InSection(HelpSection.INPUT_OUTPUT)
final class TableOptions {
    /** How the help calls the files that are read. */
    static final String FORMATS = "CSV with any separator, JSON lines or JSON";

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            description =
                    "Encoding of files without a byte order mark, for example windows-1252. Default: UTF-8, or UTF-16"
                            + " where the content shows it.")
    private @Nullable Charset encoding;

    @Option(
            names = "--column",
            paramLabel = "COLUMN=NAME",
            description = "What your file calls a column that is not found by itself, for example instruction=frage; an"
                    + " empty name says that there is none. Can be repeated. Default: common names, such as question and"
                    + " answer.")
    private List<String> columns = List.of();

    /** Returns whether an option was given. */
    boolean isGiven() {
        return encoding != null || !columns.isEmpty();
    }

    /** Returns the settings for files whose content tells their format. */
    TableSettings settings() {
        return settings(Optional.empty());
    }

    /**
     * Returns the settings.
     *
     * @throws UsageException if there is no such column
     */
    TableSettings settings(Optional<RecordFormat> format) {
        Map<TableColumn, String> names = new EnumMap<>(TableColumn.class);
        for (String each : columns) {
            int equals = each.indexOf('=');
            UsageException.require(equals > 0, "--column must be COLUMN=NAME", each);
            String name = each.substring(0, equals);
            TableColumn column = TableColumn.of(name)
                    .orElseThrow(() -> new UsageException(
                            "--column must begin with a known column, such as id, instruction or response, but was "
                                    + name));
            UsageException.require(
                    !names.containsKey(column), "--column must be given once for each", "twice for " + name);
            names.put(column, each.substring(equals + 1));
        }
        return new TableSettings(format, Optional.ofNullable(encoding), names);
    }
}
