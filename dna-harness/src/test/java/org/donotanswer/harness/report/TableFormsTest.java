package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.Examples;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.Test;

class TableFormsTest {
    private static final Figure PERCENTAGE = new Figure(97.64, 1, Optional.of(new Interval(95.123456789, 98.9)));
    private static final Figure UNDEFINED = Figure.of(Double.NaN, 1);

    @Test
    void csv_hasFullPrecision_columnsOfIntervals_andQuotes() throws IOException {
        Table table = new Table(
                "t",
                "Caption",
                List.of("Name", "Share", "Count"),
                List.of(
                        List.of(new Text("a \"b\", c\nd"), PERCENTAGE, Figure.count(5634)),
                        List.of(new Text(""), UNDEFINED, Figure.of(1e-9, 2))));

        assertThat(CsvTable.of(table))
                .isEqualTo("Name,Share,\"Share lower\",\"Share upper\",Count\r\n".replace("\"", "")
                        + "\"a \"\"b\"\", c\nd\",97.64,95.123456789,98.9,5634\r\n"
                        + ",NaN,,,1.0E-9\r\n");
    }

    @Test
    void csv_hasNoFormulas() throws IOException {
        Table table = new Table(
                "t", "Caption", List.of("Name", "=a"), List.of(List.of(new Text("=cmd|x"), Figure.of(-0.5, 1))));

        assertThat(CsvTable.of(table)).isEqualTo("Name,'=a\r\n'=cmd|x,-0.5\r\n");
    }

    @Test
    void latex_isATableOfBooktabs() {
        assertThat(LatexTable.of(SampleReport.table("t-1", PERCENTAGE, UNDEFINED, Figure.count(-3))))
                .isEqualTo(
                        """
                        % needs \\usepackage{booktabs} and \\usepackage[T1]{fontenc}
                        \\begin{table}[htbp]
                          \\centering
                          \\caption{Caption of t{-}1}
                          \\label{tab:t-1}
                          \\begin{tabular}{lr}
                            \\toprule
                            Name & Value \\\\
                            \\midrule
                            row 0 & 97.6 {\\footnotesize (95.1--98.9)} \\\\
                            row 1 & undefined \\\\
                            row 2 & $-$3 \\\\
                            \\bottomrule
                          \\end{tabular}
                        \\end{table}
                        """);
    }

    @Test
    void latex_escapesWhatIsSpecial() {
        assertThat(LatexTable.escape("\\{}$&#%_^~<>|\"`*"))
                .isEqualTo("\\textbackslash{}\\{\\}\\$\\&\\#\\%\\_\\textasciicircum{}\\textasciitilde{}\\textless{}"
                        + "\\textgreater{}\\textbar{}\\textquotedbl{}\\textasciigrave{}{*}");
        // Otherwise it would be an argument of the end of the row before.
        assertThat(LatexTable.escape("[1em] a--b\n\nc")).isEqualTo("{[}1em{]} a{-}{-}b  c");
    }

    @Test
    void latex_ofHostileTexts_hasBalancedBraces_andAsManyCellsAsColumns() {
        for (Table table : SampleReport.hostile().tables()) {
            String latex = LatexTable.of(table);
            String bare = latex.replaceAll("\\\\[\\\\{}&%$#_]", "");

            assertThat(count(bare, "\\{")).isEqualTo(count(bare, "\\}"));
            assertThat(count(bare, "&"))
                    .isEqualTo((table.rows().size() + 1L) * (table.columns().size() - 1));
            assertThat(count(latex, " \\\\\\\\\n")).isEqualTo(table.rows().size() + 1L);
            assertThat(count(latex, "\\\\begin\\{")).isEqualTo(2);
            assertThat(count(latex, "\\\\end\\{")).isEqualTo(2);
        }
    }

    @Test
    void markdown_escapesCells() {
        Table table =
                SampleReport.table("t", new Text("a | b\n<script>*x*</script> [l](u) `c`"), PERCENTAGE, UNDEFINED);

        assertThat(MarkdownReport.of(SampleReport.of(table)))
                .contains("*Caption of t*\n\n| Name | Value |\n| --- | ---: |\n")
                .contains("| row 0 | a \\| b &lt;script&gt;\\*x\\*&lt;/script&gt; \\[l\\](u) \\`c\\` |\n")
                .contains("| row 1 | 97.6 (95.1–98.9) |\n| row 2 | undefined |\n");
    }

    @Test
    void markdown_textsStartNoHeadingListOrCode() {
        String text = "# not a heading\n- not a list\n12. nor this\n    nor code\n=== nor a rule\n96.6 %\n.981 -1";

        assertThat(MarkdownReport.of(SampleReport.of(new Paragraph(text))))
                .contains(
                        "\\# not a heading\n\\- not a list\n12\\. nor this\nnor code\n\\=== nor a rule\n96.6 %\n.981 -1\n");
    }

    @Test
    void markdown_tablesOfHostileTexts_haveAsManyCellsAsColumns() {
        Report report = SampleReport.hostile();
        List<String> rows = MarkdownReport.of(report)
                .lines()
                .filter(line -> line.startsWith("| "))
                .toList();

        List<Integer> expected = report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .flatMap(block -> block instanceof Table table
                        ? Stream.of(table)
                        : block instanceof Report.Chart chart ? Stream.of(chart.data()) : Stream.<Table>of())
                .flatMap(table -> Collections.nCopies(
                        table.rows().size() + 2, table.columns().size())
                        .stream())
                .toList();
        assertThat(rows.stream().map(row -> (int) count(row, "(?<!\\\\)\\|") - 1))
                .isEqualTo(expected);
    }

    @Test
    void markdown_examplesCannotEndTheirFence() {
        Example example = new Example("heading <b>", List.of("note"), "```\n</details>", "a ````` b");

        assertThat(MarkdownReport.of(SampleReport.of(new Examples("Mind.", List.of(example)))))
                .contains("> Mind.\n")
                .contains("<summary>heading &lt;b&gt;</summary>")
                .contains("\n````text\n```\n</details>\n````\n")
                .contains("\n``````text\na ````` b\n``````\n");
    }

    @Test
    void json_isComplete_andMarksUndefinedFigures() throws IOException {
        Report report =
                SampleReport.of(SampleReport.table("t", PERCENTAGE, UNDEFINED, Figure.of(Double.POSITIVE_INFINITY, 0)));

        JsonNode json = new JsonMapper().readTree(JsonReport.of(report));

        JsonNode rows = json.at("/sections/0/blocks/0/rows");
        assertThat(rows.get(0).toString())
                .isEqualTo("[{\"text\":\"row 0\"},{\"value\":97.64,\"decimals\":1,"
                        + "\"interval\":{\"lower\":95.123456789,\"upper\":98.9}}]");
        assertThat(rows.get(1).get(1).toString()).isEqualTo("{\"value\":null,\"undefined\":true,\"decimals\":1}");
        assertThat(rows.get(2).get(1).get("value").asText()).isEqualTo("Infinity");
        assertThat(json.at("/sections/0/blocks/0/type").asText()).isEqualTo("table");
        assertThat(json.at("/provenance/seed").asLong()).isEqualTo(7);
    }

    @Test
    void json_keepsTextsUnchanged() throws IOException {
        JsonNode json = new JsonMapper().readTree(JsonReport.of(SampleReport.hostile()));

        assertThat(json.at("/sections/5/blocks/0/examples/0/instruction").asText())
                .isEqualTo(SampleReport.SCRIPT);
        assertThat(json.at("/sections/5/blocks/0/examples/0/notes/1").asText()).contains(SampleReport.OVERRIDE);
        assertThat(json.findValuesAsText("type")).contains("paragraph", "keyFigures", "table", "chart", "examples");
    }

    @Test
    void figures_areShownWithSignsAndSeparators() {
        assertThat(FigureText.of(Figure.count(5634))).isEqualTo("5,634");
        assertThat(FigureText.of(Figure.of(-0.04, 1))).isEqualTo("0.0");
        assertThat(FigureText.of(Figure.of(-1234.5, 1))).isEqualTo("−1,234.5");
        assertThat(FigureText.of(Figure.of(Double.NEGATIVE_INFINITY, 1))).isEqualTo("−∞");
        assertThat(FigureText.of(new Figure(Double.NaN, 1, Optional.of(new Interval(0, 1)))))
                .isEqualTo("undefined");
    }

    @Test
    void columnsWithAnyFigure_areNumeric() {
        Table table = new Table(
                "t",
                "c",
                List.of("a", "b"),
                List.of(List.<Cell>of(new Text("x"), new Text("y")), List.of(new Text("x"), PERCENTAGE)));

        assertThat(table.isOfNumbers(0)).isFalse();
        assertThat(table.isOfNumbers(1)).isTrue();
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().count();
    }
}
