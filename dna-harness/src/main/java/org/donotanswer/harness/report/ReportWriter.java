package org.donotanswer.harness.report;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
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
    private ReportWriter() {}

    /**
     * Writes a report to a new or empty directory, or to one in which a killed process began one.
     *
     * @param directory created if it does not exist
     * @throws IOException if it cannot be written, or holds files
     */
    public static void write(Report report, Path directory) throws IOException {
        write(report, directory, false);
    }

    /**
     * Writes a report; the files of an earlier one in the directory are replaced or deleted. Other files are left alone.
     *
     * @param directory created if it does not exist
     * @throws IOException if it cannot be written, or a file that is not of an earlier report would be replaced
     */
    public static void replace(Report report, Path directory) throws IOException {
        write(report, directory, true);
    }

    /**
     * Checks whether a report may be written to a directory, as {@link #write} and {@link #replace} do before they write.
     *
     * @param isReplacing whether an earlier report may be replaced
     * @throws IOException if it must not be
     */
    public static void requireWritable(Path directory, boolean isReplacing) throws IOException {
        ReportDirectory.read(directory).requireWritable(Set.of(), isReplacing);
    }

    private static void write(Report report, Path directory, boolean isReplacing) throws IOException {
        ReportDirectory.read(directory).requireWritable(Set.of(), isReplacing);
        Files.createDirectories(directory);
        // Open all the time, so that no other process writes a report here.
        try (Output page = Output.replacing(directory.resolve(ReportDirectory.PAGE))) {
            ReportDirectory earlier = ReportDirectory.read(directory);
            Set<String> files = new TreeSet<>();
            for (Table table : report.tables()) {
                files.add(ReportDirectory.csv(table.tableId()));
                files.add(ReportDirectory.latex(table.tableId()));
            }
            earlier.requireWritable(files, isReplacing);
            for (String name : earlier.tables()) {
                if (!files.contains(name)) {
                    Files.deleteIfExists(directory.resolve(name));
                }
            }
            // First, as it tells which files of the directory are those of the report.
            write(directory.resolve(ReportDirectory.JSON), JsonReport.of(report));
            Files.createDirectories(directory.resolve(ReportDirectory.TABLES));
            for (Table table : report.tables()) {
                write(directory.resolve(ReportDirectory.csv(table.tableId())), CsvTable.of(table));
                write(directory.resolve(ReportDirectory.latex(table.tableId())), LatexTable.of(table));
            }
            write(directory.resolve(ReportDirectory.MARKDOWN), MarkdownReport.of(report));
            // Last, so that a page exists only for a complete report.
            Writer html = new OutputStreamWriter(page.stream(), StandardCharsets.UTF_8);
            HtmlReport.write(report, html);
            html.flush();
            page.commit();
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

    private static void write(Path file, String content) throws IOException {
        try (Output output = Output.replacing(file)) {
            output.stream().write(content.getBytes(StandardCharsets.UTF_8));
            output.commit();
        }
    }
}
