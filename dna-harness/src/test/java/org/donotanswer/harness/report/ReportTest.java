package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Table;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void refusesRepeatedIds() {
        Table table = SampleReport.table("only", Figure.count(1));

        assertThatThrownBy(() -> SampleReport.of(table))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("id must be unique, but was repeated: only");
    }

    @Test
    void tableOfAChart_mayRepeatATable_butNotOnlyItsId() {
        Table table = SampleReport.table("same", Figure.of(Double.NaN, 1));
        Table other = SampleReport.table("same", Figure.count(2));

        assertThat(SampleReport.of(table, chart("chart", table)).tables()).containsExactly(table);
        assertThatThrownBy(() -> SampleReport.of(table, chart("chart", other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("tables of one id must be equal, but differed (table same)");
    }

    @Test
    void refusesChartIdsThatAreNotWords() {
        assertThatThrownBy(() -> SampleReport.of(chart("a b", SampleReport.table("t", Figure.count(1)))))
                .hasMessage("id must be lower-case words joined by dashes, but was 'a b'");
    }

    @Test
    void refusesDecimalsBelowZero() {
        assertThatThrownBy(() -> Figure.of(1, -1)).hasMessage("decimals must be at least 0, but was -1");
    }

    @Test
    void refusesRowsOfTheWrongLength() {
        assertThatThrownBy(() -> new TableBuilder("t", "Caption.", "a", "b")
                        .add("only a name")
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row must have 2 cells, but had 1 (table t)");
    }

    private static Chart chart(String id, Table table) {
        return new Chart(id, "Caption.", Chart.Kind.BARS, "axis", Double.NaN, Double.NaN, table);
    }
}
