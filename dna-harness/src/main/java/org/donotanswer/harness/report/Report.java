package org.donotanswer.harness.report;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.metrics.Interval;

/**
 * What a report says, apart from how it looks. Immutable, hence thread-safe.
 *
 * @param title what is reported
 * @param subtitle more about it, on one line; may be empty
 * @param sections in order, the summary first
 * @param provenance what the report was made of, and how
 */
public record Report(String title, String subtitle, List<Section> sections, Provenance provenance) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if two sections, tables or charts have the same id, if an id is not lower-case words
     *     and digits joined by dashes, or if a chart's table has the id of a table that differs
     */
    public Report {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(subtitle, "subtitle");
        Objects.requireNonNull(provenance, "provenance");
        sections = List.copyOf(sections);
        Set<String> ids = new HashSet<>();
        for (Section section : sections) {
            requireNew(ids, section.id());
            for (Block block : section.blocks()) {
                block.id().ifPresent(id -> requireNew(ids, id));
            }
        }
        Map<String, Table> unused = tablesById(sections);
    }

    /** Returns all tables, those of charts among them, in the order in which they appear, each once. */
    public List<Table> tables() {
        return List.copyOf(tablesById(sections).values());
    }

    private static Map<String, Table> tablesById(List<Section> sections) {
        Map<String, Table> tables = new LinkedHashMap<>();
        for (Section section : sections) {
            for (Block block : section.blocks()) {
                if (block instanceof Table table) {
                    add(tables, table);
                } else if (block instanceof Chart chart) {
                    add(tables, chart.data());
                }
            }
        }
        return tables;
    }

    private static void add(Map<String, Table> tables, Table table) {
        requireWords(table.tableId());
        Table known = tables.putIfAbsent(table.tableId(), table);
        if (known != null && !known.equals(table)) {
            throw new IllegalArgumentException(
                    "tables of one id must be equal, but differed (table " + table.tableId() + ")");
        }
    }

    // An id is also the name of a file.
    private static void requireWords(String id) {
        if (!isId(id)) {
            throw new IllegalArgumentException("id must be lower-case words joined by dashes, but was '" + id + "'");
        }
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private static void requireNew(Set<String> ids, String id) {
        requireWords(id);
        if (!ids.add(id)) {
            throw new IllegalArgumentException("id must be unique, but was repeated: " + id);
        }
    }

    /**
     * A part of a report.
     *
     * @param id lower-case words joined by dashes: the anchor on a page
     */
    public record Section(String id, String title, List<Block> blocks) {
        /** Copies the list. */
        public Section {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(title, "title");
            blocks = List.copyOf(blocks);
        }
    }

    /** One thing in a section. */
    public sealed interface Block permits Paragraph, KeyFigures, Table, Chart, Examples {
        /** Returns the id of a table or chart, unique in the report; empty for others. */
        default Optional<String> id() {
            return Optional.empty();
        }
    }

    /** Plain text. */
    public record Paragraph(String text) implements Block {}

    /** The few figures that sum it up. */
    public record KeyFigures(List<KeyFigure> figures) implements Block {
        /** Copies the list. */
        public KeyFigures {
            figures = List.copyOf(figures);
        }
    }

    /**
     * A figure that stands for itself.
     *
     * @param value as shown, such as "97.6 %"
     * @param note what to know of it, such as its interval; may be empty
     */
    public record KeyFigure(String label, String value, String note) {}

    /**
     * A table.
     *
     * @param tableId lower-case words joined by dashes; also the name of its CSV and LaTeX files
     * @param caption what it shows, in a sentence
     * @param columns the titles of the columns; the first column names the rows
     * @param rows each with as many cells as there are columns
     */
    public record Table(String tableId, String caption, List<String> columns, List<List<Cell>> rows) implements Block {
        /**
         * Copies the lists.
         *
         * @throws IllegalArgumentException if a row has more or fewer cells than there are columns
         */
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            for (List<Cell> row : rows) {
                if (row.size() != columns.size()) {
                    throw new IllegalArgumentException("row must have " + columns.size() + " cells, but had "
                            + row.size() + " (table " + tableId + ")");
                }
            }
        }

        @Override
        public Optional<String> id() {
            return Optional.of(tableId);
        }

        /** Returns whether the column, by its place from 0, holds numbers. */
        boolean isOfNumbers(int column) {
            return rows.stream().anyMatch(row -> row.get(column) instanceof Figure);
        }
    }

    /** What stands in a place of a table. */
    public sealed interface Cell permits Text, Figure {}

    /** Text in a table. */
    public record Text(String text) implements Cell {}

    /**
     * A number in a table, with the interval in which it lies where that is known.
     *
     * @param value NaN where it is not defined: shown as such, and never as 0
     * @param decimals how many digits to show after the point
     * @param interval of the same unit as the value
     */
    public record Figure(double value, int decimals, Optional<Interval> interval) implements Cell {
        /**
         * Checks the number of digits.
         *
         * @throws IllegalArgumentException if it is below 0
         */
        public Figure {
            Objects.requireNonNull(interval, "interval");
            if (decimals < 0) {
                throw new IllegalArgumentException("decimals must be at least 0, but was " + decimals);
            }
        }

        /** Returns a number without interval. */
        public static Figure of(double value, int decimals) {
            return new Figure(value, decimals, Optional.empty());
        }

        /** Returns a count. */
        public static Figure count(long count) {
            return of((double) count, 0);
        }
    }

    /**
     * A chart, and the table of the same figures for those who cannot see it.
     *
     * @param chartId lower-case words joined by dashes
     * @param caption what it shows, in a sentence
     * @param kind how it is drawn
     * @param axis what the numbers are, with their unit
     * @param minimum where the axis of numbers starts; NaN to leave it to the renderer
     * @param maximum where the axis of numbers ends; NaN to leave it to the renderer
     * @param data its rows are the categories, and its columns from the second on the series; numbers only, but for names
     */
    public record Chart(
            String chartId, String caption, Kind kind, String axis, double minimum, double maximum, Table data)
            implements Block {
        /** How a chart is drawn. */
        public enum Kind {
            /** A horizontal bar or dot for each category with its interval; one series. */
            INTERVALS,
            /** Bars of several series side by side in each category. */
            BARS,
            /** A horizontal bar for each category, made up of the series. */
            STACKED_BARS,
            /** A polygon for each series, with a spoke for each category. */
            RADAR,
            /** A coloured field for each category (row) and series (column). */
            HEATMAP,
            /** As a heatmap, of counts: the true class is the row, and the predicted one the column. */
            CONFUSION,
            /** Predicted probability (first number) against observed share (second, with interval) of bins of a count (third). */
            RELIABILITY
        }

        /** Checks that nothing is null. */
        public Chart {
            Objects.requireNonNull(caption, "caption");
            Objects.requireNonNull(axis, "axis");
            Objects.requireNonNull(chartId, "chartId");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(data, "data");
        }

        @Override
        public Optional<String> id() {
            return Optional.of(chartId);
        }
    }

    /**
     * Exchanges to look at, hidden until asked for.
     *
     * @param warning what the reader should know before looking
     */
    public record Examples(String warning, List<Example> examples) implements Block {
        /** Copies the list. */
        public Examples {
            examples = List.copyOf(examples);
        }
    }

    /**
     * One exchange and what was said of it.
     *
     * @param heading where it comes from: LLM, id, harm
     * @param notes what reviewers said, one each
     */
    public record Example(String heading, List<String> notes, String instruction, String response) {
        /** Copies the list. */
        public Example {
            notes = List.copyOf(notes);
        }
    }
}
