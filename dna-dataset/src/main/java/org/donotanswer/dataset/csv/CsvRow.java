package org.donotanswer.dataset.csv;

import java.util.List;
import java.util.Optional;

/** A record below the header, with as many fields as the header. Immutable, hence thread-safe. */
public final class CsvRow {
    private static final int MAX_SHOWN_CHARACTERS = 12;

    private final CsvHeader header;
    private final long line;
    private final List<String> fields;

    CsvRow(CsvHeader header, long line, List<String> fields) throws CsvFormatException {
        this.header = header;
        this.line = line;
        this.fields = fields;
        int columns = header.columns().size();
        int count = fields.size();
        if (count != columns) {
            throw error(
                    "record must have " + columns + " fields, but had " + count,
                    count < columns ? header.columns().get(count) : String.valueOf(columns + 1));
        }
    }

    /** Returns the line of the file on which the record starts, from 1; a quoted field can make it span several. */
    public long line() {
        return line;
    }

    /** Returns the fields, in the order of the header. */
    public List<String> fields() {
        return fields;
    }

    /**
     * Returns the field of a column.
     *
     * @throws IllegalArgumentException if the header does not name the column
     */
    public String text(String column) {
        return fields.get(header.index(column));
    }

    /** Returns the field of a column, or empty if the header does not name the column. */
    public Optional<String> find(String column) {
        return header.has(column) ? Optional.of(text(column)) : Optional.empty();
    }

    /**
     * Returns the field of a column as a whole number.
     *
     * @param min the least allowed number
     * @param max the greatest allowed number
     * @throws CsvFormatException if the field is not a whole number in the range
     * @throws IllegalArgumentException if the header does not name the column
     */
    public int integer(String column, int min, int max) throws CsvFormatException {
        String value = text(column);
        // Nine digits cannot overflow.
        if (value.matches("-?[0-9]{1,9}")) {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        }
        String range = max == Integer.MAX_VALUE ? "of at least " + min : "in " + min + ".." + max;
        String shown = value.length() <= MAX_SHOWN_CHARACTERS
                ? "'" + value.replaceAll("\\p{Cntrl}", " ") + "'"
                : "a text of " + value.length() + " characters";
        throw error(column + " must be a whole number " + range + ", but was " + shown, column);
    }

    /**
     * Returns an exception about a field of this record, for the caller to throw.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     * @param column the name of a column, which the header may lack
     */
    public CsvFormatException error(String problem, String column) {
        return new CsvFormatException(problem, header.file(), line, column);
    }

    /** Returns the line and the number of fields; the fields may hold text. */
    @Override
    public String toString() {
        return "CsvRow[line=" + line + ", " + fields.size() + " fields]";
    }
}
