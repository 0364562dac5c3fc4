package org.donotanswer.dataset.csv;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The header row of a CSV file: the unique names of its columns. Immutable, hence thread-safe. */
public final class CsvHeader {
    private static final int MAX_SHOWN_CHARACTERS = 40;

    private final String file;
    private final long line;
    private final List<String> columns;
    private final Map<String, Integer> indexes = new HashMap<>();

    CsvHeader(String file, long line, List<String> columns) throws CsvFormatException {
        this.file = file;
        this.line = line;
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            Integer before = indexes.putIfAbsent(columns.get(i), i);
            if (before != null) {
                throw error(
                        "header must name each column once, but repeated column " + (before + 1),
                        String.valueOf(i + 1));
            }
        }
    }

    /** Returns the names of the columns, in the order of the file. */
    public List<String> columns() {
        return columns;
    }

    /** Returns whether the header names the column. */
    public boolean has(String column) {
        return indexes.containsKey(column);
    }

    /**
     * Checks that the header names all these columns, in any order.
     *
     * @throws CsvFormatException if one is missing. The message does not show the header, which may be a row of text, but
     *     it shows a name that differs only by case or outer spaces.
     */
    public void require(String... required) throws CsvFormatException {
        require(Arrays.asList(required));
    }

    /**
     * Checks that the header names all these columns, in any order.
     *
     * @throws CsvFormatException as {@link #require(String...)}
     */
    public void require(Collection<String> required) throws CsvFormatException {
        for (String column : required) {
            if (!has(column)) {
                String found = columns.stream()
                        .filter(name -> name.strip().equalsIgnoreCase(column) && name.length() <= MAX_SHOWN_CHARACTERS)
                        .findFirst()
                        .map(name -> "'" + name.replaceAll("\\p{Cntrl}", " ") + "'")
                        .orElse(columns.size() + " others");
                throw error("header must name column " + column + ", but named " + found, column);
            }
        }
    }

    /**
     * Returns an exception about the header, for the caller to throw.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     */
    public CsvFormatException error(String problem) {
        return new CsvFormatException(problem, file, line, null);
    }

    /**
     * Returns an exception about a column, for the caller to throw.
     *
     * @param problem worded {@code <subject> <requirement>, but was <value>}
     * @param column the name of a column, which the header may lack
     */
    public CsvFormatException error(String problem, String column) {
        return new CsvFormatException(problem, file, line, column);
    }

    String file() {
        return file;
    }

    int index(String column) {
        Integer index = indexes.get(column);
        if (index == null) {
            throw new IllegalArgumentException("column must be in the header, but was " + column);
        }
        return index;
    }
}
