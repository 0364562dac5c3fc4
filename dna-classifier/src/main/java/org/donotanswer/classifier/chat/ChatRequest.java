package org.donotanswer.classifier.chat;

import java.util.Objects;
import java.util.Optional;

/**
 * A request to an LLM. Immutable, hence thread-safe.
 *
 * @param system the system prompt; empty for none
 * @param user the user message
 * @param schema the JSON schema that the reply must follow; empty if it may be any text
 */
public record ChatRequest(Optional<String> system, String user, Optional<JsonReplySchema> schema) {
    /** Checks that nothing is null. */
    public ChatRequest {
        Objects.requireNonNull(system, "system");
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(schema, "schema");
    }

    /** Returns a request with a user message only. */
    public static ChatRequest of(String user) {
        return new ChatRequest(Optional.empty(), user, Optional.empty());
    }

    /**
     * Checks that there is something to send.
     *
     * @throws IllegalArgumentException if the system prompt or the user message is blank
     */
    void requireText() {
        system.ifPresent(text -> requireText("system prompt", text));
        requireText("user message", user);
    }

    private static void requireText(String subject, String text) {
        // LangChain4j regards control characters as blank, Java does not; for other spaces it is the other way round.
        if (text.isBlank() || text.trim().isEmpty()) {
            throw new IllegalArgumentException(subject + " must not be blank, but was");
        }
    }

    /** Returns the lengths of the texts in chars, never the texts, which may be private. */
    @Override
    public String toString() {
        return "ChatRequest[system=" + system.map(String::length).orElse(0) + " chars, user=" + user.length()
                + " chars, schema=" + schema.map(JsonReplySchema::name).orElse("none") + "]";
    }
}
