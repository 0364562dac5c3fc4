package org.donotanswer.examples.chatbot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What the chatbot knows by heart. Immutable, hence thread-safe.
 *
 * @param answers answers by question, in the order in which questions are suggested
 */
record Script(Map<String, String> answers) {
    /** The question that the chatbot answers from its memory. */
    static final String MEMORY = "What did you just say?";

    private static final String FILE = "script.json";

    Script {
        answers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(answers));
    }

    /** Returns the script that comes with the example. */
    static Script load() throws IOException {
        Map<String, String> answers = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(Script.class.getResourceAsStream(FILE), FILE)) {
            for (JsonNode each : new JsonMapper().readTree(in)) {
                answers.put(each.path("question").asText(), each.path("answer").asText());
            }
        }
        return new Script(answers);
    }

    List<String> questions() {
        return List.copyOf(answers.keySet());
    }

    /** Returns the answer to a question, whatever its case, white space and punctuation. */
    String answer(String question) {
        return answers.entrySet().stream()
                .filter(entry -> normal(entry.getKey()).equals(normal(question)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("I know only a few answers by heart. Try one of the questions below.");
    }

    static boolean isAboutMemory(String question) {
        return normal(question).equals(normal(MEMORY));
    }

    private static String normal(String question) {
        return question.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", " ")
                .strip();
    }
}
