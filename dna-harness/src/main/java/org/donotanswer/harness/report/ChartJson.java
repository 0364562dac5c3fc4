package org.donotanswer.harness.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Optional;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Text;
import org.donotanswer.metrics.Interval;
import org.jspecify.annotations.Nullable;

/** The charts of a report as JSON for the scripts of its page: the numbers to draw, and the same numbers as text. */
final class ChartJson {
    private static final JsonMapper MAPPER = mapper();

    private ChartJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper = JsonMapper.builder()
                .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                .build();
        mapper.getFactory().setCharacterEscapes(new ElementEscapes());
        return mapper;
    }

    /** Returns JSON that is safe in an element of a page: ASCII without {@code <}, {@code >} and {@code &}. */
    static String of(Report report) {
        List<ChartData> charts = report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Chart.class::isInstance)
                .map(block -> ChartData.of((Chart) block))
                .toList();
        try {
            return MAPPER.writeValueAsString(charts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("charts must be writable as JSON", e);
        }
    }

    private record ChartData(
            String id,
            Chart.Kind kind,
            String axis,
            @Nullable Double minimum,
            @Nullable Double maximum,
            List<String> columns,
            List<List<CellData>> rows) {
        static ChartData of(Chart chart) {
            return new ChartData(
                    chart.chartId(),
                    chart.kind(),
                    VisibleText.onOneLine(chart.axis()),
                    finite(chart.minimum()),
                    finite(chart.maximum()),
                    chart.data().columns().stream().map(VisibleText::onOneLine).toList(),
                    chart.data().rows().stream()
                            .map(row -> row.stream().map(CellData::of).toList())
                            .toList());
        }
    }

    private record CellData(
            @Nullable Double value,
            @Nullable Double lower,
            @Nullable Double upper,
            @Nullable String shown,
            String text) {
        static CellData of(Cell cell) {
            if (cell instanceof Figure figure) {
                Optional<Interval> interval = figure.interval();
                return new CellData(
                        finite(figure.value()),
                        finite(interval.map(Interval::lower).orElse(Double.NaN)),
                        finite(interval.map(Interval::upper).orElse(Double.NaN)),
                        FigureText.value(figure),
                        FigureText.of(figure));
            }
            return new CellData(null, null, null, null, VisibleText.onOneLine(((Text) cell).text()));
        }
    }

    /** Returns the number; null, which is left out, if JSON lacks it. */
    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
