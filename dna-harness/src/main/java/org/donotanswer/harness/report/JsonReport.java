package org.donotanswer.harness.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
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
import org.donotanswer.metrics.Interval;

/**
 * A report as JSON, for machines: all of it, numbers at full precision. A number that is not defined is null, with
 * {@code "undefined": true} beside it.
 */
final class JsonReport {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonReport() {}

    static ObjectNode of(Report report) {
        ObjectNode json = NODES.objectNode();
        json.put("title", report.title());
        json.put("subtitle", report.subtitle());
        ArrayNode sections = json.putArray("sections");
        for (Section section : report.sections()) {
            ObjectNode node = sections.addObject();
            node.put("id", section.id());
            node.put("title", section.title());
            ArrayNode blocks = node.putArray("blocks");
            section.blocks().forEach(block -> blocks.add(block(block)));
        }
        json.set("provenance", MAPPER.valueToTree(report.provenance()));
        return json;
    }

    private static ObjectNode block(Block block) {
        ObjectNode node = NODES.objectNode();
        if (block instanceof Paragraph paragraph) {
            node.put("type", "paragraph");
            node.put("text", paragraph.text());
        } else if (block instanceof KeyFigures figures) {
            node.put("type", "keyFigures");
            ArrayNode array = node.putArray("figures");
            for (KeyFigure figure : figures.figures()) {
                array.addObject()
                        .put("label", figure.label())
                        .put("value", figure.value())
                        .put("note", figure.note());
            }
        } else if (block instanceof Table table) {
            node.put("type", "table");
            node.setAll(table(table));
        } else if (block instanceof Chart chart) {
            putChart(node, chart);
        } else if (block instanceof Examples examples) {
            node.put("type", "examples");
            node.put("warning", examples.warning());
            ArrayNode array = node.putArray("examples");
            examples.examples().forEach(example -> array.add(example(example)));
        }
        return node;
    }

    private static void putChart(ObjectNode node, Chart chart) {
        node.put("type", "chart");
        node.put("id", chart.chartId());
        node.put("caption", chart.caption());
        node.put("kind", chart.kind().name());
        node.put("axis", chart.axis());
        putNumber(node, "minimum", chart.minimum());
        putNumber(node, "maximum", chart.maximum());
        node.set("data", table(chart.data()));
    }

    private static ObjectNode table(Table table) {
        ObjectNode node = NODES.objectNode();
        node.put("id", table.tableId());
        node.put("caption", table.caption());
        ArrayNode columns = node.putArray("columns");
        table.columns().forEach(columns::add);
        ArrayNode rows = node.putArray("rows");
        for (List<Cell> row : table.rows()) {
            ArrayNode cells = rows.addArray();
            row.forEach(cell -> cells.add(cell(cell)));
        }
        return node;
    }

    private static ObjectNode cell(Cell cell) {
        ObjectNode node = NODES.objectNode();
        if (cell instanceof Figure figure) {
            putNumber(node, "value", figure.value());
            if (Double.isNaN(figure.value())) {
                node.put("undefined", true);
            }
            node.put("decimals", figure.decimals());
            figure.interval().ifPresent(interval -> node.set("interval", interval(interval)));
        } else if (cell instanceof Text text) {
            node.put("text", text.text());
        }
        return node;
    }

    private static ObjectNode interval(Interval interval) {
        ObjectNode node = NODES.objectNode();
        putNumber(node, "lower", interval.lower());
        putNumber(node, "upper", interval.upper());
        if (Double.isNaN(interval.lower())) {
            node.put("undefined", true);
        }
        return node;
    }

    private static ObjectNode example(Example example) {
        ObjectNode node = NODES.objectNode();
        node.put("heading", example.heading());
        ArrayNode notes = node.putArray("notes");
        example.notes().forEach(notes::add);
        node.put("instruction", example.instruction());
        node.put("response", example.response());
        return node;
    }

    // JSON has no NaN, and no infinity, which is put as a string.
    private static void putNumber(ObjectNode node, String name, double value) {
        if (Double.isNaN(value)) {
            node.putNull(name);
        } else if (Double.isInfinite(value)) {
            node.put(name, Double.toString(value));
        } else {
            node.put(name, value);
        }
    }
}
