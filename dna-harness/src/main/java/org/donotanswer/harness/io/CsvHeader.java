package org.donotanswer.harness.io;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The header row of a CSV file, by which the columns of every further row are known. Not thread-safe. */
public final class CsvHeader {
    private final CsvReader reader;
    private final List<String> names;
    private final Map<String, Integer> indexes = new HashMap<>();

    private CsvHeader(CsvReader reader, CsvReader.Row row) throws BadInputException {
        this.reader = reader;
        this.names = row.fields();
        for (int i = 0; i < names.size(); i++) {
            Integer before = indexes.putIfAbsent(names.get(i), i);
            if (before != null) {
                throw new BadInputException(
                        "header must name each column once, but was found to repeat column " + (before + 1),
                        reader.file(),
                        row.line(),
                        String.valueOf(i + 1));
            }
        }
        reader.nameColumns(names);
    }

    /**
     * Reads the header.
     *
     * @throws BadInputException if there is none, or it names a column twice
     */
    public static CsvHeader read(CsvReader reader) throws IOException {
        CsvReader.Row row = reader.next();
        if (row == null) {
            throw new BadInputException("file must have a header row, but was empty", reader.file(), 1, null);
        }
        return new CsvHeader(reader, row);
    }

    /** Returns whether the header names the column. */
    public boolean has(String column) {
        return indexes.containsKey(column);
    }

    /**
     * Checks that the header names the column.
     *
     * @throws BadInputException if not. The header found is not shown, as it may be a row of text; a name that differs by
     *     case or spaces alone is.
     */
    public void require(String column) throws BadInputException {
        if (!has(column)) {
            Optional<String> near = names.stream()
                    .filter(name -> name.strip().equalsIgnoreCase(column))
                    .findFirst();
            String found = near.map(name -> "'" + name + "'").orElse("absent from the " + names.size() + " columns");
            throw new BadInputException(
                    "header must name column " + column + ", but was " + found, reader.file(), 1, column);
        }
    }

    /**
     * Returns the next row, or null at the end.
     *
     * @throws BadInputException if it has more or fewer fields than the header
     */
    public CsvReader.@Nullable Row next() throws IOException {
        CsvReader.Row row = reader.next();
        if (row != null && row.fields().size() != names.size()) {
            int fields = row.fields().size();
            throw reader.error(
                    "record must have " + names.size() + " fields, but was " + fields,
                    row.line(),
                    Math.min(fields, names.size()));
        }
        return row;
    }

    /** Returns the field of a column that the header names. */
    public String text(CsvReader.Row row, String column) {
        return row.fields().get(index(column));
    }

    /** Returns an exception about the field of a column that the header names. */
    public BadInputException error(String problem, CsvReader.Row row, String column) {
        return reader.error(problem, row.line(), index(column));
    }

    private int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException("column must be in the header, but was " + column);
        }
        return index;
    }
}
