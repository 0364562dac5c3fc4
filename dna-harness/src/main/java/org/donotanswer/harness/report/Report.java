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
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.metrics.Interval;

/**
 * The content of a report, independent of its format. Immutable, hence thread-safe.
 *
 * @param title the title
 * @param subtitle more about the topic, on one line; may be empty
 * @param sections the sections, usually with the summary first
 * @param provenance where the figures come from
 */
public record Report(String title, String subtitle, List<Section> sections, Provenance provenance) {
    private static final Pattern ID = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if two sections, tables or charts have the same id, if an id is not lower-case letters
     *     and digits joined by dashes, if a chart's table has the id of a different table, or if there are two blocks of answers
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
        if (answers(sections).size() > 1) {
            throw new IllegalArgumentException("answers must be in one block, but were in "
                    + answers(sections).size());
        }
    }

    /** Returns the exchanges to search; empty if there are none. */
    Optional<Answers> answers() {
        return answers(sections).stream().findFirst();
    }

    private static List<Answers> answers(List<Section> sections) {
        return sections.stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Answers.class::isInstance)
                .map(Answers.class::cast)
                .toList();
    }

    /** Returns all tables, including those of charts, in order of appearance and without repetition. */
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

    // An id is also a file name.
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
     * A section of a report. Immutable, hence thread-safe.
     *
     * @param id lower-case words joined by dashes: the anchor on the page
     */
    public record Section(String id, String title, List<Block> blocks) {
        /** Copies the list. */
        public Section {
            Objects.requireNonNull(id, "id");
            Objects.requireNonNull(title, "title");
            blocks = List.copyOf(blocks);
        }
    }

    /** One element of a section. Immutable, hence thread-safe. */
    public sealed interface Block permits Paragraph, KeyFigures, Table, Chart, Examples, Answers {
        /** Returns the id of a table or chart, unique in the report; empty for other blocks. */
        default Optional<String> id() {
            return Optional.empty();
        }
    }

    /** Plain text. Immutable, hence thread-safe. */
    public record Paragraph(String text) implements Block {}

    /** The most important figures. Immutable, hence thread-safe. */
    public record KeyFigures(List<KeyFigure> figures) implements Block {
        /** Copies the list. */
        public KeyFigures {
            figures = List.copyOf(figures);
        }
    }

    /**
     * An important figure. Immutable, hence thread-safe.
     *
     * @param value the value as shown, for example "97.6 %"
     * @param note more about it, for example its interval; may be empty
     */
    public record KeyFigure(String label, String value, String note) {}

    /**
     * A table. Immutable, hence thread-safe.
     *
     * @param tableId lower-case words joined by dashes; also the name of its CSV and LaTeX files
     * @param caption what the table shows, in a sentence
     * @param columns the titles of the columns; the first column names the rows
     * @param rows the cells, one for each column
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

        /** Returns whether the column, counted from 0, has numbers. */
        boolean isOfNumbers(int column) {
            return rows.stream().anyMatch(row -> row.get(column) instanceof Figure);
        }
    }

    /** A cell of a table. Immutable, hence thread-safe. */
    public sealed interface Cell permits Text, Figure {}

    /** Text in a table. Immutable, hence thread-safe. */
    public record Text(String text) implements Cell {}

    /**
     * A number in a table, with its interval if that is known. Immutable, hence thread-safe.
     *
     * @param value NaN if it is not defined: shown as such, and never as 0
     * @param decimals how many digits to show after the point
     * @param interval in the same unit as the value
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
     * A chart, with a table of the same numbers. Immutable, hence thread-safe.
     *
     * @param chartId lower-case words joined by dashes
     * @param caption what the chart shows, in a sentence
     * @param kind how it is drawn
     * @param axis what the numbers are, with their unit
     * @param minimum the start of the axis; NaN to leave it to the renderer
     * @param maximum the end of the axis; NaN to leave it to the renderer
     * @param data the categories as rows and the series as columns, after a first column of names
     */
    public record Chart(
            String chartId, String caption, Kind kind, String axis, double minimum, double maximum, Table data)
            implements Block {
        /** How a chart is drawn. Immutable, hence thread-safe. */
        public enum Kind {
            /** A horizontal bar or dot for each category with its interval; one series. */
            INTERVALS,
            /** Bars of several series side by side in each category. */
            BARS,
            /** A horizontal bar for each category, divided into the series. */
            STACKED_BARS,
            /** A polygon for each series, with a spoke for each category. */
            RADAR,
            /** A coloured cell for each category (row) and series (column). */
            HEATMAP,
            /** A heatmap of counts, with the true class as row and the predicted class as column. */
            CONFUSION,
            /** For bins: predicted probability (first), observed proportion with its interval (second) and count (third). */
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
     * Exchanges to read, hidden until opened. Immutable, hence thread-safe.
     *
     * @param warning what the reader should know first
     */
    public record Examples(String warning, List<Example> examples) implements Block {
        /** Copies the list. */
        public Examples {
            examples = List.copyOf(examples);
        }
    }

    /**
     * An exchange with its reviews. Immutable, hence thread-safe.
     *
     * @param heading where it comes from: LLM, id, harm type
     * @param notes the reviews, one each
     */
    public record Example(String heading, List<String> notes, String instruction, String response) {
        /** Copies the list. */
        public Example {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Many exchanges with their reviews, which the page can search and filter. The other formats only say how many there are: they
     * can be read in the page, or where they come from. Immutable, hence thread-safe.
     *
     * @param warning what the reader should know first
     * @param total how many there are in all, including those that are left out
     * @param reviewers the names of the reviewers, the one that the others are measured against first
     * @param answers the exchanges on the page
     */
    public record Answers(String warning, long total, List<String> reviewers, List<Answer> answers) implements Block {
        /** Copies the lists. */
        public Answers {
            reviewers = List.copyOf(reviewers);
            answers = List.copyOf(answers);
        }

        /** Returns how many there are, and how many of them are on the page. */
        String count() {
            return NumberFormats.format(
                    answers.size() < total
                            ? "The page has %2$,d of %1$,d responses, chosen at random; those that are harmful or disputed were"
                                    + " left out last. More would be slow to open."
                            : "The page has all %1$,d responses.",
                    total,
                    answers.size());
        }
    }

    /**
     * An exchange with its reviews. Immutable, hence thread-safe.
     *
     * @param llm the name of the LLM
     * @param id the id of the instruction
     * @param harmType the harm that the instruction invites; empty if it is not known
     * @param verdicts the reviews, one for each reviewer at most
     */
    public record Answer(
            String llm, String id, String harmType, String instruction, String response, List<AnswerReview> verdicts) {
        /** Copies the list. */
        public Answer {
            verdicts = List.copyOf(verdicts);
        }
    }

    /**
     * A review in short. Immutable, hence thread-safe.
     *
     * @param reviewer the reviewer's name
     * @param harmful whether the response counts as harmful; empty without label
     * @param action the name of the action; empty without label
     * @param text all of the review in a line
     */
    public record AnswerReview(String reviewer, Optional<Boolean> harmful, String action, String text) {}
}
