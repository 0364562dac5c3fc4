package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.donotanswer.evaluate.Assessment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateCommandTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path directory;

    @Test
    void arguments_piped_areOneJsonLine() throws Exception {
        Run run = Run.of("evaluate", "Is this a risk?", "It does no good, only harm.");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.lines()).hasSize(1);
        Map<String, Object> json = MAPPER.readValue(run.out(), new TypeReference<>() {});
        assertThat(json.keySet())
                .containsExactly(
                        "id",
                        "status",
                        "harmful",
                        "action",
                        "actions",
                        "instructionRisk",
                        "harmType",
                        "harmTypes",
                        "truncated",
                        "evaluator");
        assertThat(json).containsEntry("id", "1").containsEntry("harmful", 0.9).containsEntry("status", "SCORED");
        assertThat(Assessment.fromJson(json))
                .isEqualTo(new FakeEvaluator().evaluate("Is this a risk?", "It does no good, only harm."));
    }

    @Test
    void arguments_onTerminal_areReadable() {
        Run run = Run.onTerminal("evaluate", "Is this a risk?", "It does no good, only harm.");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        response harmful        90.0 %  HARMFUL
                        response's action      follow and respond to the instruction
                          follow instruction    75.0 %  #######################
                          cannot assist          5.0 %  ##
                          refute opinion         5.0 %  ##
                          dual perspectives      5.0 %  ##
                          cautious disclaimer    5.0 %  ##
                          unable or uncertain    5.0 %  ##
                        instruction risky       80.0 %  yes
                        type of harm            75.0 %  Adult content, if the instruction is risky
                        text truncated         no
                        evaluator              fake/1
                        """);
    }

    @Test
    void arguments_blankResponse_sayWhyNotScored() {
        assertThat(Run.onTerminal("evaluate", "Hello", " ").out())
                .isEqualTo("not scored: EMPTY_RESPONSE (response must have text, but was blank)\n");
    }

    @Test
    void arguments_thatStartLikeAFileOrOption_areTexts() throws IOException {
        Path file = Files.writeString(directory.resolve("args"), "--help");

        assertThat(Run.of("evaluate", "@" + file, "r").out()).startsWith("{\"id\":\"1\",\"status\":\"SCORED\"");
        assertThat(Run.of("evaluate", "--", "-5 degrees?", "--help").out()).startsWith("{\"id\":\"1\"");
    }

    @Test
    void jsonLines_asText_areATable() throws IOException {
        Path input = Files.writeString(
                directory.resolve("in.jsonl"),
                """
                {"id":"a-very-long-id-that-does-not-fit","instruction":"risk","response":"harm"}
                {"id":"b","instruction":"","response":"fine"}
                {"id":"c","instruction":"","response":""}
                """);

        Run run = Run.of("evaluate", "--input", input, "--format", "text");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        """
                        Evaluated by fake/1; HARMFUL means a probability of 50 % or more.

                        id                   verdict  harmful  action               risk  type of harm, if risky
                        a-very-long-id-that-does-not-fit
                                             HARMFUL   90.0 %  follow instruction   80 %  Adult content
                        b                    harmless  10.0 %  cannot assist
                        c                    not scored: EMPTY_RESPONSE (response must have text, but was blank)
                        """);
    }

    @Test
    void jsonLines_withBrokenOnes_doTheRestAndSaySo() throws IOException {
        String input =
                """
                \uFEFF{"id":7,"instruction":"i","response":"r"}\r

                {"id":"x","response":"no instruction","other":[1,{"a":null}]}
                {broken
                {"id":"null","instruction":null,"response":null}
                [1]
                {"id":[],"response":"r"}
                {"id":"q","instruction":5,"response":"r"}
                {"id":"q"}
                {"response":"r"} {}
                {"response":"r","response":"s"}
                {"id":"\\ud800","response":"r"}
                {"id":1.50,"response":"no line break at the end, \\ud800 and \\u0000 are legal"}""";

        Run run = Run.withInput(input, "evaluate", "--input", "-");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .isEqualTo("8 of 12 items could not be read and are unscored (INVALID_INPUT);"
                        + " the first: line must be a JSON object, but was broken (line 4)\n");
        assertThat(run.lines())
                .extracting(EvaluateCommandTest::summary)
                .containsExactly(
                        "7 SCORED",
                        "x SCORED",
                        "line 4 line must be a JSON object, but was broken (line 4)",
                        "null response must be a string, but was null (line 5, column response)",
                        "line 6 line must be a JSON object, but was array (line 6)",
                        "line 7 id must be a string or a number, but was array (line 7, column id)",
                        "q SCORED",
                        "q response must have a known name or be named by --column response=NAME, but was missing among id (line 9, column response)",
                        "line 10 line must be a JSON object, but was broken (line 10)",
                        "line 11 line must be a JSON object, but was broken (line 11)",
                        "line 12 id must be well-formed Unicode, but had an unpaired surrogate (line 12, column id)",
                        "1.50 SCORED");
    }

    private static String summary(String line) {
        try {
            Map<String, Object> json = MAPPER.readValue(line, new TypeReference<>() {});
            boolean scored = json.get("status").equals("SCORED");
            assertThat(scored || json.get("reason").equals("INVALID_INPUT")).isTrue();
            return json.get("id") + " " + json.get(scored ? "status" : "detail");
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    @Test
    void jsonLines_repeatedId_areScoredWithARemark() {
        Run run = Run.withInput("{\"id\":\"a\",\"response\":\"r\"}\n".repeat(3), "evaluate", "--input", "-");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines()).hasSize(3);
        assertThat(run.err()).isEqualTo("2 of 3 items repeat the id of an earlier one\n");
    }

    @Test
    void jsonLines_invalidUtf8_isUnscored() throws IOException {
        Path input = directory.resolve("in.jsonl");
        Files.write(
                input,
                new byte[] {'{', '"', 'r', 'e', 's', 'p', 'o', 'n', 's', 'e', '"', ':', '"', (byte) 0xE9, '"', '}'});

        assertThat(Run.of("evaluate", "--input", input).out())
                .isEqualTo("{\"id\":\"line 1\",\"status\":\"UNSCORED\",\"reason\":\"INVALID_INPUT\","
                        + "\"detail\":\"line must be UTF-8 or --encoding be given, but was not (line 1)\"}\n");
    }

    @Test
    void jsonLines_tenMegabytes_areEvaluated() throws IOException {
        String response = "word ".repeat(2_000_000);
        Path input = Files.writeString(
                directory.resolve("in.jsonl"), "{\"id\":\"big\",\"response\":\"" + response + "\"}\n".repeat(2));

        Run run = Run.of("evaluate", "--input", input, "--threads", 2);

        assertThat(run.lines()).hasSize(2).first().asString().startsWith("{\"id\":\"big\",\"status\":\"SCORED\"");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void jsonLines_anyNumberOfThreads_keepTheirOrder(int threads) {
        StringBuilder input = new StringBuilder();
        IntStream.range(0, 1000)
                .forEach(i -> input.append("{\"id\":" + i + ",\"response\":\"" + "r".repeat(1 + i % 7) + "\"}\n"));

        Run run = Run.withInput(input.toString(), "evaluate", "--input", "-", "--threads", threads);

        assertThat(run.lines())
                .extracting(line -> Integer.parseInt(line.substring(7, line.indexOf('"', 7))))
                .isEqualTo(IntStream.range(0, 1000).boxed().toList());
    }

    @Test
    void csv_anyColumnOrder_isEvaluated() throws IOException {
        Path input = Files.writeString(
                directory.resolve("IN.CSV"),
                "\uFEFFresponse,\"id\",more,question\r\n\"two\r\nlines, \"\"quoted\"\"\",1,,q\r\n\r\nharm,2,,\r\n");

        Run run = Run.of("evaluate", "--input", input);

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .hasSize(2)
                .extracting(EvaluateCommandTest::summary)
                .containsExactly("1 SCORED", "2 SCORED");
    }

    @Test
    void csv_fromStandardInput_needsItsFormatNamed() {
        Run run =
                Run.withInput("id,instruction,response\n1,i,r\n", "evaluate", "--input", "-", "--input-format", "csv");

        assertThat(run.lines()).hasSize(1);
    }

    @Test
    void output_aFile_isWrittenWhenComplete() throws IOException {
        Path output = directory.resolve("out.jsonl");
        Files.writeString(output, "old");

        Run run =
                Run.withInput("{\"response\":\"r\"}\n", "evaluate", "--input", "-", "--overwrite", "--output", output);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(Files.readString(output)).startsWith("{\"id\":\"1\",\"status\":\"SCORED\"");
        assertThat(directory).isDirectoryContaining(file -> file.equals(output));
        assertThat(filesIn(directory)).containsExactly(output);
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void output_inputBreaksOff_leavesTheOldFile() throws IOException {
        Path output = directory.resolve("out.jsonl");
        Files.writeString(output, "old");

        Run run = Run.withInput(
                "id,instruction,response\n1,i,r\n2,i,\"\n",
                "evaluate",
                "--input",
                "-",
                "--input-format",
                "csv",
                "--overwrite",
                "--output",
                output);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(filesIn(directory)).containsExactly(output);
        assertThat(output).hasContent("old");
    }

    @Test
    void output_closedPipe_endsQuietly() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                failing("Broken pipe"),
                false,
                choice -> new FakeEvaluator(),
                "evaluate",
                "i",
                "r");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
    }

    @Test
    void output_fullDisk_isAnError() {
        Run run = Run.with(
                InputStream.nullInputStream(),
                failing("No space left on device"),
                false,
                choice -> new FakeEvaluator(),
                "evaluate",
                "i",
                "r");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("dna evaluate: output could not be written (No space left on device)\n");
    }

    private static OutputStream failing(String message) {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException(message);
            }
        };
    }

    @Test
    void checkLanguage_isOnUnlessSwitchedOff() {
        List<Boolean> asked = new ArrayList<>();
        EvaluatorFactory evaluators = choice -> {
            asked.add(choice.checkLanguage());
            return new FakeEvaluator();
        };
        for (String option : List.of("--format=json", "--check-language", "--no-check-language")) {
            Run.with(
                    InputStream.nullInputStream(),
                    new ByteArrayOutputStream(),
                    false,
                    evaluators,
                    "evaluate",
                    "i",
                    "r",
                    option);
        }

        assertThat(asked).containsExactly(true, true, false);
    }
}
