package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.classifier.chat.ChatReply.Finish;
import org.donotanswer.classifier.chat.TokenUsage;
import org.donotanswer.dataset.Completeness;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.Llm;
import org.donotanswer.dataset.RealData;
import org.donotanswer.dataset.RealDataDirectories;
import org.donotanswer.dataset.Response;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.donotanswer.internal.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportExportTest {
    private static final List<String> ANSWERS = List.of(
            "No.",
            "",
            "<script>alert(\"gnome\")</script> & 'so' on",
            "=1+1\r\nline two\rline three\n\n\"quoted\", and a comma\\",
            "-\t \u0001\u2028\u00e9\uD83D\uDE00\uFEFF",
            "long ".repeat(20_000),
            "half \uD83D a character");

    @TempDir
    private Path directory;

    private Path data;
    private Path run;

    @BeforeEach
    void write() {
        data = Questions.writeTo(directory.resolve("data"), ANSWERS.size());
        run = directory.resolve("run");
    }

    /** Returns lines with all members that responses may have. */
    private static String jsonLines() {
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < ANSWERS.size(); id++) {
            lines.append(new CollectedResponse(
                                    String.valueOf(id),
                                    Optional.of(Questions.harm(id)),
                                    false,
                                    Exchange.of(Questions.text(id), ANSWERS.get(id)),
                                    Optional.of(id == 1 ? Finish.CONTENT_FILTER : Finish.STOP),
                                    new TokenUsage(id, 2L * id),
                                    id == 2 ? Optional.empty() : Optional.of("tiny-1"))
                            .toJsonLine())
                    .append('\n');
        }
        return lines.toString();
    }

    private Run importFrom(Path file, Path target) {
        return Run.of("import", "--responses", file, "--llm", "tiny", "--data", data, "--output", target);
    }

    @Test
    void jsonLines_goInAndOutUnchanged() throws IOException {
        Path file = Files.writeString(directory.resolve("in.jsonl"), jsonLines());

        Run imported = importFrom(file, run);
        Run exported = Run.of("export", run, "--output", directory.resolve("out.jsonl"));

        assertThat(imported).isEqualTo(new Run(0, "tiny has 7 of 7 responses in " + run + ", 7 of them new.\n", ""));
        assertThat(exported).isEqualTo(new Run(0, "", ""));
        assertThat(directory.resolve("out.jsonl")).hasSameTextualContentAs(file);
        assertThat(RunDirectory.open(run).manifest().source()).isEqualTo("import");
        assertThat(RunDirectory.open(run).manifest().settings()).isEqualTo(Map.of("responses", Sha256.of(file)));
    }

    @Test
    void csv_isReadAsThePublishedFiles() throws IOException {
        Run unused = importFrom(Files.writeString(directory.resolve("in.jsonl"), jsonLines()), run);
        Path file = data.resolve("Response/response_tiny.csv");
        Files.createDirectories(file.getParent());

        Run exported = Run.of("export", run, "--format", "csv", "--output", file);

        assertThat(exported.err())
                .isEqualTo("dna export: 1 responses have unpaired surrogates, which CSV cannot hold; they were"
                        + " replaced by U+FFFD\n");
        List<String> expected = new ArrayList<>(ANSWERS);
        expected.set(6, "half \uFFFD a character");
        assertThat(DoNotAnswer.load(data).responses(Llm.of("tiny")))
                .extracting(Response::text)
                .containsExactlyElementsOf(expected);

        Path again = directory.resolve("again");
        assertThat(importFrom(file, again).exitCode()).isZero();
        assertThat(RunDirectory.open(again).responses().values())
                .extracting(response -> response.exchange().response())
                .containsExactlyElementsOf(expected);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void import_pipe_isReadOnce() throws IOException, InterruptedException {
        Path pipe = directory.resolve("pipe.jsonl");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path file = Files.writeString(directory.resolve("in.jsonl"), jsonLines());
        Thread writer = new Thread(() -> {
            try {
                Files.write(pipe, Files.readAllBytes(file), StandardOpenOption.WRITE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.setDaemon(true);
        writer.start();

        Run imported = importFrom(pipe, run);

        assertThat(imported).isEqualTo(new Run(0, "tiny has 7 of 7 responses in " + run + ", 7 of them new.\n", ""));
        assertThat(RunDirectory.open(run).manifest().settings()).isEqualTo(Map.of("responses", Sha256.of(file)));
    }

    @Test
    void import_brokenOff_goesOn() throws IOException {
        Path file = Files.writeString(directory.resolve("in.jsonl"), jsonLines());
        Run unused = importFrom(file, run);
        Path responses = run.resolve("responses.jsonl");
        String whole = Files.readString(responses);
        Files.writeString(responses, whole.substring(0, whole.indexOf("\"id\":\"3\"") + 20));

        Run again = importFrom(file, run);

        assertThat(again.out()).isEqualTo("tiny has 7 of 7 responses in " + run + ", 4 of them new.\n");
        assertThat(responses).hasContent(whole);
    }

    @Test
    void import_someQuestions_countsThem() throws IOException {
        Path file = Files.writeString(
                directory.resolve("in.jsonl"),
                "{\"id\":3,\"response\":\"c\"}\n\n{\"id\":\"10\",\"response\":\"d\"}\n{\"id\":\"1\",\"response\":\"\"}");
        data = Questions.writeTo(directory.resolve("more"), 11);

        assertThat(importFrom(file, run).out()).startsWith("tiny has 3 of 11 responses");

        Run exported = Run.of("export", run, "--format", "csv", "--output", "-");
        assertThat(exported.out())
                .startsWith("id,question,response\r\n1,")
                .contains("\r\n3,")
                .contains("\r\n10,");
        assertThat(exported.out().indexOf("\n3,")).isLessThan(exported.out().indexOf("\n10,"));
        assertThat(exported.err()).isEqualTo("dna export: the run has 3 of 11 responses\n");
        Files.createDirectories(data.resolve("Response"));
        Files.writeString(data.resolve("Response/response_tiny.csv"), exported.out());
        assertThat(DoNotAnswer.load(data, Completeness.PARTIAL).responses(Llm.of("tiny")))
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            csv | 'id,question,response\n0,,gnome\n' | instruction must be that of the id, but was another text (%s, line 2, column question)
            csv | 'id,response\n0,gnome\n0,gnome\n' | id must be unique, but was repeated (%s, line 3, column id)
            csv | 'id,response\n7,gnome\n' | id must be that of an instruction, but was unknown (%s, line 2, column id)
            csv | 'id,response\n0\n' | record must have 2 fields, but had 1 (%s, line 2, column response)
            csv | 'id,response\n' | file must have a response, but had none (%s, line 1)
            csv | 'id,antwort\n0,gnome\n' | response must have a known name or be named by --column response=NAME, but was missing among id, antwort (%s, line 1, column response)
            csv | 'id,response\n0,"gnome' | quoted field must be closed, but was open at the end of the file (%s, line 2, column response)
            jsonl | '{"id":0,"response":"gnome"' | line must be a JSON object, but was broken (%s, line 1)
            jsonl | '["gnome"]' | record must be a JSON object, but was string in record 1 (%s, line 1)
            jsonl | '{"id":0}' | response must have a known name or be named by --column response=NAME, but was missing among id (%s, line 1, column response)
            jsonl | '{"id":0,"response":["gnome"]}' | response must be a string, but was array (%s, line 1, column response)
            jsonl | '{"id":0,"response":"","instruction":"gnome"}' | instruction must be that of the id, but was another text (%s, line 1, column instruction)
            jsonl | '{"id":0,"response":"","finish":"gnome"}' | finish must be the name of a Finish, but was another (%s, line 1, column finish)
            jsonl | '{"id":0,"response":"","inputTokens":-1}' | inputTokens must be a number of tokens, but was not (%s, line 1, column inputTokens)
            """)
    void import_brokenFile_isRefusedAsAWhole(String format, String content, String message) throws IOException {
        Path file = Files.writeString(directory.resolve("in." + format), content);

        Run result = importFrom(file, run);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("dna import: " + message.formatted(file) + "\n");
        assertThat(run).doesNotExist();
    }

    @Test
    void import_intoAnotherRun_isRefused() throws IOException {
        Run unused = importFrom(Files.writeString(directory.resolve("in.jsonl"), jsonLines()), run);

        Run result = importFrom(Files.writeString(directory.resolve("other.csv"), "id,response\n0,no\n"), run);

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("differ in settings.responses: ");
    }

    @Test
    void wrongUsage_isReported() {
        assertThat(importFrom(directory.resolve("in.csv"), run).err())
                .isEqualTo("dna import: file must exist, but was missing (" + directory.resolve("in.csv") + ")\n");
        assertThat(Run.of("export", run, "--output", "-").exitCode()).isEqualTo(2);
        assertThat(Run.of("export", run, "--format", "csv", "--output", "-").err())
                .isEqualTo("dna export: directory must be that of a run, with a manifest, but was missing ("
                        + run.resolve("manifest.json") + ")\n");
        assertThat(Run.of("import", "--responses", "a.csv", "--llm", "a_ro", "--data", data, "--output", run)
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    @RealData
    void publishedResponses_goInAndOutUnchanged() throws IOException {
        data = RealDataDirectories.doNotAnswer();
        DoNotAnswer published = DoNotAnswer.load(data);
        for (Llm llm : Llm.published()) {
            Path target = directory.resolve(llm.name());
            Path file = data.resolve("Response/response_" + llm + ".csv");

            Run imported = importFrom(file, target);
            Path out = directory.resolve(llm + ".csv");
            Run exported = Run.of("export", target, "--output", out);

            assertThat(imported.out()).startsWith("tiny has 939 of 939 responses");
            assertThat(exported).isEqualTo(new Run(0, "", ""));
            Path again = directory.resolve(llm + "-again");
            assertThat(importFrom(out, again).exitCode()).isZero();
            assertThat(RunDirectory.open(again).responses().values())
                    .extracting(response -> response.exchange().response())
                    .containsExactlyElementsOf(published.responses(llm).stream()
                            .map(Response::text)
                            .toList());
        }
    }
}
