package org.donotanswer.harness.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.donotanswer.dataset.csv.CsvParser;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of a file of any {@linkplain RecordFormat format}, plain or compressed by gzip or zstd, with one record in
 * memory at a time, or of Parquet, with one row group. Compression, format, separator and encoding are told by the first
 * bytes; no more is read for that than the first line. Not thread-safe, but its rows are.
 *
 * <pre>{@code
 * try (TableReader table = TableReader.open(file, TableSettings.DEFAULT)) {
 *     table.check(List.of(TableColumn.ID), List.of());
 *     for (RawRow raw = table.next(); raw != null; raw = table.next()) {
 *         TableRow row = raw.parse();
 *         ...
 *     }
 * }
 * }</pre>
 */
public final class TableReader implements Closeable {
    private static final char[] SEPARATORS = {',', ';', '\t', '|'};
    private static final String SEPARATOR_LINE = "sep=";

    private final RowSource rows;

    private TableReader(RowSource rows) {
        this.rows = rows;
    }

    /**
     * Opens a file.
     *
     * @throws NoSuchFileException if the file does not exist
     * @throws BadInputException if it is neither text nor Parquet, or a CSV file without a header
     * @throws IOException if it is a directory, named as Parquet but is not, damaged, or cannot be read
     */
    public static TableReader open(Path file, TableSettings settings) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException("input must be a file, but was a directory (" + file + ")");
        }
        if (Files.isRegularFile(file) && FileContent.startsWith(file, ParquetRows.MAGIC)) {
            return new TableReader(ParquetRows.open(file, settings));
        }
        if (FileContent.hasExtension(file.toString(), ".parquet")) {
            throw new IOException("file must be Parquet, as its name says, but did not begin with " + ParquetRows.MAGIC
                    + " (" + file + ")");
        }
        return open(Files.newInputStream(file), file.toString(), settings);
    }

    /**
     * Opens a stream.
     *
     * @param in closed with the reader, and if this method fails
     * @param file the name of the file in messages; its extension counts only where the content does not tell the format
     * @throws BadInputException if it is no text, or a CSV file without a header
     * @throws IOException if it cannot be read
     */
    public static TableReader open(InputStream in, String file, TableSettings settings) throws IOException {
        try {
            LookAhead text = FileContent.text(in, file, settings.encoding());
            return new TableReader(rows(text, file, settings));
        } catch (IOException | RuntimeException e) {
            try {
                in.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private static RowSource rows(LookAhead text, String file, TableSettings settings) throws IOException {
        return switch (settings.format().isPresent() ? settings.format().get() : format(text, file)) {
            case JSONL -> new JsonLineRows(text, file, settings);
            case JSON -> new JsonDocumentRows(text, file, settings);
            case CSV -> csv(text, file, settings);
        };
    }

    private static RecordFormat format(LookAhead text, String file) throws IOException {
        int first = visible(text, 0);
        boolean named = FileContent.hasExtension(file, ".csv", ".tsv", ".tab", ".txt");
        if (text.peek(first) == '{' && !(named && text.peek(visible(text, first + 1)) != '"')) {
            return JsonShape.isLines(text) ? RecordFormat.JSONL : RecordFormat.JSON;
        }
        if (text.peek(first) == '[' && !(named && text.peek(visible(text, first + 1)) != '{')) {
            return RecordFormat.JSON;
        }
        boolean json = FileContent.hasExtension(file, ".jsonl", ".ndjson", ".json");
        return json || (text.peek(first) == -1 && !named) ? RecordFormat.JSONL : RecordFormat.CSV;
    }

    private static int visible(LookAhead text, int from) throws IOException {
        int offset = from;
        while (text.peek(offset) >= 0 && text.peek(offset) <= ' ') {
            offset++;
        }
        return offset;
    }

    private static RowSource csv(LookAhead text, String file, TableSettings settings) throws IOException {
        String start = new String(text.peeked(seen(text, 8)), StandardCharsets.ISO_8859_1);
        String line = start.startsWith("\"") ? start.substring(1) : start;
        if (line.regionMatches(true, 0, SEPARATOR_LINE, 0, SEPARATOR_LINE.length()) && line.length() > 4) {
            return new CsvRows(new CsvParser(text, file, line.charAt(4)), file, true, settings);
        }
        return new CsvRows(new CsvParser(text, file, separator(text)), file, false, settings);
    }

    private static int seen(LookAhead text, int most) throws IOException {
        int length = 0;
        while (length < most && text.peek(length) != -1 && text.peek(length) != '\n') {
            length++;
        }
        return length;
    }

    /** Returns the separator that makes most known columns of the first line that is not blank, or else most columns. */
    private static char separator(LookAhead text) throws IOException {
        int[] columns = new int[SEPARATORS.length];
        int[] known = new int[SEPARATORS.length];
        StringBuilder[] names = new StringBuilder[SEPARATORS.length];
        Arrays.setAll(names, i -> new StringBuilder());
        boolean quoted = false;
        boolean any = false;
        for (int offset = 0; ; offset++) {
            int c = text.peek(offset);
            boolean end = c == -1 || (!quoted && (c == '\n' || c == '\r'));
            quoted ^= c == '"';
            for (int i = 0; i < SEPARATORS.length; i++) {
                if (end || (!quoted && c == SEPARATORS[i])) {
                    String name = names[i].toString().replace("\"", "");
                    known[i] += TableColumn.of(name).isPresent() ? 1 : 0;
                    columns[i] += name.isBlank() ? 0 : 1;
                    any |= columns[i] > 0 && (columns[i] > 1 || name.chars().anyMatch(Character::isLetterOrDigit));
                    names[i].setLength(0);
                } else {
                    names[i].append((char) c);
                }
            }
            if (c == -1 || (end && any)) {
                break;
            }
        }
        int best = 0;
        for (int i = 1; i < SEPARATORS.length; i++) {
            if (known[i] > known[best] || (known[i] == known[best] && columns[i] > columns[best])) {
                best = i;
            }
        }
        return SEPARATORS[best];
    }

    /**
     * Checks the columns in the header of a CSV file. In JSON, each record has its own.
     *
     * @param required columns that must be there
     * @param others columns that may be there
     * @throws BadInputException if one is missing, or two columns go by its names
     */
    public void check(List<TableColumn> required, List<TableColumn> others) throws IOException {
        rows.check(required, others);
    }

    /**
     * Checks that the header of a CSV file has the columns of {@link TableRow#exchange}.
     *
     * @throws BadInputException if there is no response, or it cannot be told where the instruction is
     */
    public void checkExchanges() throws IOException {
        rows.check(List.of(TableColumn.RESPONSE), List.of(TableColumn.ID, TableColumn.INSTRUCTION));
        rows.checkInstruction();
    }

    /** Declares that only exchanges and their ids will be read, so that other columns of Parquet are passed over. */
    public void keepExchanges() {
        rows.keepExchanges();
    }

    /**
     * Returns the next record that is not empty, or null at the end.
     *
     * @throws BadInputException if the file is malformed so that it is unknown where the next record starts
     * @throws IOException if the file cannot be read
     */
    public @Nullable RawRow next() throws IOException {
        return rows.next();
    }

    /**
     * Returns whether a record can be started without waiting for input.
     *
     * @throws IOException if the file cannot be asked
     */
    public boolean ready() throws IOException {
        return rows.ready();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
