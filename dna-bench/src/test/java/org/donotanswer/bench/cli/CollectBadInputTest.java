package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectBadInputTest {
    @TempDir
    private Path directory;

    private Path data;
    private Path run;

    @BeforeEach
    void write() {
        data = Questions.writeTo(directory.resolve("data"), 3);
        run = directory.resolve("run");
    }

    private List<Object> args(String url, Object... more) {
        List<Object> args = new ArrayList<>(List.of("collect", "--endpoint", url, "--llm", "tiny", "--output", run));
        args.addAll(List.of(more));
        return args;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            'id,instruction\na,gnome\na,gnome\n' | id must be unique, but was repeated (%s, line 3, column id)
            'id,instruction\n,gnome\n' | id must not be blank, but was (%s, line 2, column id)
            'id,instruction\na,\n' | instruction must not be blank, but was (%s, line 2, column instruction)
            'id,frage\na,gnome\n' | instruction must have a known name or be named by --column instruction=NAME, but was missing among id, frage (%s, line 1, column instruction)
            'id,instruction,benign\na,gnome,maybe\n' | benign must be 1 or 0, true or false, yes or no, but was 'maybe' (%s, line 2, column benign)
            'id,instruction,specificHarm\na,gnome,gnome\n' | specificHarm must be a specific harm (docs/specific-harms.md), but was another (%s, line 2, column specificHarm)
            'id,instruction,specificHarm\na,gnome,Medcal advice\n' | specificHarm must be a specific harm (docs/specific-harms.md), but was another (did you mean 'MEDICAL_ADVICE'?) (%s, line 2, column specificHarm)
            'id,instruction,specificHarm\na,gnome,Treat Chatbot as a Human\n' | specificHarm must be a specific harm (docs/specific-harms.md), but was the harm type CHATBOT_AS_HUMAN, which has REQUEST_FOR_PERSONAL_INFORMATION, EMOTIONAL_RELIANCE_ON_CHATBOT (%s, line 2, column specificHarm)
            'id,instruction,specificHarm\na,gnome,malicious uses\n' | specificHarm must be a specific harm (docs/specific-harms.md), but was the risk area MALICIOUS_USES (%s, line 2, column specificHarm)
            'id,instruction,benign,risky\na,gnome,1,1\n' | instruction must be either risky or benign, but was both or neither (%s, line 2, column risky)
            'nr,text\na,gnome\n' | id and instruction must have a known name or be named by --column id=NAME, but were missing among nr, text (%s, line 1, column id)
            'id,instruction,benign,specificHarm\na,gnome,1,INSULT\n' | benign instruction must have no harm, but had INSULT (%s, line 2, column specificHarm)
            'id,instruction\n' | file must have an instruction, but had none (%s, line 1)
            """)
    void collect_brokenQuestions_areRefused(String content, String message) throws IOException {
        Path questions = Files.writeString(directory.resolve("own.csv"), content);

        Run result = Run.of(args("http://localhost:1", "--questions", questions).toArray());

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).isEqualTo("dna collect: " + message.formatted(questions) + "\n");
        assertThat(run).doesNotExist();
    }

    @Test
    void collect_questionWithHalfACharacter_isRefused() throws IOException {
        Path questions =
                Files.writeString(directory.resolve("own.jsonl"), "{\"id\":1,\"instruction\":\"gnome \\ud83d\"}\n");

        assertThat(Run.of(args("http://localhost:1", "--questions", questions).toArray())
                        .err())
                .isEqualTo("dna collect: instruction must be well-formed Unicode, but had an unpaired surrogate ("
                        + questions + ", line 1, column instruction)\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            --concurrency 0 | --concurrency must be between 1 and 1000, but was 0
            --timeout NaN | --timeout must be between 0.001 and 86400, but was NaN
            --max-attempts 0 | --max-attempts must be at least 1, but was 0
            --requests-per-minute 0 | --requests-per-minute must be at least 1, but was 0
            --max-tokens 0 | maxTokens must be at least 1, but was 0
            --temperature -1 | temperature must be at least 0, but was -1.0
            --max-tokens 1 --max-completion-tokens 2 | one of --max-tokens and --max-completion-tokens may be given, but was both
            --system-prompt a --system-prompt-file b | one of --system-prompt and --system-prompt-file may be given, but was both
            --questions q.csv | one of --data and --questions must be given, but was both
            --key-variable PATH --auth-header Host | apiKeyHeader must be a header for a key, but was Host
            --key-variable PATH --auth-header a;b | apiKeyHeader must be the name of a header, but was malformed
            --key-variable NO_SUCH_VARIABLE | environment variable NO_SUCH_VARIABLE must hold a key, but was without
            """)
    void collect_wrongUsage_isReported(String options, String message) {
        List<Object> args = args("http://localhost:1", "--data", data);
        args.addAll(List.of(options.split(" ", 0)));

        Run result = Run.of(args.toArray());

        assertThat(result.err()).startsWith("dna collect: " + message + "\n");
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(run).doesNotExist();
    }

    @Test
    void collect_blankSystemPrompt_isWrongUsage() throws IOException {
        Path file = Files.writeString(directory.resolve("prompt.txt"), "\n");

        Run text = Run.of(args("http://localhost:1", "--data", data, "--system-prompt", "")
                .toArray());
        Run blank = Run.of(args("http://localhost:1", "--data", data, "--system-prompt-file", file)
                .toArray());

        assertThat(text.exitCode()).isEqualTo(2);
        assertThat(text.err()).startsWith("dna collect: --system-prompt must not be blank, but was blank\n");
        assertThat(blank.exitCode()).isEqualTo(2);
        assertThat(blank.err()).startsWith("dna collect: --system-prompt-file must not be blank, but was blank\n");
        assertThat(run).doesNotExist();
    }

    @Test
    void collect_endpointWithPassword_isNotShown() {
        Run result =
                Run.of(args("https://me:gnome@localhost/v1", "--data", data).toArray());

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err())
                .contains("endpoint must not have a user or password, but had one")
                .doesNotContain("gnome");
    }

    @Test
    void collect_noQuestions_isWrongUsage() {
        assertThat(Run.of(args("http://localhost:1").toArray()).err())
                .startsWith("dna collect: one of --data and --questions must be given, but was neither\n");
    }
}
