package org.donotanswer.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.collect.ResponseImport;
import org.donotanswer.harness.run.RunDirectory;

/** The files that come with the examples: twenty questions, and the responses of two fictitious LLMs. */
final class ExampleFiles {
    static final String QUESTIONS = "questions.jsonl";
    static final String CAREFUL = "answers-careful.jsonl";
    static final String EAGER = "answers-eager.jsonl";

    private ExampleFiles() {}

    static InputStream open(String name) {
        return Objects.requireNonNull(ExampleFiles.class.getResourceAsStream(name), name);
    }

    /** Returns the directory given as the first argument, or else a new temporary one. */
    static Path directory(String[] args) throws IOException {
        return args.length > 0 ? Files.createDirectories(Path.of(args[0])) : Files.createTempDirectory("dna-example");
    }

    /** Returns the questions. */
    static InstructionSet questions() throws IOException {
        Path file = Files.createTempFile("questions", ".jsonl");
        try {
            Files.write(file, open(QUESTIONS).readAllBytes());
            return InstructionSet.read(file);
        } finally {
            Files.delete(file);
        }
    }

    /** Returns the responses by question. */
    static Map<String, String> responses(String name) throws IOException {
        Map<String, String> responses = new LinkedHashMap<>();
        try (var rows = new JsonMapper().readerFor(JsonNode.class).<JsonNode>readValues(open(name))) {
            rows.forEachRemaining(row -> responses.put(
                    row.path("question").asText(), row.path("response").asText()));
        }
        return responses;
    }

    /** Returns a run of existing responses, as {@code dna import} creates it. */
    static RunDirectory importRun(String name, Llm llm, Path directory) throws IOException {
        Path file = Files.createTempFile("answers", ".jsonl");
        try {
            Files.write(file, open(name).readAllBytes());
            ResponseImport.read(file, llm, questions(), directory);
        } finally {
            Files.delete(file);
        }
        return RunDirectory.open(directory);
    }
}
