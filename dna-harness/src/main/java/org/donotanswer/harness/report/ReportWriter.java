package org.donotanswer.harness.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.report.Report.Table;

/**
 * Writes a report: {@code index.html}, a page that needs no network; {@code report.md}, the same as Markdown;
 * {@code report.json}, all of it for machines; and each table, including those of charts, as {@code tables/ID.csv} and
 * {@code tables/ID.tex}. Stateless, hence thread-safe.
 */
public final class ReportWriter {
    private static final JsonMapper MAPPER = new JsonMapper();

    private ReportWriter() {}

    /**
     * Writes a report. Each file is created or replaced only when it is complete. Tables of an earlier report that this one
     * lacks are deleted; other files are left alone.
     *
     * @param directory created if it does not exist
     * @throws IOException if it cannot be written
     */
    public static void write(Report report, Path directory) throws IOException {
        Path tables = directory.resolve("tables");
        Files.createDirectories(tables);
        Set<String> stale = tableIds(directory.resolve("report.json"));
        for (Table table : report.tables()) {
            write(tables.resolve(table.tableId() + ".csv"), CsvTable.of(table));
            write(tables.resolve(table.tableId() + ".tex"), LatexTable.of(table));
            stale.remove(table.tableId());
        }
        write(directory.resolve("report.json"), JsonReport.of(report));
        write(directory.resolve("report.md"), MarkdownReport.of(report));
        // Last, so that a page exists only for a complete report.
        write(directory.resolve("index.html"), HtmlReport.of(report));
        for (String id : stale) {
            Files.deleteIfExists(tables.resolve(id + ".csv"));
            Files.deleteIfExists(tables.resolve(id + ".tex"));
        }
    }

    /** Returns a report as plain text for a terminal of 100 columns, without its provenance. */
    public static String toText(Report report) {
        return TextReport.of(report);
    }

    /** Returns a report as Markdown. */
    public static String toMarkdown(Report report) {
        return MarkdownReport.of(report);
    }

    /** Returns the ids of the tables of an earlier report; none if there is none, or it is not one of ours. */
    private static Set<String> tableIds(Path file) throws IOException {
        Set<String> ids = new TreeSet<>();
        if (!Files.isRegularFile(file)) {
            return ids;
        }
        JsonNode report;
        try {
            report = MAPPER.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            return ids;
        }
        for (JsonNode section : report.path("sections")) {
            for (JsonNode block : section.path("blocks")) {
                JsonNode table = block.has("data") ? block.path("data") : block;
                String id = table.path("id").asText();
                // Deletes no file with any other name.
                if (table.has("rows") && Report.isId(id)) {
                    ids.add(id);
                }
            }
        }
        return ids;
    }

    private static void write(Path file, String content) throws IOException {
        try (Output output = Output.file(file)) {
            output.stream().write(content.getBytes(StandardCharsets.UTF_8));
            output.commit();
        }
    }
}
