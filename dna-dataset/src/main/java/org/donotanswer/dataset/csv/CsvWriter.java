package org.donotanswer.dataset.csv;

import com.google.common.base.CharMatcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Writes a CSV file in the dialect that the package description defines. Lines end with CR LF. Not thread-safe.
 *
 * <p>A file is either {@linkplain #verbatim for programs} or {@linkplain #forSpreadsheet for a spreadsheet}. To escape text
 * but not numbers, write verbatim and call {@link FormulaEscaping#escape} on the text.
 */
public final class CsvWriter {
    private static final CharMatcher MUST_BE_QUOTED = CharMatcher.anyOf(",\"\r\n");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final OutputStream out;
    private final int columns;
    private final UnaryOperator<String> escape;

    private CsvWriter(OutputStream out, Collection<String> header, UnaryOperator<String> escape) throws IOException {
        this.out = out;
        this.columns = header.size();
        this.escape = escape;
        write(header);
    }

    /**
     * Writes the header, and returns a writer for a file that programs read: fields are written unchanged. Opened in a
     * spreadsheet, such a field may be run as a formula.
     *
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public static CsvWriter verbatim(OutputStream out, List<String> header) throws IOException {
        return new CsvWriter(out, header, UnaryOperator.identity());
    }

    /**
     * Writes the header, and returns a writer for a file that people open in a spreadsheet: every field is {@linkplain
     * FormulaEscaping#escape escaped}, and the file starts with a byte order mark. Without it, a spreadsheet would decode the
     * file in its locale's charset.
     *
     * @param out not closed
     * @throws IOException if the stream cannot be written
     */
    public static CsvWriter forSpreadsheet(OutputStream out, List<String> header) throws IOException {
        out.write(BYTE_ORDER_MARK.getBytes(StandardCharsets.UTF_8));
        return new CsvWriter(out, header, FormulaEscaping::escape);
    }

    /**
     * Writes a record.
     *
     * @throws IllegalArgumentException if it has more or fewer fields than the header
     * @throws IOException if the stream cannot be written
     */
    public void write(Collection<String> fields) throws IOException {
        if (fields.size() != columns) {
            throw new IllegalArgumentException("record must have " + columns + " fields, but had " + fields.size());
        }
        out.write((fields.stream().map(this::cell).collect(Collectors.joining(",")) + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
    }

    private String cell(String field) {
        String cell = escape.apply(field);
        // A record of one empty field would be an empty line.
        boolean plain = MUST_BE_QUOTED.matchesNoneOf(cell) && (columns > 1 || !cell.isEmpty());
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
