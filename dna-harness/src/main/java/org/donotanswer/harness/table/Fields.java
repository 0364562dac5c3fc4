package org.donotanswer.harness.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.jspecify.annotations.Nullable;

/** The fields of a record, by the names that the file has. Immutable, hence thread-safe. */
interface Fields {
    /**
     * Returns a field as text: a string, or a number or a boolean as it is written; empty if it is missing or null.
     *
     * @throws BadInputException if it is of another type
     */
    Optional<String> text(String name) throws BadInputException;

    /** Returns whether a field holds, or may hold, something that people wrote. */
    boolean holdsText(String name);

    /** Returns the JSON of a field; null if it is missing or no JSON. */
    @Nullable
    JsonNode json(String name);
}
