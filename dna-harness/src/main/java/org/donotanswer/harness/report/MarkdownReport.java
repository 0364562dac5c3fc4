package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.donotanswer.evaluate.Provenance;
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

/** A report as GitHub-flavoured Markdown; a chart is its table. */
final class MarkdownReport {
    private static final Pattern SPECIAL = Pattern.compile("[\\\\`*_\\[\\]|~$]");
    // Starts a heading, a list, a quotation or code, or underlines a heading.
    private static final Pattern INDENT = Pattern.compile("(?m)^[ \\t]+");
    private static final Pattern AT_LINE_START = Pattern.compile("(?m)^(\\d{0,9})([-+=#]|(?<=\\d)[.)](?=\\s|$))");
    private static final Pattern BACKTICKS = Pattern.compile("`+");
    private static final int MIN_FENCE = 3;

    private final StringBuilder markdown = new StringBuilder();

    private MarkdownReport() {}

    static String of(Report report) {
        MarkdownReport writer = new MarkdownReport();
        writer.paragraph("# " + line(report.title()));
        if (!report.subtitle().isEmpty()) {
            writer.paragraph(line(report.subtitle()));
        }
        for (Section section : report.sections()) {
            writer.paragraph("## " + line(section.title()));
            section.blocks().forEach(writer::append);
        }
        writer.append(report.provenance());
        return writer.markdown.toString().stripTrailing() + "\n";
    }

    private void paragraph(String text) {
        markdown.append(text).append("\n\n");
    }

    private void append(Block block) {
        if (block instanceof Paragraph paragraph) {
            paragraph(escape(paragraph.text().strip()));
        } else if (block instanceof KeyFigures figures) {
            figures.figures().forEach(this::append);
            markdown.append('\n');
        } else if (block instanceof Table table) {
            append(table, false);
        } else if (block instanceof Chart chart) {
            paragraph("**" + line(chart.caption()) + "** (" + line(chart.axis()) + ")");
            append(chart.data(), chart.data().caption().equals(chart.caption()));
        } else if (block instanceof Examples examples) {
            paragraph("> " + line(examples.warning()));
            examples.examples().forEach(this::append);
        } else if (block instanceof Answers answers) {
            paragraph(escape(answers.count()));
        }
    }

    private void append(KeyFigure figure) {
        markdown.append("- ").append(line(figure.label())).append(": **").append(line(figure.value()));
        markdown.append("**");
        if (!figure.note().isEmpty()) {
            markdown.append(" (").append(line(figure.note())).append(')');
        }
        markdown.append('\n');
    }

    private void append(Table table, boolean captioned) {
        if (!captioned) {
            paragraph("*" + line(table.caption()) + "*");
        }
        appendRow(table.columns().stream().map(MarkdownReport::line).toList());
        List<String> rules = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            rules.add(table.isOfNumbers(c) ? "---:" : "---");
        }
        appendRow(rules);
        for (List<Cell> row : table.rows()) {
            appendRow(row.stream().map(MarkdownReport::cell).toList());
        }
        markdown.append('\n');
    }

    private void appendRow(List<String> cells) {
        markdown.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String cell(Cell cell) {
        return cell instanceof Figure figure ? FigureText.of(figure) : line(((Text) cell).text());
    }

    private void append(Example example) {
        paragraph("<details>\n<summary>" + line(example.heading()) + "</summary>");
        example.notes().forEach(note -> markdown.append("- ").append(line(note)).append('\n'));
        paragraph("\nInstruction:");
        paragraph(fenced(example.instruction()));
        paragraph("Response:");
        paragraph(fenced(example.response()));
        paragraph("</details>");
    }

    private void append(Provenance provenance) {
        paragraph("## Provenance");
        ProvenanceText.of(provenance).forEach(entry -> markdown.append("- ")
                .append(line(entry.name()))
                .append(": ")
                .append(line(entry.value()))
                .append('\n'));
    }

    /** Returns the text unchanged, in a fence that it cannot close. */
    private static String fenced(String text) {
        int longest = BACKTICKS
                .matcher(text)
                .results()
                .mapToInt(run -> run.end() - run.start())
                .max()
                .orElse(0);
        String fence = "`".repeat(Math.max(MIN_FENCE, longest + 1));
        return fence + "text\n" + VisibleText.of(text) + "\n" + fence;
    }

    /** Returns Markdown that shows the text, on one line. */
    static String line(String text) {
        return escape(VisibleText.onOneLine(text).strip());
    }

    private static String escape(String text) {
        String escaped =
                VisibleText.of(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        escaped = SPECIAL.matcher(escaped).replaceAll(match -> Matcher.quoteReplacement("\\" + match.group()));
        return AT_LINE_START.matcher(INDENT.matcher(escaped).replaceAll("")).replaceAll("$1\\\\$2");
    }
}
