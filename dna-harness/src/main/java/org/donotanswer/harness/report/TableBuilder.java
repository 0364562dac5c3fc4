package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;

/** Builds a table row by row. Not thread-safe. */
public final class TableBuilder {
    private final String id;
    private final String caption;
    private final List<String> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** Creates a builder of a table with the given column titles, that of the row names first. */
    public TableBuilder(String id, String caption, String... columns) {
        this.id = id;
        this.caption = caption;
        this.columns = List.of(columns);
    }

    /** Creates a builder of a table with a title for the row names and titles for the other columns. */
    public TableBuilder(String id, String caption, String nameColumn, List<String> otherColumns) {
        this.id = id;
        this.caption = caption;
        this.columns = new ArrayList<>(List.of(nameColumn));
        this.columns.addAll(otherColumns);
    }

    /**
     * A column of a table that has a row for each item of a kind. Immutable, hence thread-safe.
     *
     * @param cell returns the cell of an item
     */
    public record Column<T>(String title, Function<? super T, ? extends Cell> cell) {}

    /** Returns a column. */
    public static <T> Column<T> column(String title, Function<? super T, ? extends Cell> cell) {
        return new Column<>(title, cell);
    }

    /** Returns a table with a row for each item. */
    @SafeVarargs
    @SuppressWarnings("varargs") // reads the array only
    public static <T> Table of(
            String id,
            String caption,
            String nameColumn,
            Collection<? extends T> items,
            Function<? super T, String> name,
            Column<T>... columns) {
        TableBuilder table = new TableBuilder(
                id,
                caption,
                nameColumn,
                Arrays.stream(columns).map(Column::title).toList());
        for (T item : items) {
            table.add(
                    name.apply(item),
                    Arrays.stream(columns)
                            .map(column -> column.cell().apply(item))
                            .toList());
        }
        return table.build();
    }

    /** Adds a row. */
    public TableBuilder add(String name, List<? extends Cell> cells) {
        List<Cell> row = new ArrayList<>(List.of(new Text(name)));
        row.addAll(cells);
        rows.add(row);
        return this;
    }

    /** Adds a row. */
    public TableBuilder add(String name, Cell... cells) {
        return add(name, Arrays.asList(cells));
    }

    /**
     * Returns the table.
     *
     * @throws IllegalArgumentException if a row has more or fewer cells than there are columns
     */
    public Table build() {
        return new Table(id, caption, columns, rows);
    }
}
