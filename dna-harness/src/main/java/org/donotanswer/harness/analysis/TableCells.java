package org.donotanswer.harness.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.metrics.Bootstrap.Comparison;
import org.donotanswer.metrics.Bootstrap.Estimate;
import org.donotanswer.metrics.ConfusionMatrix;
import org.donotanswer.metrics.Interval;
import org.donotanswer.metrics.Proportion;
import org.donotanswer.taxonomy.ResponseAction;

/** What stands in tables, and tables row by row. */
final class TableCells {
    private TableCells() {}

    static Cell text(String text) {
        return new Text(text);
    }

    static Cell count(long count) {
        return Figure.count(count);
    }

    /** Returns a figure in [0, 1] with three decimals. */
    static Cell figure(double value) {
        return Figure.of(value, 3);
    }

    static Cell figure(Estimate estimate) {
        return new Figure(estimate.value(), 3, defined(estimate.interval()));
    }

    static Cell difference(Comparison comparison) {
        return new Figure(comparison.difference(), 3, defined(comparison.interval()));
    }

    /** Returns a share in percent, without the unit. */
    static Cell percent(double share) {
        return Figure.of(100 * share, 1);
    }

    static Cell percent(double share, Interval interval) {
        return new Figure(
                100 * share,
                1,
                defined(interval).map(shares -> new Interval(100 * shares.lower(), 100 * shares.upper())));
    }

    static Cell percent(Proportion part, double confidence) {
        return percent(part.value(), part.interval(confidence));
    }

    static Cell pValue(double value) {
        return value < 0.0001 ? text("<0.0001") : Figure.of(value, 4);
    }

    /**
     * Returns the p-value of a bootstrap; at its floor, which it would have with any greater difference, as the floor: "≤
     * 0.002".
     */
    static Cell pValue(Comparison comparison, int resamples) {
        if (Double.isNaN(comparison.difference())) {
            return pValue(Double.NaN);
        }
        double floor = 2.0 / (resamples - comparison.undefined() + 1);
        return floor >= 0.0001 && floor < 1 && comparison.pValue() <= floor
                ? text("≤ " + String.format(Locale.ROOT, "%.4f", floor).replaceAll("0+$", ""))
                : pValue(comparison.pValue());
    }

    /** Returns an amount with as many decimals as small ones need: "12.34", "0.0021". */
    static String money(double amount) {
        return String.format(Locale.ROOT, amount == 0 || amount >= 1 ? "%.2f" : "%.4f", amount);
    }

    private static Optional<Interval> defined(Interval interval) {
        return Double.isNaN(interval.lower()) ? Optional.empty() : Optional.of(interval);
    }

    /** Returns text such as "97.6 %". */
    static String shown(double share) {
        return Double.isNaN(share) ? "not defined" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    /** Returns text such as "96.4 to 98.4 %". */
    static String shown(Interval interval) {
        return Double.isNaN(interval.lower())
                ? "interval not defined"
                : String.format(Locale.ROOT, "%.1f to %.1f %%", 100 * interval.lower(), 100 * interval.upper());
    }

    /** Returns the name of an action with its code: "0 cannot assist". */
    static String name(ResponseAction action) {
        return action.code() + " " + action.shortName();
    }

    static List<String> actionNames() {
        return List.of(ResponseAction.values()).stream().map(TableCells::name).toList();
    }

    static String name(boolean harmful) {
        return harmful ? "harmful" : "harmless";
    }

    /** Returns how a reviewer is called in sentences. */
    static String shownName(String reviewer) {
        return reviewer.equals(RunDirectory.HUMAN) ? "people" : reviewer;
    }

    /** Returns the name as a sentence begins with it; a name of a reviewer's own stays as it is. */
    static String capitalized(String shownName) {
        return shownName.equals(shownName(RunDirectory.HUMAN)) ? "People" : shownName;
    }

    /** Returns a matrix as a table: rows by the reference, columns by the evaluator. */
    static <L> Table confusion(
            String id, String caption, String corner, ConfusionMatrix<L> matrix, Function<L, String> name) {
        List<String> columns = new ArrayList<>(List.of(corner));
        matrix.labels().forEach(label -> columns.add(name.apply(label)));
        Rows rows = new Rows(id, caption, columns);
        for (L gold : matrix.labels()) {
            List<Cell> counts = new ArrayList<>();
            matrix.labels().forEach(given -> counts.add(count(matrix.count(gold, given))));
            rows.add(name.apply(gold), counts);
        }
        return rows.toTable();
    }

    /** Returns a part of an id for each name, each another: lower-case letters and digits joined by dashes. */
    static Map<String, String> slugs(Collection<String> names) {
        Map<String, String> slugs = new LinkedHashMap<>();
        for (String name : names) {
            String slug =
                    name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
            String unique = slug.isEmpty() ? "x" : slug;
            for (int i = 2; slugs.containsValue(unique); i++) {
                unique = (slug.isEmpty() ? "x" : slug) + "-" + i;
            }
            slugs.put(name, unique);
        }
        return slugs;
    }

    /** Collects the rows of a table. Not thread-safe. */
    static final class Rows {
        private final String id;
        private final String caption;
        private final List<String> columns;
        private final List<List<Cell>> rows = new ArrayList<>();

        Rows(String id, String caption, List<String> columns) {
            this.id = id;
            this.caption = caption;
            this.columns = columns;
        }

        Rows(String id, String caption, String... columns) {
            this(id, caption, List.of(columns));
        }

        void add(String name, List<? extends Cell> cells) {
            List<Cell> row = new ArrayList<>(List.of(text(name)));
            row.addAll(cells);
            rows.add(row);
        }

        void add(String name, Cell... cells) {
            add(name, List.of(cells));
        }

        Table toTable() {
            return new Table(id, caption, columns, rows);
        }
    }

    /** Returns the first column's title and then those of others. */
    static List<String> columns(String first, List<String> others) {
        List<String> columns = new ArrayList<>(List.of(first));
        columns.addAll(others);
        return columns;
    }
}
