package org.donotanswer.harness.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.harness.io.JsonRecord;
import org.donotanswer.internal.Utf8;

/**
 * The values of placeholders in templates. Immutable, hence thread-safe.
 *
 * @param byName the values by the placeholder's name, distinct and at least one each
 */
public record TemplateValues(Map<String, List<String>> byName) {
    /** The pattern of a placeholder's name. */
    static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,63}";

    /** The maximum edit distance of a name that is suggested for an unknown one. */
    private static final int MAX_SUGGESTION_DISTANCE = 3;

    /**
     * Copies and checks the lists.
     *
     * @throws IllegalArgumentException if a name has other characters than letters, digits and underscores, a list is
     *     empty, or a value is blank or repeated; the message holds no values
     */
    public TemplateValues {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        byName.forEach((name, values) -> copy.put(name, List.copyOf(values)));
        copy.forEach(TemplateValues::check);
        byName = Collections.unmodifiableMap(copy);
    }

    private static void check(String name, List<String> values) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(
                    "name of a placeholder must be letters, digits and underscores, but had other characters");
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values must not be empty, but were (placeholder " + name + ")");
        }
        for (int i = 0; i < values.size(); i++) {
            String value = values.get(i);
            String where = " (placeholder " + name + ", value " + (i + 1) + ")";
            if (value.isBlank() || !Utf8.isWellFormed(value)) {
                throw new IllegalArgumentException("value must be visible text, but was not" + where);
            }
            int first = values.indexOf(value);
            if (first < i) {
                throw new IllegalArgumentException(
                        "value must be unique, but was the same as value " + (first + 1) + where);
            }
        }
    }

    /**
     * Reads values from a JSON file, for example {@code {"country": ["Freedonia", "Sylvania"]}}.
     *
     * @throws BadInputException if the file is malformed
     * @throws IOException if the file cannot be read
     */
    public static TemplateValues read(Path file) throws IOException {
        return JsonRecord.read(file).as(json -> {
            Map<String, List<String>> byName = new LinkedHashMap<>();
            json.node().properties().forEach(entry -> byName.put(entry.getKey(), strings(entry.getValue())));
            return new TemplateValues(byName);
        });
    }

    private static List<String> strings(JsonNode values) {
        List<String> strings = new ArrayList<>();
        boolean valid = values.isArray();
        for (JsonNode value : values) {
            valid &= value.isTextual();
            strings.add(value.asText());
        }
        if (!valid) {
            throw new IllegalArgumentException("values of a placeholder must be an array of strings, but were not");
        }
        return strings;
    }

    /** Returns the known name that is most similar to an unknown one, if one is similar enough. */
    Optional<String> nearest(String name) {
        String nearest = null;
        int least = Math.min(MAX_SUGGESTION_DISTANCE, name.length() / 2) + 1;
        for (String known : byName.keySet()) {
            int distance = distance(name, known);
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Returns the Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }

    /** Returns the names with their numbers of values, as the values may be private. */
    @Override
    public String toString() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        byName.forEach((name, values) -> sizes.put(name, values.size()));
        return "TemplateValues" + sizes;
    }
}
