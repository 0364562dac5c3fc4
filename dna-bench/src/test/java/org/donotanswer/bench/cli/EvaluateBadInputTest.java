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
                Arguments.of(List.of("i", "r", "x"), "Unmatched argument at index 3: 'x'"),
                Arguments.of(List.of("i", "r", "--colour"), "Unknown option: '--colour'"),
                Arguments.of(List.of("i", "r", "--threads", "0"), "--threads must be at least 1, but was 0"),
                Arguments.of(
                        List.of("i", "r", "--input-format", "csv"),
                        "--input-format must go with --input, but was without"),
                Arguments.of(
                        List.of("i", "r", "--precision", "float16"),
                        "--precision must go with a checkpoint in --model, but was with the model that comes with dna"),
                Arguments.of(
                        List.of("i", "r", "--action-model", "dir"),
                        "--action-model must go with a checkpoint in --model, but was with the model that comes with dna"),
                Arguments.of(
                        List.of("i", "r", "--max-tokens", "0", "--model", "dir"),
                        "--max-tokens must be at least 1, but was 0"),
                Arguments.of(
                        List.of("i", "r", "--window-overlap", "8", "--model", "hf:owner/name"),
                        "--window-overlap must go with --windows, but was without"),
                Arguments.of(
                        List.of("i", "r", "--model", "hf:name"),
                        "Invalid value for option '--model': must be hf:OWNER/NAME[@REVISION], but was 'hf:name'"),
                Arguments.of(
                        List.of("--input", "data.xlsx"),
                        "name of the input must end in .jsonl or .csv, or --input-format be given, but was data.xlsx"));
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
                        "header must name column response, but named 2 others (FILE, line 1, column response)"),
                Arguments.of(
                        "id,instruction,Response \n",
                        "header must name column response, but named 'Response ' (FILE, line 1, column response)"),
                Arguments.of(
                        "7,What is it?,An answer\n",
                        "header must name column id, but named 3 others (FILE, line 1, column id)"),
                Arguments.of(
                        "id,prompt,response\n",
                        "header must name column instruction, but named 3 others"
                                + " (FILE, line 1, column instruction)"),
                Arguments.of(
                        "id,question,instruction,response\n",
                        "header must name one of instruction and question, but named both"
                                + " (FILE, line 1, column question)"),
                Arguments.of(
                        "id,id,instruction,response\n",
                        "header must name each column once, but repeated column 1 (FILE, line 1, column 2)"),
                Arguments.of(
                        header + "1,i,r\r\n2,\"a\nb\",r\n3,i\n",
                        "record must have 3 fields, but had 2 (FILE, line 5, column response)"),
                Arguments.of(header + "1,i,r,s\n", "record must have 3 fields, but had 4 (FILE, line 2, column 4)"),
                Arguments.of(
                        header + "1,i,\"r\n2,i,r\n",
                        "quoted field must be closed, but was open at the end of the file (FILE, line 2, column response)"),
                Arguments.of(
                        header + "1,\"i\" ,r\n",
                        "quoted field must end before a comma or line break, but was followed by more text"
                                + " (FILE, line 2, column instruction)"),
                Arguments.of(header + " ,i,r\n", "id must not be blank, but was (FILE, line 2, column id)"),
                Arguments.of(
                        header + "1,i,r\n2,i,r\n1,i,r\n",
                        "id must be unique, but was repeated (FILE, line 4, column id)"));
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
    void csv_wrongCharset_namesLineAndColumn() throws IOException {
        Path input = directory.resolve("in.csv");
        Files.write(input, "id,instruction,response\n1,i,r\n2,i,caf\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(Run.of("evaluate", "--input", input).err())
                .isEqualTo("dna evaluate: text must be UTF-8, but had byte 0xE9 (" + input
                        + ", line 3, column response)\n");
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
    void input_directory_isNamed() throws IOException {
        Path input = Files.createDirectory(directory.resolve("in.jsonl"));

        assertThat(Run.of("evaluate", "--input", input).err())
                .isEqualTo("dna evaluate: input must be a file, but was a directory (" + input + ")\n");
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
                .isEqualTo("dna evaluate: output must be a file, but was a directory (" + directory + ")\n");
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
