package org.donotanswer.harness.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.donotanswer.harness.report.Report.Cell;
import org.donotanswer.harness.report.Report.Chart;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Text;

/** The charts of a report as JSON for the scripts of its page: numbers to draw, and the same numbers as they are shown. */
final class ChartJson {
    private static final JsonMapper MAPPER = mapper();

    private ChartJson() {}

    private static JsonMapper mapper() {
        JsonMapper mapper =
                JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
        mapper.getFactory().setCharacterEscapes(new InElement());
        return mapper;
    }

    /** Returns JSON that can stand in an element of a page as it is: it is ASCII, without {@code <}, {@code >} and {@code &}. */
    static String of(Report report) {
        ArrayNode charts = JsonNodeFactory.instance.arrayNode();
        report.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(Chart.class::isInstance)
                .map(Chart.class::cast)
                .forEach(chart -> charts.add(chart(chart)));
        try {
            return MAPPER.writeValueAsString(charts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("tree must be writable as JSON", e);
        }
    }

    private static ObjectNode chart(Chart chart) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("id", chart.chartId());
        node.put("kind", chart.kind().name());
        node.put("axis", VisibleText.onOneLine(chart.axis()));
        putNumber(node, "minimum", chart.minimum());
        putNumber(node, "maximum", chart.maximum());
        ArrayNode columns = node.putArray("columns");
        chart.data().columns().forEach(column -> columns.add(VisibleText.onOneLine(column)));
        ArrayNode rows = node.putArray("rows");
        for (List<Cell> row : chart.data().rows()) {
            ArrayNode cells = rows.addArray();
            row.forEach(cell -> cells.add(cell(cell)));
        }
        return node;
    }

    private static ObjectNode cell(Cell cell) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        if (cell instanceof Figure figure) {
            putNumber(node, "value", figure.value());
            figure.interval().ifPresent(interval -> {
                putNumber(node, "lower", interval.lower());
                putNumber(node, "upper", interval.upper());
            });
            node.put("shown", FigureText.value(figure));
            node.put("text", FigureText.of(figure));
        } else if (cell instanceof Text text) {
            node.put("text", VisibleText.onOneLine(text.text()));
        }
        return node;
    }

    private static void putNumber(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    /** Escapes what an HTML parser would look at. */
    private static final class InElement extends CharacterEscapes {
        private static final long serialVersionUID = 1L;

        @Override
        public int[] getEscapeCodesForAscii() {
            int[] codes = standardAsciiEscapesForJSON();
            codes['<'] = ESCAPE_STANDARD;
            codes['>'] = ESCAPE_STANDARD;
            codes['&'] = ESCAPE_STANDARD;
            return codes;
        }

        @Override
        public SerializableString getEscapeSequence(int c) {
            return new SerializedString(String.format("\\u%04x", c));
        }
    }
}
