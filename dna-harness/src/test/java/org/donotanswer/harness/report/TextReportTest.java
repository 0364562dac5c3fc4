package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Example;
import org.donotanswer.harness.report.Report.Examples;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private static final Figure FIGURE = new Figure(97.64, 1, Optional.of(new Interval(95.1, 98.9)));

    @Test
    void numbersAndIntervals_areAligned() {
        Table table = new TableBuilder("t", "A caption", "Name", "Share, %", "Note")
                .add("a", FIGURE, new Text("x"))
                .add("longer", Figure.of(-5634.5, 1), new Text(""))
                .add("none", Figure.of(Double.NaN, 1), new Text("y | z"))
                .build();

        assertThat(TextReport.of(SampleReport.of(table)))
                .isEqualTo(
                        """
                        Title

                        A caption
                        Name                 Share, %  Note
                        a            97.6 (95.1-98.9)  x
                        longer   -5,634.5
                        none    undefined              y | z
                        """);
    }

    @Test
    void wideTable_continuesBelow_withItsFirstColumn() {
        TableBuilder builder =
                new TableBuilder("t", "Wide", "Name", List.of("x".repeat(60), "y".repeat(30), "z".repeat(9)));
        Table table = builder.add("row", Figure.count(1), Figure.count(2), Figure.count(3))
                .build();

        List<String> lines = TextReport.of(SampleReport.of(table)).lines().toList();

        assertThat(lines).allMatch(line -> line.length() <= 100);
        assertThat(lines.subList(3, lines.size()))
                .containsExactly(
                        "Name  " + "x".repeat(60) + "  " + "y".repeat(30),
                        "row   " + " ".repeat(59) + "1  " + " ".repeat(29) + "2",
                        "",
                        "Name  zzzzzzzzz",
                        "row           3");
    }

    @Test
    void keyFigures_areAligned_andBroken() {
        KeyFigures figures = new KeyFigures(List.of(
                new KeyFigure("Safe", "96.6 %", "note"),
                new KeyFigure("Unscored", "12", "word ".repeat(20).strip())));

        assertThat(TextReport.of(SampleReport.of(figures)))
                .contains("\nSafe      96.6 % (note)\nUnscored  12 (word word", "\n          word word");
    }

    @Test
    void chart_isItsTable() {
        Chart chart = new Chart("c", "Shares", Chart.Kind.BARS, "answers, %", 0, 100, SampleReport.table("t", FIGURE));

        assertThat(TextReport.of(SampleReport.of(chart)))
                .contains("Shares (answers, %)\nName", "row 0  97.6 (95.1-98.9)\n");
    }

    @Test
    void text_isOnItsLine_andAscii() {
        Examples examples =
                new Examples("Mind.", List.of(new Example("heading", List.of("note"), "two\nlines", "\u202Eresponse")));

        assertThat(TextReport.of(SampleReport.of(new Paragraph("\u2212a \u2264 b\u2013c \u00B1 d"), examples)))
                .contains("-a <= b-c +- d\n", "Mind.\n\nheading\n- note\n  two\n  lines\n  [U+202E]response\n");
    }

    @Test
    void hostileTexts_stayWithinTheWidth() {
        assertThat(TextReport.of(SampleReport.hostile()))
                .contains("== Summary ==", "== Examples ==")
                .doesNotContain(SampleReport.OVERRIDE);
    }
}
