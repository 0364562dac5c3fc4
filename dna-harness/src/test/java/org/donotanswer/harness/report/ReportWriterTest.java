package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.report.Report.Figure;
import org.donotanswer.harness.report.Report.Paragraph;
import org.donotanswer.harness.report.Report.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {
    @TempDir
    private Path directory;

    @Test
    void writesAllFormats_inADirectoryThatItCreates() throws IOException {
        Path made = directory.resolve("a/b");

        ReportWriter.write(SampleReport.of(SampleReport.table("one", Figure.count(3))), made);

        assertThat(files(made))
                .containsExactly("index.html", "report.json", "report.md", "tables/one.csv", "tables/one.tex");
    }

    private void refuses(Report report, boolean isReplacing, String message) {
        assertThatThrownBy(() -> {
                    if (isReplacing) {
                        ReportWriter.replace(report, directory);
                    } else {
                        ReportWriter.write(report, directory);
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessage(message);
    }

    private static Report report(String text) {
        return SampleReport.of(new Paragraph(text));
    }

    @Test
    void write_directoryWithFiles_isRefused() throws IOException {
        Files.writeString(directory.resolve("mine.txt"), "mine");

        refuses(report("x"), false, "directory of the report must be new or empty, but held files (" + directory + ")");
        assertThat(files(directory)).containsExactly("mine.txt");

        ReportWriter.replace(report("x"), directory);
        assertThat(files(directory)).containsExactly("index.html", "mine.txt", "report.json", "report.md");
        assertThat(directory.resolve("mine.txt")).hasContent("mine");
    }

    @Test
    void write_otherReport_isOnlyReplacedIfAsked() throws IOException {
        ReportWriter.write(report("old text"), directory);

        refuses(
                report("new text"),
                false,
                "directory of the report must not hold another report, but did (" + directory + ")");
        assertThat(directory.resolve("index.html")).content().contains("old text");

        ReportWriter.replace(report("new text"), directory);
        assertThat(directory.resolve("index.html"))
                .content()
                .contains("new text")
                .doesNotContain("old text");
        assertThat(files(directory)).containsExactly("index.html", "report.json", "report.md");
    }

    @Test
    void write_reportThatAKilledProcessBegan_isFinished() throws IOException {
        ReportWriter.write(SampleReport.of(SampleReport.table("one", Figure.count(1))), directory);
        Files.delete(directory.resolve("index.html"));
        Files.delete(directory.resolve("report.md"));
        Files.writeString(directory.resolve("index.html.999999999.tmp"), "<html");
        Files.writeString(directory.resolve("report.md.999999999.tmp"), "#");

        ReportWriter.write(SampleReport.of(SampleReport.table("two", Figure.count(1))), directory);

        assertThat(files(directory))
                .containsExactly("index.html", "report.json", "report.md", "tables/two.csv", "tables/two.tex");
    }

    @Test
    void replace_pageThatIsNotOfAReport_isRefused() throws IOException {
        Files.writeString(directory.resolve("index.html"), "<html>mine</html>");

        refuses(
                report("x"),
                true,
                "file of the report must not replace one that is not of an earlier report, but would ("
                        + directory.resolve("index.html") + ")");
        assertThat(directory.resolve("index.html")).hasContent("<html>mine</html>");
        assertThat(files(directory)).containsExactly("index.html");
    }

    @Test
    void replace_tableOfAnother_isRefused() throws IOException {
        ReportWriter.write(report("x"), directory);
        Files.writeString(Files.createDirectories(directory.resolve("tables")).resolve("one.csv"), "mine");

        refuses(
                SampleReport.of(SampleReport.table("one", Figure.count(1))),
                true,
                "file of the report must not replace one that is not of an earlier report, but would ("
                        + directory.resolve("tables/one.csv") + ")");
        assertThat(directory.resolve("tables/one.csv")).hasContent("mine");
    }

    @Test
    void replace_deletesOnlyTablesOfTheEarlierReport() throws IOException {
        ReportWriter.write(
                SampleReport.of(SampleReport.table("one", Figure.count(1)), SampleReport.table("two", Figure.count(2))),
                directory);
        Files.writeString(directory.resolve("tables/mine.csv"), "mine");

        ReportWriter.replace(SampleReport.of(SampleReport.table("two", Figure.count(3))), directory);

        assertThat(files(directory))
                .containsExactly(
                        "index.html",
                        "report.json",
                        "report.md",
                        "tables/mine.csv",
                        "tables/two.csv",
                        "tables/two.tex");
    }

    @Test
    void replace_foreignReportJson_isRefused() throws IOException {
        Files.writeString(directory.resolve("mine.csv"), "mine");
        Files.writeString(
                directory.resolve("report.json"),
                "{\"sections\":[{\"blocks\":[{\"id\":\"../mine\",\"rows\":[]},{\"id\":\"x\"}]},3]}");

        refuses(
                report("x"),
                true,
                "file of the report must not replace one that is not of an earlier report, but would ("
                        + directory.resolve("report.json") + ")");
        assertThat(directory.resolve("mine.csv")).hasContent("mine");
    }

    @Test
    void write_fileInPlaceOfTheDirectory_isRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("out"), "mine");

        assertThatThrownBy(() -> ReportWriter.write(report("x"), file))
                .hasMessage("output must be a directory, but was a file (" + file + ")");
        assertThat(file).hasContent("mine");
    }

    @Test
    void write_whileAnotherProcessWrites_isRefused() throws IOException {
        try (Output page = Output.file(directory.resolve("index.html"))) {
            assertThatThrownBy(() -> ReportWriter.write(report("x"), directory))
                    .hasMessageStartingWith("file must be written by one process at a time, but process ");
            page.stream().flush();
        }

        assertThat(files(directory)).isEmpty();
    }

    @Test
    void refusesIdsThatAreNotFileNames() {
        for (String id : List.of("../out", "a b", "", "A", "a_b", "-a", "a--b")) {
            Table table = SampleReport.table(id, Figure.count(1));
            assertThatThrownBy(() -> SampleReport.of(table))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("id must be lower-case words joined by dashes, but was '" + id + "'");
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }
}
