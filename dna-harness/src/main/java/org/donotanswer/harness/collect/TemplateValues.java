package org.donotanswer.harness.collect;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.donotanswer.harness.io.BadInputException;
import org.donotanswer.internal.Utf8;

/**
 * What may stand for each placeholder. Immutable, hence thread-safe.
 *
 * @param byName lists of different values, none empty
 */
public record TemplateValues(Map<String, List<String>> byName) {
    /** What a placeholder may be called. */
    static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,63}";

    /** A name that is further from all others is not a misspelt one of them. */
    private static final int FURTHEST = 3;

    /**
     * Copies and checks the lists.
     *
     * @throws IllegalArgumentException if a name has other characters than letters, digits and underscores, a list is
     *     empty, or a value is blank or there twice; the message does not hold values
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
                    "name of a placeholder must be letters, digits and underscores, but was otherwise");
        }
        if (values.isEmpty()) {
            throw new IllegalArgumentException("values must be at least one, but was none (placeholder " + name + ")");
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
     * Returns the values in a file, {@code {"country": ["Freedonia", "Sylvania"]}}.
     *
     * @throws BadInputException if it is anything else
     * @throws IOException if it cannot be read
     */
    public static TemplateValues read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int mark = Utf8.byteOrderMark(bytes, bytes.length);
        byte[] unmarked = mark == 0 ? bytes : Arrays.copyOfRange(bytes, mark, bytes.length);
        String text = Utf8.decodeOrNull(unmarked, unmarked.length);
        if (text == null) {
            throw new BadInputException("text must be UTF-8, but was not", file.toString(), 1, null);
        }
        Map<String, List<String>> byName = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : RowReader.object(text, file, 1).properties()) {
            byName.put(entry.getKey(), strings(entry.getValue(), file));
        }
        try {
            return new TemplateValues(byName);
        } catch (IllegalArgumentException e) {
            throw new BadInputException(String.valueOf(e.getMessage()), file.toString(), 1, null);
        }
    }

    private static List<String> strings(JsonNode values, Path file) throws BadInputException {
        List<String> strings = new ArrayList<>();
        boolean sound = values.isArray();
        for (JsonNode value : values) {
            sound &= value.isTextual();
            strings.add(value.asText());
        }
        if (!sound) {
            throw new BadInputException(
                    "values of a placeholder must be an array of strings, but was otherwise", file.toString(), 1, null);
        }
        return strings;
    }

    /** Returns the name that is most like another one, if one is like it at all. */
    Optional<String> nearest(String name) {
        String nearest = null;
        int least = Math.min(FURTHEST, name.length() / 2) + 1;
        for (String known : byName.keySet()) {
            int distance = distance(name, known);
            if (distance < least) {
                least = distance;
                nearest = known;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** The number of chars to insert, leave out or exchange (Levenshtein). */
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

    /** Returns the names and how many values each has; the values may be private. */
    @Override
    public String toString() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        byName.forEach((name, values) -> sizes.put(name, values.size()));
        return "TemplateValues" + sizes;
    }
}
