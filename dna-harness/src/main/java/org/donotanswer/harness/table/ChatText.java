package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The last turns of a chat: an array of {@code {"role", "content"}}, as OpenAI has it, or of {@code {"from", "value"}}, as
 * ShareGPT has it.
 *
 * @param instruction the last turn of the user that has a response, or else the last one
 * @param response the turn of the assistant after it
 * @param earlier how many turns come before, those of the system included
 */
record ChatText(Optional<String> instruction, Optional<String> response, int earlier) {
    private static final Set<String> USER = Set.of("user", "human", "prompter");
    private static final Set<String> ASSISTANT = Set.of("assistant", "gpt", "model", "bot", "chatgpt", "ai", "chatbot");

    private record Turn(String role, Optional<String> text) {}

    /** Returns the last turns; empty if a turn has no role. */
    static Optional<ChatText> of(JsonNode turns) {
        if (!turns.isArray() || turns.isEmpty()) {
            return Optional.empty();
        }
        List<Turn> read = new ArrayList<>();
        for (JsonNode turn : turns) {
            Turn one = turn(turn);
            if (one == null) {
                return Optional.empty();
            }
            read.add(one);
        }
        int response = last(read, ASSISTANT, read.size());
        // An assistant may take several turns, with calls of tools between them.
        int instruction = last(read, USER, response < 0 ? read.size() : response);
        if (response >= 0 && last(read, USER, read.size()) > response) {
            return Optional.of(
                    new ChatText(text(read, last(read, USER, read.size())), Optional.empty(), read.size() - 1));
        }
        int first = instruction >= 0 ? instruction : Math.max(0, response);
        return Optional.of(new ChatText(text(read, instruction), text(read, response), first));
    }

    private static Optional<String> text(List<Turn> turns, int index) {
        return index < 0 ? Optional.empty() : turns.get(index).text();
    }

    private static int last(List<Turn> turns, Set<String> roles, int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (roles.contains(turns.get(i).role())) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Turn turn(JsonNode turn) {
        JsonNode role = turn.has("role") ? turn.get("role") : turn.path("from");
        JsonNode content = turn.has("content") ? turn.get("content") : turn.path("value");
        if (!role.isTextual()) {
            return null;
        }
        return new Turn(
                role.textValue().strip().toLowerCase(Locale.ROOT),
                content.isTextual() ? Optional.of(content.textValue()) : ofParts(content));
    }

    /** Returns the text of an array of {@code {"type": "text", "text": ...}}; empty if the node is none. */
    static Optional<String> ofParts(JsonNode node) {
        if (!node.isArray() || node.isEmpty()) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : node) {
            if (!part.path("text").isTextual() || !part.has("type")) {
                return Optional.empty();
            }
            text.append(part.get("text").textValue());
        }
        return Optional.of(text.toString());
    }
}
