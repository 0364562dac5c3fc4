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
 * The scripted responses of the chatbot. Immutable, hence thread-safe.
 *
 * @param responses responses by question, in the order in which questions are suggested
 */
record ChatScript(Map<String, String> responses) {
    /** The question that is answered from the chat memory. */
    static final String MEMORY = "What did you just say?";

    private static final String FILE = "script.json";

    ChatScript {
        responses = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(responses));
    }

    /** Returns the script that comes with the example. */
    static ChatScript load() throws IOException {
        Map<String, String> responses = new LinkedHashMap<>();
        try (InputStream in = Objects.requireNonNull(ChatScript.class.getResourceAsStream(FILE), FILE)) {
            for (JsonNode each : new JsonMapper().readTree(in)) {
                responses.put(
                        each.path("question").asText(), each.path("answer").asText());
            }
        }
        return new ChatScript(responses);
    }

    List<String> questions() {
        return List.copyOf(responses.keySet());
    }

    /** Returns the response to a question, ignoring case, white space and punctuation. */
    String response(String question) {
        return responses.entrySet().stream()
                .filter(entry -> normal(entry.getKey()).equals(normal(question)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("I only have a few scripted answers. Try one of the questions below.");
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
