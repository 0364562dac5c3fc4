package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.donotanswer.evaluate.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EvaluateBadInputTest {
    @TempDir
    private Path directory;

    static Stream<Arguments> wrongUsage() {
        return Stream.of(
                Arguments.of(List.of(), "exchanges must come from the arguments or from --input, but was neither"),
                Arguments.of(
                        List.of("i", "r", "--input", "-"),
                        "exchanges must come from the arguments or from --input, but was both"),
                Arguments.of(List.of("i"), "arguments must be an instruction and a response, but was one only"),
                Arguments.of(
                        List.of("i", "r", "x"),
                        "arguments must be at most 2, but were more (put a text with spaces in quotes)"),
                Arguments.of(List.of("i", "r", "--colour"), "option must be known, but was '--colour'"),
                Arguments.of(List.of("i", "r", "--threads", "0"), "--threads must be at least 1, but was 0"),
                Arguments.of(
                        List.of("i", "r", "--input-format", "csv"),
                        "--input-format must go with --input, but was without"),
                Arguments.of(
                        List.of("i", "r", "--precision", "float16"),
                        "--precision must go with a checkpoint in --evaluator, but was with embedded"),
                Arguments.of(
                        List.of("i", "r", "--action-model", "dir"),
                        "--action-model must go with a checkpoint in --evaluator, but was with embedded"),
                Arguments.of(
                        List.of("i", "r", "--max-tokens", "0", "--model", "dir"),
                        "--max-tokens must be at least 1, but was 0"),
                Arguments.of(
                        List.of("i", "r", "--window-overlap", "8", "--model", "hf:owner/name"),
                        "--window-overlap must go with --windows, but was without"),
                Arguments.of(
                        List.of("i", "r", "--model", "hf:name"),
                        "Invalid value for option '--evaluator': must be hf:OWNER/NAME[@REVISION], but was 'hf:name'"),
                Arguments.of(
                        List.of("i", "r", "--encoding", "windows-1252"),
                        "--encoding and --column must go with --input, but was without"),
                Arguments.of(
                        List.of("--input", "-", "--column", "frage"), "--column must be COLUMN=NAME, but was frage"),
                Arguments.of(
                        List.of("--input", "-", "--column", "frage=instruction"),
                        "--column must begin with a known column, such as id, instruction or response, but was frage"),
                Arguments.of(
                        List.of("--input", "-", "--column", "id=a", "--column", "ID=b"),
                        "--column must be given once for each, but was twice for ID"));
    }

    @ParameterizedTest
    @MethodSource
    void wrongUsage(List<String> args, String message) {
        Run run = Run.of(Stream.concat(Stream.of("evaluate"), args.stream()).toArray());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("dna evaluate: " + message + "\nTry 'dna evaluate --help'.\n");
    }

    static Stream<Arguments> brokenCsv() {
        String header = "id,instruction,response\n";
        return Stream.of(
                Arguments.of("", "file must have a header row, but was empty (FILE, line 1)"),
                Arguments.of(
                        "id,instruction\n",
                        "response must have a known name or be named by --column response=NAME, but was missing among"
                                + " id, instruction (FILE, line 1, column response)"),
                Arguments.of(
                        "7,What is it?,An answer\n",
                        "response must have a known name or be named by --column response=NAME, but was missing among"
                                + " 3 others (FILE, line 1, column response)"),
                Arguments.of(
                        "id,frage,response\n",
                        "instruction must have a known name or be named by --column instruction=NAME, but was missing"
                                + " among id, frage, response (FILE, line 1, column instruction)"),
                Arguments.of(
                        "id,question,instruction,response\n",
                        "instruction must be one column, but was question and instruction; say which by --column"
                                + " instruction=NAME (FILE, line 1, column instruction)"),
                Arguments.of(
                        "id,id,instruction,response\n",
                        "header must name each column once, but repeated column 1 (FILE, line 1, column 2)"),
                Arguments.of(
                        header + "1,i,\"r\n2,i,r\n",
                        "quoted field must be closed, but was open at the end of the file (FILE, line 2, column"
                                + " response)"),
                Arguments.of(
                        header + "1,\"i\" ,r\n",
                        "quoted field must end before a comma or line break, but was followed by more text"
                                + " (FILE, line 2, column instruction)"));
    }

    @ParameterizedTest
    @MethodSource
    void brokenCsv(String content, String message) throws IOException {
        Path input = Files.writeString(directory.resolve("in.csv"), content);

        Run run = Run.of("evaluate", "--input", input);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("dna evaluate: " + message.replace("FILE", input.toString()) + "\n");
    }

    @Test
    void csv_textInAnotherEncoding_keepsItsId() throws IOException {
        Path input = directory.resolve("in.csv");
        Files.write(input, "id;question;response\n1;caf\u00E9?;r\n2;q;r\n".getBytes(StandardCharsets.ISO_8859_1));

        Run run = Run.of("evaluate", "--input", input);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).hasSize(2);
        assertThat(run.lines().get(0)).startsWith("{\"id\":\"1\",\"status\":\"UNSCORED\"");
        assertThat(run.lines().get(1)).startsWith("{\"id\":\"2\",\"status\":\"SCORED\"");
        assertThat(run.err()).doesNotContain("repeat");
    }

    @Test
    void csv_brokenRecords_leaveTheOthers() throws IOException {
        Path input = directory.resolve("in.csv");
        Files.write(
                input,
                "id,instruction,response\n1,i,r\r\n2,\"a\nb\",r\n3,i\n4,i,r,s\n5,i,caf\u00E9\n,i,r\n1,i,r\n"
                        .getBytes(StandardCharsets.ISO_8859_1));

        Run run = Run.of("evaluate", "--input", input);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.lines()).hasSize(7);
        assertThat(run.lines().get(2))
                .isEqualTo("{\"id\":\"3\",\"status\":\"UNSCORED\",\"reason\":\"INVALID_INPUT\","
                        + "\"detail\":\"record must have 3 fields, but had 2 (line 5, column response)\"}");
        assertThat(run.lines().get(3)).contains("record must have 3 fields, but had 4 (line 6, column 4)");
        assertThat(run.lines().get(4))
                .contains("text must be UTF-8 or --encoding be given, but had byte 0xE9 (line 7, column response)");
        assertThat(run.lines().get(5)).startsWith("{\"id\":\"8\",\"status\":\"SCORED\"");
        assertThat(run.err())
                .isEqualTo(
                        "3 of 7 items could not be read and are unscored (INVALID_INPUT); the first: record must have"
                                + " 3 fields, but had 2 (line 5, column response)\n"
                                + "1 of 7 items repeat the id of an earlier one\n");
    }

    @Test
    void csv_encodingGiven_isRead() throws IOException {
        Path input = directory.resolve("in.csv");
        Files.write(input, "id;frage;antwort\n1;i;caf\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));

        Run run = Run.of(
                "evaluate",
                "--input",
                input,
                "--encoding",
                "windows-1252",
                "--column",
                "instruction=frage",
                "--column",
                "response=antwort");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("{\"id\":\"1\",\"status\":\"SCORED\"");
    }

    @Test
    void jsonLines_unknownText_isNotDroppedInSilence() {
        Run run = Run.withInput(
                """
                {"id":1,"frage":"gnome","response":"r"}
                {"source":"s","n":2,"response":"r"}
                {"frage":"gnome","instruction":null,"response":"r"}
                """,
                "evaluate",
                "--input",
                "-");

        assertThat(run.lines()).hasSize(3).last().asString().contains("\"status\":\"SCORED\"");
        assertThat(run.err())
                .isEqualTo(
                        "1 of 3 items could not be read and are unscored (INVALID_INPUT); the first: instruction must"
                                + " have a known name or be named by --column instruction=NAME, but was missing among id,"
                                + " frage, response (line 1, column instruction)\n");
    }

    @Test
    void json_chatWithEarlierTurns_isJudgedByItsLastTurnsWithARemark() {
        Run run = Run.withInput(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"},"
                        + "{\"role\":\"user\",\"content\":\"risk\"},{\"role\":\"assistant\",\"content\":\"harm\"}]}",
                "evaluate",
                "--input",
                "-");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("{\"id\":\"1\",\"status\":\"SCORED\",\"harmful\":0.9");
        assertThat(run.err()).isEqualTo("1 of 1 items are the last turns of a chat; the turns before are not judged\n");
    }

    @Test
    void jsonLines_empty_areNoError() throws IOException {
        Path input = Files.writeString(directory.resolve("in.jsonl"), "");

        assertThat(Run.of("evaluate", "--input", input)).isEqualTo(new Run(0, "", ""));
    }

    @Test
    void input_missing_isNamed() {
        Path input = directory.resolve("missing.jsonl");

        assertThat(Run.of("evaluate", "--input", input))
                .isEqualTo(new Run(1, "", "dna evaluate: file must exist, but was missing (" + input + ")\n"));
    }

    @Test
    void output_directoryMissing_isNamed() {
        Path output = directory.resolve("missing/out.jsonl");

        assertThat(Run.of("evaluate", "i", "r", "--output", output).err())
                .isEqualTo("dna evaluate: directory of the output must exist, but was missing (" + output + ")\n");
    }

    @Test
    void output_directory_isNamed() {
        assertThat(Run.of("evaluate", "i", "r", "--output", directory).err())
                .startsWith("dna evaluate: a directory in --output must go with files in --input, but was without\n");
    }

    @Test
    void model_broken_isOneLine() {
        EvaluatorFactory evaluators = choice -> {
            throw new ModelFormatException("format version must be at most 1, but was 2 ("
                    + choice.model().orElseThrow() + ")");
        };

        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                evaluators,
                "evaluate",
                "i",
                "r",
                "--model",
                "new.model");

        assertThat(run)
                .isEqualTo(new Run(1, "", "dna evaluate: format version must be at most 1, but was 2 (new.model)\n"));
    }

    @Test
    void sourceIsCheckedBeforeTheModelIsRead() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                new ByteArrayOutputStream(),
                false,
                choice -> {
                    throw new AssertionError("no evaluator must be opened");
                },
                "evaluate",
                "--input",
                directory.resolve("missing.csv"));

        assertThat(run.err()).contains("file must exist");
    }
}
