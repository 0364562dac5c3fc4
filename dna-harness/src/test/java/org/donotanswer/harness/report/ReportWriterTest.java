package org.donotanswer.harness.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void replacesItsFiles_leavesOthers() throws IOException {
        Files.writeString(directory.resolve("index.html"), "old");
        Files.writeString(directory.resolve("mine.txt"), "mine");

        ReportWriter.write(SampleReport.of(new Paragraph("new text")), directory);

        assertThat(directory.resolve("index.html"))
                .content()
                .contains("new text")
                .doesNotContain("old</");
        assertThat(directory.resolve("mine.txt")).hasContent("mine");
        assertThat(files(directory)).containsExactly("index.html", "mine.txt", "report.json", "report.md");
    }

    @Test
    void deletesOnlyTablesOfTheEarlierReport() throws IOException {
        ReportWriter.write(
                SampleReport.of(SampleReport.table("one", Figure.count(1)), SampleReport.table("two", Figure.count(2))),
                directory);
        Files.writeString(directory.resolve("tables/mine.csv"), "mine");

        ReportWriter.write(SampleReport.of(SampleReport.table("two", Figure.count(3))), directory);

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
    void deletesNothingThatAForeignReportNames() throws IOException {
        Files.writeString(directory.resolve("mine.csv"), "mine");
        Files.writeString(
                directory.resolve("report.json"),
                "{\"sections\":[{\"blocks\":[{\"id\":\"../mine\",\"rows\":[]},{\"id\":\"x\"}]},3]}");

        ReportWriter.write(SampleReport.of(new Paragraph("text")), directory);

        assertThat(directory.resolve("mine.csv")).hasContent("mine");
    }

    @Test
    void failsIfADirectoryHasTheNameOfAFile() throws IOException {
        Files.createDirectory(directory.resolve("report.md"));

        assertThatThrownBy(() -> ReportWriter.write(SampleReport.of(new Paragraph("text")), directory))
                .isInstanceOf(IOException.class)
                .hasMessage("output must be a file, but was a directory (" + directory.resolve("report.md") + ")");
        assertThat(directory.resolve("index.html")).doesNotExist();
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
