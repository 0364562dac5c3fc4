package org.donotanswer.harness.report;

import java.util.ArrayList;
import java.util.List;
import org.donotanswer.harness.report.Report.Answers;
import org.donotanswer.harness.report.Report.Block;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Section;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;

/**
 * The data that the template of the HTML report renders. Immutable, hence thread-safe.
 *
 * @param sections the sections of the report
 * @param provenance where the figures come from
 */
record HtmlModel(
        String title, String subtitle, List<PageSection> sections, List<ProvenanceText.ProvenanceLine> provenance) {
    private static final int MIN_WIDE_COLUMNS = 8;
    private static final int MIN_WIDEST_COLUMNS = 12;
    private static final int MIN_FOLDABLE_COLUMNS = 6;
    private static final int MAX_SHOWN_ROWS = 24;
    private static final int MAX_SHORT_TITLE_CHARS = 12;

    record PageSection(String id, String title, List<PageBlock> blocks) {}

    /**
     * One element of a section.
     *
     * @param kind the name of its type, for example {@code Paragraph}
     * @param value the block, of that type
     * @param table the table itself, or the data of a chart; without columns for other blocks
     * @param note more about it, in a sentence; may be empty
     */
    record PageBlock(String kind, Block value, PageTable table, String note) {}

    /**
     * A table.
     *
     * @param named whether to show the caption: not if the chart above the table has the same one
     * @param style CSS classes by width: empty, {@code wide}, or {@code wide widest} (column titles are turned upright)
     * @param folded whether the table is so large that it is folded away until opened
     * @param foldable whether it is so wide that it is folded away on a narrow screen
     */
    record PageTable(
            String id,
            String caption,
            boolean named,
            String style,
            boolean folded,
            boolean foldable,
            List<PageColumn> columns,
            List<List<PageCell>> rows) {}

    record PageColumn(String title, boolean number) {}

    /**
     * A cell of a table.
     *
     * @param interval empty if there is none
     */
    record PageCell(String text, String interval, boolean number, boolean undefined) {}

    static HtmlModel of(Report report) {
        return new HtmlModel(
                report.title(),
                report.subtitle(),
                report.sections().stream().map(HtmlModel::section).toList(),
                ProvenanceText.of(report.provenance()));
    }

    private static PageSection section(Section section) {
        return new PageSection(
                section.id(),
                section.title(),
                section.blocks().stream().map(HtmlModel::block).toList());
    }

    private static PageBlock block(Block block) {
        PageTable table = new PageTable("", "", true, "", false, false, List.of(), List.of());
        if (block instanceof Table own) {
            // The summary of a folded table shows its caption.
            table = table(own, !isFolded(own) && !isFoldable(own));
        } else if (block instanceof Chart chart) {
            table = table(chart.data(), !chart.data().caption().equals(chart.caption()));
        }
        String note = block instanceof Answers answers ? answers.count() : "";
        return new PageBlock(block.getClass().getSimpleName(), block, table, note);
    }

    private static PageTable table(Table table, boolean named) {
        List<PageColumn> columns = new ArrayList<>();
        for (int c = 0; c < table.columns().size(); c++) {
            columns.add(new PageColumn(table.columns().get(c), table.isOfNumbers(c)));
        }
        List<List<PageCell>> rows = table.rows().stream()
                .map(row -> row.stream().map(HtmlModel::cell).toList())
                .toList();
        return new PageTable(
                table.tableId(),
                table.caption(),
                named,
                style(table),
                isFolded(table),
                isFoldable(table),
                columns,
                rows);
    }

    private static boolean isFolded(Table table) {
        return table.rows().size() > MAX_SHOWN_ROWS;
    }

    private static boolean isFoldable(Table table) {
        return table.columns().size() >= MIN_FOLDABLE_COLUMNS;
    }

    private static String style(Table table) {
        boolean longTitles = table.columns().stream().skip(1).anyMatch(title -> title.length() > MAX_SHORT_TITLE_CHARS);
        if (table.columns().size() >= MIN_WIDEST_COLUMNS && longTitles) {
            return "wide widest";
        }
        return table.columns().size() >= MIN_WIDE_COLUMNS ? "wide" : "";
    }

    private static PageCell cell(Cell cell) {
        if (cell instanceof Figure figure) {
            boolean undefined = Double.isNaN(figure.value());
            return new PageCell(
                    FigureText.value(figure), undefined ? "" : FigureText.interval(figure), true, undefined);
        }
        return new PageCell(((Text) cell).text(), "", false, false);
    }
}
