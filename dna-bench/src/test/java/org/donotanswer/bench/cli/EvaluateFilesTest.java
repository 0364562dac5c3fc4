package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.donotanswer.harness.io.FileCompression;
import org.donotanswer.harness.table.ParquetOutput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of all formats, several at a time. */
class EvaluateFilesTest {
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String SCHEMA = "message chats { optional binary id (STRING); optional binary prompt (STRING);"
            + " optional binary answer (STRING); optional int32 length; }";

    @TempDir
    private Path directory;

    private Path logs;

    @BeforeEach
    void createDirectory() throws IOException {
        logs = Files.createDirectories(directory.resolve("logs"));
    }

    private static String line(String id, String response) {
        return "{\"id\":\"" + id + "\",\"prompt\":\"A risk?\",\"answer\":\"" + response + "\"}\n";
    }

    private Path write(String name, String text) throws IOException {
        Path file = logs.resolve(name);
        Files.createDirectories(file.getParent());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (name.endsWith(".parquet")) {
            ParquetOutput.write(new ByteArrayInputStream(bytes), file, SCHEMA);
            return file;
        }
        return Files.write(file, FileCompression.ofName(name).compress(bytes));
    }

    private static Run evaluate(Object... args) {
        return Run.of(Stream.concat(Stream.of("evaluate"), Arrays.stream(args)).toArray());
    }

    private static List<String> values(String lines, String member) {
        return lines.lines()
                .map(line -> {
                    try {
                        return MAPPER.readTree(line).path(member).asText();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    @Test
    void directory_readsAllFormatsByPath() throws IOException {
        write("b.jsonl.gz", line("3", "fine"));
        write("a.jsonl", line("1", "harm") + line("2", "fine"));
        write("sub/c.csv.zst", "id,prompt,answer\n4,A risk?,harm\n");
        write("sub/d.json", "[" + line("5", "fine") + "]");
        write("e.parquet", line("6", "fine"));
        write(".hidden/f.jsonl", line("7", "fine"));
        write("_SUCCESS", "");
        write("notes.md", "# Notes");

        Run run = evaluate("--input", logs);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err()).isEqualTo("files that were passed over, as their names are not those of records: 1\n");
        assertThat(values(run.out(), "id")).containsExactly("1", "2", "3", "6", "4", "5");
        assertThat(values(run.out(), "harmful")).containsExactly("0.9", "0.1", "0.1", "0.1", "0.9", "0.1");
        assertThat(values(run.out(), "file")).startsWith(logs + "/a.jsonl").endsWith(logs + "/sub/d.json");
    }

    @Test
    void severalInputsAndPatterns_keepTheirOrderAndAreReadOnce() throws IOException {
        Path first = write("z.jsonl", line("1", "fine"));
        write("day-1/a.jsonl", line("2", "fine"));
        write("day-2/b.jsonl.gz", line("3", "fine"));
        write("day-2/c.csv", "id,prompt,answer\n4,A risk?,harm\n");

        Run run =
                evaluate("--input", first, "--input", logs + "/**.{jsonl,jsonl.gz}", "--input", logs + "/day-?/*.csv");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(values(run.out(), "id")).containsExactly("1", "2", "3", "4");
    }

    @Test
    void oneFile_saysNoFile() throws IOException {
        Run run = evaluate("--input", write("a.jsonl", line("1", "fine")));

        assertThat(run.out()).doesNotContain("\"file\"");
    }

    @Test
    void sameId_countsAsRepeatedInOneFileOnly() throws IOException {
        write("a.jsonl", line("1", "fine") + line("1", "fine"));
        write("b.jsonl", line("1", "fine"));

        assertThat(evaluate("--input", logs).err()).isEqualTo("1 of 3 items repeat the id of an earlier one\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"})
    void output_isTheSameWhateverTheThreads(String name) throws IOException {
        for (int file = 0; file < 3; file++) {
            int first = file;
            write(
                    file + ".jsonl",
                    String.join(
                            "",
                            IntStream.range(0, 150)
                                    .mapToObj(i -> line(first + "-" + i, i % 7 == 0 ? "harm " + i : "fine"))
                                    .toList()));
        }
        Path one = directory.resolve("one-" + name);
        Path four = directory.resolve("four-" + name);

        Run run = evaluate("--input", logs, "--output", one, "--threads", "1");

        assertThat(run).isEqualTo(new Run(0, "", "450 exchanges of 3 files: 450 scored (66 harmful), 0 unscored\n"));
        assertThat(evaluate("--input", logs, "--output", four, "--threads", "4").exitCode())
                .isZero();
        assertThat(four).hasSameBinaryContentAs(one);
        Run again = evaluate("--input", one, "--column", "response=action", "--column", "instruction=");
        assertThat(again.exitCode()).as(again.err()).isZero();
        assertThat(values(again.out(), "id"))
                .hasSize(450)
                .startsWith("0-0", "0-1")
                .endsWith("2-149");
        assertThat(directory.toFile().list()).hasSize(3);
    }

    @Test
    void outputDirectory_hasOneFileForEach() throws IOException {
        write("a.jsonl", line("1", "fine"));
        write("sub/b.jsonl.gz", line("2", "fine"));
        write("sub/c.csv.gz", "id,prompt,answer\n4,A risk?,harm\n");
        write("d.parquet", line("5", "fine"));
        Path out = directory.resolve("out");

        Run run = evaluate("--input", logs, "--output", out + "/");

        assertThat(run.err()).isEqualTo("4 exchanges of 4 files: 4 scored (1 harmful), 0 unscored\n");
        try (Stream<Path> files = Files.walk(out)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> out.relativize(file).toString()))
                    .containsExactlyInAnyOrder("a.jsonl", "sub/b.jsonl.gz", "sub/c.csv.gz.jsonl", "d.parquet");
        }
        assertThat(values(Files.readString(out.resolve("sub/c.csv.gz.jsonl")), "id"))
                .containsExactly("4");
        assertThat(Files.readString(out.resolve("a.jsonl"))).doesNotContain("\"file\"");
        Run again = evaluate("--input", logs, "--output", out);
        assertThat(again.exitCode()).isEqualTo(2);
        assertThat(again.err()).startsWith("dna evaluate: output must not exist, but did (" + out.toRealPath());
        assertThat(evaluate("--input", logs, "--output", out, "--overwrite").exitCode())
                .isZero();
    }

    @Test
    void parquet_nulls_areUnknownInstructionsAndUnscoredResponses() throws IOException {
        Path file = write("a.parquet", "{\"id\":\"1\",\"answer\":\"harm\"}\n{\"id\":\"2\",\"prompt\":\"A risk?\"}\n");

        Run run = evaluate("--input", file);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(values(run.out(), "status")).containsExactly("SCORED", "UNSCORED");
        JsonNode second = MAPPER.readTree(run.out().lines().skip(1).findFirst().orElseThrow());
        assertThat(second.path("reason").asText()).isEqualTo("INVALID_INPUT");
        assertThat(second.path("detail").asText())
                .isEqualTo("response must be a string, but was null (row 2, column answer)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "|response must have a known name or be named by --column response=NAME, but was missing among id, prompt, length",
                "response=length|response must be a column of strings, but was of INT32"
            })
    void parquet_columnMissingOrOfAnotherType_isNamed(String column, String problem) throws IOException {
        Path file = logs.resolve("a.parquet");
        String schema = column == null ? SCHEMA.replace("optional binary answer (STRING);", "") : SCHEMA;
        ParquetOutput.write(
                new ByteArrayInputStream("{\"id\":\"1\"}\n".getBytes(StandardCharsets.UTF_8)), file, schema);

        Run run = column == null ? evaluate("--input", file) : evaluate("--input", file, "--column", column);

        assertThat(run)
                .isEqualTo(new Run(1, "", "dna evaluate: " + problem + " (" + file + ", schema, column response)\n"));
    }

    @Test
    void damagedFiles_areNamedWithThePlace() throws IOException {
        byte[] gzip = Files.readAllBytes(write("a.jsonl.gz", line("1", "fine").repeat(20)));
        byte[] zstd = Files.readAllBytes(write("a.jsonl.zst", line("1", "fine").repeat(20)));
        int length = 20 * line("1", "fine").length();
        byte[] flipped = gzip.clone();
        flipped[gzip.length - 6] ^= 1;
        Path file = directory.resolve("in.jsonl");
        Path parquet = Files.writeString(directory.resolve("in.parquet"), "PAR1 and no more");

        String whole = "dna evaluate: file must be whole ";
        assertThat(failure(file, Arrays.copyOf(gzip, gzip.length - 3)))
                .isEqualTo(whole + "gzip, but was cut off or damaged (" + file + ", after byte " + length
                        + " of what it holds)\n");
        assertThat(failure(file, flipped))
                .isEqualTo(whole + "gzip, but was cut off or damaged (" + file + ", after byte " + length
                        + " of what it holds)\n");
        assertThat(failure(file, Arrays.copyOf(zstd, zstd.length - 3)))
                .isEqualTo(whole + "zstd, but was cut off or damaged (" + file + ", after byte 0 of what it holds)\n");
        assertThat(evaluate("--input", parquet).err())
                .isEqualTo(whole + "Parquet, but was cut off or damaged (" + parquet + ", end of file)\n");
        assertThat(failure(parquet, line("1", "fine").getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("dna evaluate: file must be Parquet, as its name says, but did not begin with PAR1 ("
                        + parquet + ")\n");
    }

    private static String failure(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        Run run = evaluate("--input", file);
        assertThat(run.exitCode()).isEqualTo(1);
        return run.err();
    }

    @Test
    void badHeaderOfALaterFile_isToldBeforeAnythingIsEvaluated() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path bad = write("b.csv", "id,prompt\n1,How?\n");

        Run run = evaluate("--input", logs, "--output", directory.resolve("out.jsonl"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("response must have a known name", bad + ", line 1");
        assertThat(directory.toFile().list()).containsExactly("logs");
    }

    @Test
    void noFile_isAnError() throws IOException {
        assertThat(evaluate("--input", logs).err())
                .isEqualTo(
                        "dna evaluate: input directory must have files named .jsonl, .ndjson, .json, .csv, .tsv, .tab,"
                                + " .txt, .parquet, with or without .gz or .zst, but had none (" + logs + ")\n");
        assertThat(evaluate("--input", logs + "/*.jsonl").err())
                .isEqualTo("dna evaluate: input pattern must match files, but matched none (" + logs + "/*.jsonl)\n");
        assertThat(evaluate("--input", logs + "/none.jsonl").err())
                .isEqualTo("dna evaluate: file must exist, but was missing (" + logs + "/none.jsonl)\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out.jsonl", "out.jsonl.gz", "out.jsonl.zst", "out.parquet"})
    void noRows_makeAnEmptyOutput(String name) throws IOException {
        Path out = directory.resolve(name);

        assertThat(evaluate("--input", write("a.jsonl", ""), "--output", out))
                .isEqualTo(new Run(0, "", "0 exchanges of 1 file: 0 scored (0 harmful), 0 unscored\n"));
        assertThat(evaluate("--input", out, "--column", "response=action", "--column", "instruction="))
                .isEqualTo(new Run(0, "", ""));
    }

    @Test
    void outputThatWouldBeRead_isRefused() throws IOException {
        Path file = write("a.jsonl", line("1", "fine"));

        assertThat(evaluate("--input", logs, "--output", logs.resolve("out.jsonl"))
                        .err())
                .startsWith("dna evaluate: --output must not be in a directory of --input");
        assertThat(evaluate("--input", logs + "/*", "--output", file, "--overwrite")
                        .err())
                .startsWith("dna evaluate: --output must not be the same as a file of --input, but was " + file);
        assertThat(file).hasContent(line("1", "fine").strip());
    }

    @Test
    void outputThatAPatternWouldMatchTheNextTime_isRefused() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), logs);

        for (Path out : List.of(logs.resolve("new"), link.resolve("new"), link.resolve("new/out"))) {
            Run run = evaluate("--input", logs + "/**.jsonl", "--output", out + "/");

            assertThat(run.exitCode()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith(
                            "dna evaluate: --output must not match a pattern of --input, which would read it the next"
                                    + " time, but was " + logs.toRealPath());
            assertThat(out).doesNotExist();
        }
        assertThat(evaluate("--input", logs + "/*.jsonl", "--output", logs.resolve("out") + "/")
                        .exitCode())
                .isZero();
    }

    @Test
    void outputDirectory_withoutFiles_isRefused() throws IOException {
        String problem = "dna evaluate: a directory in --output must go with files in --input, but was without\n";
        Path out = directory.resolve("out");

        assertThat(evaluate("a", "b", "--output", out + "/").err()).startsWith(problem);
        assertThat(Run.withInput(line("1", "fine"), "evaluate", "--input", "-", "--output", out + "/")
                        .err())
                .startsWith(problem);
        assertThat(out).doesNotExist();
    }

    @Test
    void text_ofSeveralFiles_isRefused() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path out = directory.resolve("out");

        assertThat(evaluate("--input", logs, "--format", "text").err())
                .startsWith("dna evaluate: --format must be json for several files, but was text\n");
        assertThat(evaluate("--input", logs, "--format", "text", "--output", out)
                        .err())
                .startsWith("dna evaluate: --format must be json for several files, but was text\n");
        assertThat(evaluate("--input", logs.resolve("a.jsonl"), "--format", "text", "--output", out + "/")
                        .err())
                .startsWith("dna evaluate: --format must be json for a directory, but was text\n");
        assertThat(out).doesNotExist();
    }

    @Test
    void output_besideWhichAPatternWouldMatch_isRefused() throws IOException {
        write("a.jsonl.gz", line("1", "fine"));

        assertThat(evaluate("--input", logs + "/*.jsonl.*", "--output", logs.resolve("all.jsonl"))
                        .err())
                .startsWith("dna evaluate: --output must not match a pattern of --input, which would read it the next"
                        + " time, but was " + logs.toRealPath().resolve("all.jsonl.partial"));
    }

    @Test
    void outputBehindALinkOfAnInput_isRefused() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path out = Files.createDirectories(directory.resolve("out"));
        Files.createSymbolicLink(logs.resolve("old"), out);

        assertThat(evaluate("--input", logs, "--output", out + "/").err())
                .startsWith("dna evaluate: --output must not be in a directory of --input");
        assertThat(evaluate("--input", logs + "/*/*.jsonl", "--input", logs + "/*.jsonl", "--output", out + "/")
                        .err())
                .startsWith("dna evaluate: input pattern must match files, but matched none");
        assertThat(evaluate("--input", logs + "/**.jsonl", "--output", out + "/")
                        .err())
                .startsWith("dna evaluate: --output must not match a pattern of --input");
    }

    @Test
    void linksToWhatIsMissing_arePassedOver() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path link = Files.createSymbolicLink(logs.resolve("b.jsonl"), directory.resolve("missing.jsonl"));
        Files.createSymbolicLink(logs.resolve("notes.md"), directory.resolve("missing.md"));
        Files.createSymbolicLink(logs.resolve(".hidden.jsonl"), directory.resolve("missing.md"));
        String remark = "files that were passed over, as they are pipes, or links to what is missing: 1; the first: "
                + link + "\n";

        assertThat(evaluate("--input", logs).err()).isEqualTo(remark);
        assertThat(evaluate("--input", logs + "/*.jsonl").err()).isEqualTo(remark);
        assertThat(evaluate("--input", logs + "/a*").err()).isEmpty();
    }

    @Test
    void directory_thatContainsItself_isNamed() throws IOException {
        write("a.jsonl", line("1", "fine"));
        Path link = Files.createSymbolicLink(logs.resolve("self"), logs);

        assertThat(evaluate("--input", logs).err())
                .isEqualTo("dna evaluate: directory must not contain itself by a link, but did (" + link + ")\n");
    }

    @Test
    void wrongUsage_isExplained() throws IOException {
        Path file = write("a.jsonl", line("1", "fine"));

        assertThat(evaluate("--input", "-", "--input", file).err()).startsWith("dna evaluate: --input must be - alone");
        assertThat(evaluate("--input", file, "--format", "text", "--output", directory.resolve("o.parquet"))
                        .err())
                .startsWith("dna evaluate: --format must be json for Parquet, but was text\n");
        assertThat(evaluate("a", "b", "--output", directory.resolve("o.parquet"))
                        .err())
                .startsWith("dna evaluate: Parquet in --output must go with files in --input, but was without\n");
    }
}
