package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
