package org.donotanswer.harness.report;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.List;
import org.donotanswer.harness.report.Report.Answers;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.Examples;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;

/**
 * A report as plain text for a terminal. A chart is its table; a table that is too wide continues below with its remaining
 * columns. The provenance is left to the other formats.
 */
final class TextReport {
    private static final int MAX_WIDTH = 100;
    private static final String GAP = "  ";
    private static final Splitter WORDS = Splitter.on(' ').omitEmptyStrings();

    private final StringBuilder text = new StringBuilder();

    private TextReport() {}

    static String of(Report report) {
        TextReport writer = new TextReport();
        writer.paragraph(report.title());
        if (!report.subtitle().isEmpty()) {
            writer.paragraph(report.subtitle());
        }
        for (Section section : report.sections()) {
            if (report.sections().size() > 1) {
                writer.paragraph("== " + section.title() + " ==");
            }
            section.blocks().forEach(writer::append);
        }
        return writer.text.toString().stripTrailing() + "\n";
    }

    private void append(Block block) {
        if (block instanceof Paragraph paragraph) {
            paragraph(paragraph.text());
        } else if (block instanceof KeyFigures figures) {
            append(figures);
        } else if (block instanceof Table table) {
            line(table.caption());
            append(table);
        } else if (block instanceof Chart chart) {
            line(chart.caption() + " (" + chart.axis() + ")");
            append(chart.data());
        } else if (block instanceof Examples examples) {
            paragraph(examples.warning());
            examples.examples().forEach(this::append);
        } else if (block instanceof Answers answers) {
            paragraph(answers.count());
        }
    }

    private void append(KeyFigures figures) {
        int width = figures.figures().stream()
                .mapToInt(figure -> ascii(figure.label()).length())
                .max()
                .orElse(0);
        for (KeyFigure figure : figures.figures()) {
            String note = figure.note().isEmpty() ? "" : " (" + figure.note() + ")";
            wrap(left(ascii(figure.label()), width) + GAP, ascii(figure.value() + note));
        }
        text.append('\n');
    }

    private void append(Example example) {
        line(example.heading());
        example.notes().forEach(note -> line("- " + note));
        for (String part : List.of(example.instruction(), example.response())) {
            text.append(VisibleText.of(part).indent(2));
        }
        text.append('\n');
    }

    private void append(Table table) {
        List<List<String>> columns = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            columns.add(column(table, c));
        }
        int from = 1;
        do {
            int width = width(columns.get(0));
            int to = from;
            while (to < columns.size() && (to == from || width + GAP.length() + width(columns.get(to)) <= MAX_WIDTH)) {
                width += GAP.length() + width(columns.get(to++));
            }
            for (int row = 0; row <= table.rows().size(); row++) {
                StringBuilder line = new StringBuilder(columns.get(0).get(row));
                for (List<String> column : columns.subList(from, to)) {
                    line.append(GAP).append(column.get(row));
                }
                text.append(line.toString().stripTrailing()).append('\n');
            }
            text.append('\n');
            from = to;
        } while (from < columns.size());
    }

    private static int width(List<String> column) {
        return column.get(0).length();
    }

    /** Returns the title and the cells of a column, all of the same width, with numbers and their intervals aligned. */
    private static List<String> column(Table table, int column) {
        boolean numbers = table.isOfNumbers(column);
        List<Cell> cells = table.rows().stream().map(row -> row.get(column)).toList();
        int valueWidth =
                cells.stream().mapToInt(cell -> value(cell).length()).max().orElse(0);
        int intervalWidth =
                cells.stream().mapToInt(cell -> interval(cell).length()).max().orElse(0);
        String title = ascii(table.columns().get(column));
        int width = Math.max(title.length(), valueWidth + intervalWidth);
        List<String> lines = new ArrayList<>(List.of(numbers ? right(title, width) : left(title, width)));
        for (Cell cell : cells) {
            lines.add(
                    numbers
                            ? right(right(value(cell), valueWidth) + left(interval(cell), intervalWidth), width)
                            : left(value(cell), width));
        }
        return lines;
    }

    private static String value(Cell cell) {
        return ascii(cell instanceof Figure figure ? FigureText.value(figure) : ((Text) cell).text());
    }

    private static String interval(Cell cell) {
        if (!(cell instanceof Figure figure) || Double.isNaN(figure.value())) {
            return "";
        }
        String interval = FigureText.interval(figure);
        return interval.isEmpty() ? "" : " (" + ascii(interval) + ")";
    }

    private static String left(String text, int width) {
        return text + " ".repeat(width - text.length());
    }

    private static String right(String text, int width) {
        return " ".repeat(width - text.length()) + text;
    }

    private void paragraph(String paragraph) {
        line(paragraph);
        text.append('\n');
    }

    private void line(String line) {
        wrap("", ascii(line));
    }

    /** Appends words, broken into lines that start below each other. */
    private void wrap(String start, String words) {
        StringBuilder line = new StringBuilder(start);
        boolean first = true;
        for (String word : WORDS.split(words.strip())) {
            if (!first && line.length() + 1 + word.length() > MAX_WIDTH) {
                text.append(line.toString().stripTrailing()).append('\n');
                line = new StringBuilder(" ".repeat(start.length()));
                first = true;
            }
            line.append(first ? "" : " ").append(word);
            first = false;
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    /** Returns the text on one line, with ASCII for the typographic signs that a terminal may lack. */
    private static String ascii(String text) {
        return VisibleText.onOneLine(text)
                .replace(FigureText.EN_DASH, "-")
                .replace(FigureText.MINUS, "-")
                .replace("±", "+-")
                .replace("≤", "<=")
                .replace("∞", "infinite");
    }
}
