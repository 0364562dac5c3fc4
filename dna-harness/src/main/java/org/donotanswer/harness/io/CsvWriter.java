package org.donotanswer.harness.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes CSV (RFC 4180, UTF-8) that a spreadsheet may open. Not thread-safe.
 *
 * <p>A spreadsheet takes a cell that starts with {@code = + - @}, a tab or a line break for a formula, quoted or not, and a
 * formula can send the other cells away. Such a cell is written with an apostrophe before it, and so is one that starts with
 * apostrophes and then one of these: {@link #unguarded} undoes exactly that.
 */
public final class CsvWriter {
    /** The full-width forms count too: spreadsheets of East Asian locales read them alike. */
    private static final String FORMULA_STARTS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

    private final OutputStream out;
    private final int columns;
    private final boolean guard;

    /**
     * Writes the header.
     *
     * @param out not closed
     */
    public CsvWriter(OutputStream out, List<String> header) throws IOException {
        this(out, header, true);
    }

    private CsvWriter(OutputStream out, List<String> header, boolean guard) throws IOException {
        this.out = out;
        this.columns = header.size();
        this.guard = guard;
        write(header);
    }

    /**
     * Writes the header of a file for programs, in which every cell is as it is given: one that a spreadsheet may take for a
     * formula.
     *
     * @param out not closed
     */
    public static CsvWriter verbatim(OutputStream out, List<String> header) throws IOException {
        return new CsvWriter(out, header, false);
    }

    /**
     * Writes a record.
     *
     * @throws IllegalArgumentException if it has more or fewer fields than the header
     */
    public void write(List<String> fields) throws IOException {
        if (fields.size() != columns) {
            throw new IllegalArgumentException("record must have " + columns + " fields, but was " + fields.size());
        }
        StringBuilder line = new StringBuilder();
        for (String field : fields) {
            line.append(line.isEmpty() ? "" : ",").append(quoted(guard ? guarded(field) : field));
        }
        out.write(line.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** An empty field is quoted too: a line of one empty field would else be empty. */
    private static String quoted(String field) {
        boolean plain =
                !field.isEmpty() && field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
    }

    /** Returns the text of a cell that no spreadsheet takes for a formula. */
    public static String guarded(String text) {
        return isFormula(text, apostrophes(text)) ? "'" + text : text;
    }

    /** Returns the text of which the cell was made; a cell that was not guarded is returned as it is. */
    public static String unguarded(String cell) {
        int apostrophes = apostrophes(cell);
        return apostrophes > 0 && isFormula(cell, apostrophes) ? cell.substring(1) : cell;
    }

    private static int apostrophes(String text) {
        int count = 0;
        while (count < text.length() && text.charAt(count) == '\'') {
            count++;
        }
        return count;
    }

    private static boolean isFormula(String text, int start) {
        return start < text.length() && FORMULA_STARTS.indexOf(text.charAt(start)) >= 0;
    }
}
