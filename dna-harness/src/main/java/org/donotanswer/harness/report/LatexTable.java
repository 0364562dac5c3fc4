package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;

/** A table as LaTeX with booktabs. */
final class LatexTable {
    private static final Map<Integer, String> ESCAPES = Map.ofEntries(
            Map.entry((int) '\\', "\\textbackslash{}"),
            Map.entry((int) '{', "\\{"),
            Map.entry((int) '}', "\\}"),
            Map.entry((int) '$', "\\$"),
            Map.entry((int) '&', "\\&"),
            Map.entry((int) '#', "\\#"),
            Map.entry((int) '%', "\\%"),
            Map.entry((int) '_', "\\_"),
            Map.entry((int) '^', "\\textasciicircum{}"),
            Map.entry((int) '~', "\\textasciitilde{}"),
            Map.entry((int) '<', "\\textless{}"),
            Map.entry((int) '>', "\\textgreater{}"),
            Map.entry((int) '|', "\\textbar{}"),
            Map.entry((int) '"', "\\textquotedbl{}"),
            Map.entry((int) '`', "\\textasciigrave{}"),
            // After the end of a row, brackets or a star would be taken for its argument.
            Map.entry((int) '[', "{[}"),
            Map.entry((int) ']', "{]}"),
            Map.entry((int) '*', "{*}"),
            // Two of them would become a dash.
            Map.entry((int) '-', "{-}"),
            Map.entry((int) '\u2013', "--"),
            Map.entry((int) '\u2014', "---"),
            Map.entry((int) '\u2212', "$-$"),
            Map.entry((int) '\u2264', "$\\leq$"),
            Map.entry((int) '\u221E', "$\\infty$"));

    private LatexTable() {}

    static String of(Table table) {
        StringBuilder latex = new StringBuilder("% needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}\n");
        latex.append("\\begin{table}[htbp]\n  \\centering\n");
        latex.append("  \\caption{").append(escape(table.caption())).append("}\n");
        latex.append("  \\label{tab:").append(table.tableId()).append("}\n");
        latex.append("  \\begin{tabular}{").append(alignment(table)).append("}\n    \\toprule\n");
        appendRow(latex, table.columns().stream().map(LatexTable::escape).toList());
        latex.append("    \\midrule\n");
        for (List<Cell> row : table.rows()) {
            appendRow(latex, row.stream().map(LatexTable::cell).toList());
        }
        return latex.append("    \\bottomrule\n  \\end{tabular}\n\\end{table}\n")
                .toString();
    }

    private static void appendRow(StringBuilder latex, List<String> cells) {
        latex.append("    ").append(String.join(" & ", cells)).append(" \\\\\n");
    }

    private static String alignment(Table table) {
        List<String> columns = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            columns.add(table.isOfNumbers(c) ? "r" : "l");
        }
        return String.join("", columns);
    }

    private static String cell(Cell cell) {
        if (cell instanceof Figure figure) {
            String interval = FigureText.interval(figure);
            String value = escape(FigureText.value(figure));
            return interval.isEmpty() || Double.isNaN(figure.value())
                    ? value
                    : value + " {\\footnotesize (" + escape(interval) + ")}";
        }
        return escape(((Text) cell).text());
    }

    /** Returns LaTeX that prints the text, on one line. */
    static String escape(String text) {
        StringBuilder latex = new StringBuilder(text.length() + 16);
        VisibleText.onOneLine(text).codePoints().forEach(point -> {
            String escape = ESCAPES.get(point);
            if (escape == null) {
                latex.appendCodePoint(point);
            } else {
                latex.append(escape);
            }
        });
        return latex.toString();
    }
}
