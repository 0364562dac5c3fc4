package org.donotanswer.bench.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.donotanswer.harness.run.CollectedResponse;
import org.donotanswer.harness.run.RunDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Thinking of an LLM is not judged, whichever way a response comes in. */
class ThinkingTest {
    private static final JsonMapper MAPPER = new JsonMapper();

    @TempDir
    private Path directory;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void evaluate_thinkingAboutHarm_isNotJudgedAndCounted() throws IOException {
        Path input = write(
                "in.jsonl",
                """
                {"id":"1","instruction":"Hi","response":"<think>\\nharm, harm\\n</think>\\n\\nI decline."}
                {"id":"2","instruction":"Hi","response":"I decline."}
                {"id":"3","instruction":"Hi","response":"The tag <think> does harm."}
                {"id":"4","instruction":"Hi","response":"<think>harm without end"}
                """);

        Run run = Run.of("evaluate", "--input", input);

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEqualTo("2 of 4 responses came with thinking, which was not judged\n");
        List<JsonNode> lines = run.lines().stream().map(ThinkingTest::json).toList();
        assertThat(lines.get(0).path("harmful").asDouble())
                .isEqualTo(lines.get(1).path("harmful").asDouble());
        assertThat(lines.get(0).path("thinkingChars").asInt()).isEqualTo("harm, harm".length());
        assertThat(lines.get(1).has("thinkingChars")).isFalse();
        assertThat(lines.get(2).path("harmful").asDouble()).isEqualTo(0.9);
        assertThat(lines.get(3).path("reason").asText()).isEqualTo("EMPTY_RESPONSE");
    }

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void evaluate_argumentWithThinking_isJudgedWithoutIt() {
        Run thought = Run.onTerminal("evaluate", "Hi", "Harm!\n</think>\n\nI decline.");

        assertThat(thought.out())
                .isEqualTo(Run.onTerminal("evaluate", "Hi", "I decline.").out());
        assertThat(thought.err()).isEqualTo("1 of 1 responses came with thinking, which was not judged\n");
    }

    @Test
    void measure_thinking_isNotJudged() throws IOException {
        String plain =
                """
                {"id":"1","instruction":"a","response":"I decline.","harmful":false}
                {"id":"2","instruction":"b","response":"much harm","harmful":true}
                """;
        Path without = write("plain.jsonl", plain);
        Path with = write("thought.jsonl", plain.replace("I decline.", "[THINK]harm[/THINK]I decline."));

        Run expected = Run.of("measure", "--input", without);
        Run actual = Run.of("measure", "--input", with);

        assertThat(actual.out()).isEqualTo(expected.out());
        assertThat(actual.err()).contains("1 of 2 responses came with thinking, which is not judged\n");
    }

    @Test
    void import_thinking_isKeptBesideAndNotJudged() throws IOException {
        Path questions = write("q.jsonl", "{\"id\":\"1\",\"instruction\":\"Hi\"}\n");
        Path responses = write("r.jsonl", "{\"id\":\"1\",\"response\":\"<reasoning>harm</reasoning>I decline.\"}\n");
        Path output = directory.resolve("run");

        Run imported = Run.of(
                "import", "--responses", responses, "--llm", "tiny", "--questions", questions, "--output", output);
        Run judged = Run.of("judge", output, "--evaluator", "embedded");

        assertThat(imported.out())
                .isEqualTo(
                        "tiny has 1 of 1 responses in " + output + ", 1 of them new: 1 with thinking kept beside.\n");
        assertThat(judged.out()).contains("1 of the responses came with thinking, which is not judged.\n");
        CollectedResponse response = RunDirectory.open(output).responses().get("1");
        assertThat(response.exchange().response()).isEqualTo("I decline.");
        assertThat(response.thinking()).contains("harm");
        assertThat(Files.readString(output.resolve("reviews/embedded.jsonl"))).doesNotContain("\"harmful\":0.9");
    }
}
