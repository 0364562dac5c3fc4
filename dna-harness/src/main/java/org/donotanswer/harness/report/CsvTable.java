package org.donotanswer.harness.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.donotanswer.dataset.csv.CsvWriter;
import org.donotanswer.dataset.csv.FormulaEscaping;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;

/**
 * A table as CSV, for machines: numbers at full precision, {@code NaN} if undefined, and two more columns for each column of
 * numbers with intervals. An apostrophe precedes text that a spreadsheet would take for a formula.
 */
final class CsvTable {
    private CsvTable() {}

    static String of(Table table) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvWriter csv = CsvWriter.verbatim(out, header(table));
        for (List<Cell> row : table.rows()) {
            List<String> line = new ArrayList<>();
            for (int c = 0; c < row.size(); c++) {
                add(line, row.get(c), hasIntervals(table, c));
            }
            csv.write(line);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> header(Table table) {
        List<String> header = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            String title = table.columns().get(c);
            header.add(FormulaEscaping.escape(title));
            if (hasIntervals(table, c)) {
                header.add(title + " lower");
                header.add(title + " upper");
            }
        }
        return header;
    }

    private static boolean hasIntervals(Table table, int column) {
        return table.rows().stream()
                .anyMatch(row -> row.get(column) instanceof Figure figure
                        && figure.interval().isPresent());
    }

    private static void add(List<String> line, Cell cell, boolean intervals) {
        Optional<Interval> interval = Optional.empty();
        if (cell instanceof Figure figure) {
            line.add(number(figure.value()));
            interval = figure.interval();
        } else {
            line.add(FormulaEscaping.escape(((Text) cell).text()));
        }
        if (intervals) {
            line.add(interval.map(ends -> number(ends.lower())).orElse(""));
            line.add(interval.map(ends -> number(ends.upper())).orElse(""));
        }
    }

    private static String number(double value) {
        boolean isInteger = value == Math.rint(value) && Math.abs(value) < 1L << 53;
        return isInteger ? Long.toString((long) value) : Double.toString(value);
    }
}
