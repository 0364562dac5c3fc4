package org.donotanswer.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A CSV file (RFC 4180, UTF-8) with a header row, read whole. Every record has as many fields as the header. Fields are
 * kept as they stand, line breaks and outer spaces included.
 */
final class CsvTable {
    private static final int LONGEST_NUMBER = 12;

    private final Utf8File source;
    private final List<String> header;
    private final Map<String, Integer> columns;
    private final List<Row> rows;

    private CsvTable(Utf8File source, List<CsvRecords.Entry> records) throws DatasetFormatException {
        this.source = source;
        if (records.isEmpty()) {
            throw new DatasetFormatException("file must have a header row, but was empty", source.path(), 1, null);
        }
        this.header = records.get(0).values();
        this.columns = columns(source, records.get(0));
        List<Row> read = new ArrayList<>();
        for (CsvRecords.Entry entry : records.subList(1, records.size())) {
            checkWidth(entry);
            read.add(new Row(entry.line(), entry.values()));
        }
        this.rows = Collections.unmodifiableList(read);
    }

    /**
     * Reads a file.
     *
     * @throws DatasetFormatException if it is not UTF-8 or not CSV, has no header, names a column twice, or has a record
     *     longer or shorter than the header
     */
    static CsvTable read(Path file) throws IOException {
        Utf8File source = Utf8File.read(file);
        return new CsvTable(source, CsvRecords.parse(source));
    }

    private static Map<String, Integer> columns(Utf8File source, CsvRecords.Entry header)
            throws DatasetFormatException {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < header.values().size(); i++) {
            if (columns.putIfAbsent(header.values().get(i), i) != null) {
                throw new DatasetFormatException(
                        "header must name each column once, but was found to repeat column "
                                + (columns.get(header.values().get(i)) + 1),
                        source.path(),
                        header.line(),
                        String.valueOf(i + 1));
            }
        }
        return columns;
    }

    private void checkWidth(CsvRecords.Entry entry) throws DatasetFormatException {
        int width = entry.values().size();
        if (width != header.size()) {
            String column = width < header.size() ? header.get(width) : String.valueOf(header.size() + 1);
            throw new DatasetFormatException(
                    "record must have " + header.size() + " fields, but was " + width, file(), entry.line(), column);
        }
    }

    Path file() {
        return source.path();
    }

    String sha256() {
        return source.sha256();
    }

    List<String> header() {
        return header;
    }

    List<Row> rows() {
        return rows;
    }

    boolean hasColumn(String name) {
        return columns.containsKey(name);
    }

    /**
     * Checks that the header names all these columns, in any order.
     *
     * @throws DatasetFormatException if one is missing. The header found is not shown, as it can be a row of text; a
     *     name that differs by case or spaces alone is.
     */
    void requireColumns(Collection<String> names) throws DatasetFormatException {
        for (String name : names) {
            if (!hasColumn(name)) {
                String found = header.stream()
                        .filter(other -> other.strip().equalsIgnoreCase(name))
                        .findFirst()
                        .map(DatasetFormatException::clip)
                        .orElse("absent from the " + header.size() + " columns");
                throw new DatasetFormatException(
                        "header must name column " + name + ", but was " + found, file(), 1, name);
            }
        }
    }

    /** One record below the header. */
    final class Row {
        private final long line;
        private final List<String> values;

        private Row(long line, List<String> values) {
            this.line = line;
            this.values = values;
        }

        /** The physical line on which the record starts, from 1. */
        long line() {
            return line;
        }

        String text(String column) {
            Integer index = columns.get(column);
            if (index == null) {
                throw new IllegalArgumentException("column must be in the header, but was " + column);
            }
            return values.get(index);
        }

        /** The field as a whole number within the bounds, which are both allowed. */
        int number(String column, int min, int max) throws DatasetFormatException {
            String value = text(column);
            // At most nine digits cannot overflow.
            if (value.matches("-?[0-9]{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            }
            String bounds = max == Integer.MAX_VALUE ? "of at least " + min : "in " + min + ".." + max;
            String shown = value.length() <= LONGEST_NUMBER
                    ? DatasetFormatException.clip(value)
                    : "a text of " + value.length() + " characters";
            throw error(column + " must be a whole number " + bounds + ", but was " + shown, column);
        }

        DatasetFormatException error(String problem, String column) {
            return new DatasetFormatException(problem, file(), line, column);
        }
    }
}
