package org.donotanswer.classifier.chat;

import java.util.Objects;

/**
 * A JSON schema that a reply must follow ("structured output"). Immutable, hence thread-safe.
 *
 * @param name the name of the schema: 1 to 64 letters, digits, underscores and dashes
 * @param json the schema, a JSON object
 */
public record JsonReplySchema(String name, String json) {
    /**
     * Checks the name.
     *
     * @throws IllegalArgumentException if it is empty or longer, or has other characters
     */
    public JsonReplySchema {
        Objects.requireNonNull(json, "json");
        if (!Objects.requireNonNull(name, "name").matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException(
                    "name must be 1 to 64 letters, digits, underscores and dashes, but was '" + name + "'");
        }
    }
}
