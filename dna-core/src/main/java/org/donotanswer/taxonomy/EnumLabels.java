package org.donotanswer.taxonomy;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The names of the constants of an enum, and the constant that a text names. Immutable, hence thread-safe. */
final class EnumLabels<E extends Enum<E>> {
    private static final Pattern WHITESPACE = Pattern.compile("[\\s\\p{Z}]+");
    private static final int MAX_SHOWN_CHARS = 80;

    private final String subject;
    private final Map<String, E> constantByKey = new LinkedHashMap<>();
    private final Map<String, String> nameByKey = new LinkedHashMap<>();

    private EnumLabels(String subject) {
        this.subject = subject;
    }

    /** Returns the names of the given constants: official label, short name and constant name. */
    static <E extends Enum<E>> EnumLabels<E> of(
            String subject, E[] constants, Function<E, String> label, Function<E, String> shortName) {
        EnumLabels<E> labels = new EnumLabels<>(subject);
        for (Function<E, String> naming : List.of(label, shortName, (Function<E, String>) E::name)) {
            Arrays.stream(constants).forEach(constant -> labels.add(naming.apply(constant), constant));
        }
        return labels;
    }

    private void add(String name, E constant) {
        String key = normalize(name);
        E other = constantByKey.putIfAbsent(key, constant);
        if (other != null && other != constant) {
            throw new IllegalStateException(
                    subject + " names must be unique, but were both '" + name + "' (" + other + ", " + constant + ")");
        }
        nameByKey.putIfAbsent(key, name);
    }

    /**
     * Returns the constant that the text names.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the nearest name on a near miss
     */
    E parse(String text) {
        Objects.requireNonNull(text, "label");
        String key = normalize(text);
        E constant = constantByKey.get(key);
        if (constant == null) {
            String suggestion = nearest(key)
                    .map(name -> " (did you mean '" + abbreviate(name) + "'?)")
                    .orElse("");
            throw new IllegalArgumentException(
                    subject + " must be a known label, but was '" + abbreviate(text) + "'" + suggestion);
        }
        return constant;
    }

    /** Returns the known name nearest to the key, if at most a quarter of the key's characters would have to change. */
    private Optional<String> nearest(String key) {
        int limit = Math.max(1, key.length() / 4);
        String best = null;
        for (Map.Entry<String, String> entry : nameByKey.entrySet()) {
            // Texts that are too long for any name end here, before their distance is computed.
            if (Math.abs(entry.getKey().length() - key.length()) <= limit) {
                int distance = editDistance(key, entry.getKey());
                if (distance <= limit) {
                    limit = distance - 1;
                    best = entry.getValue();
                }
            }
        }
        return Optional.ofNullable(best);
    }

    /** Returns the Levenshtein distance of two strings, in chars. */
    static int editDistance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        Arrays.setAll(previous, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(substitution, 1 + Math.min(previous[j], current[j - 1]));
            }
            int[] spare = previous;
            previous = current;
            current = spare;
        }
        return previous[b.length()];
    }

    private static String normalize(String name) {
        String straight = name.replace('\u2019', '\'').replace('\u201C', '"').replace('\u201D', '"');
        return WHITESPACE.matcher(straight).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
    }

    /** Shortens what a message shows, in case the text was read from the wrong column. */
    private static String abbreviate(String text) {
        String line = WHITESPACE.matcher(text).replaceAll(" ").strip();
        return line.length() <= MAX_SHOWN_CHARS ? line : line.substring(0, MAX_SHOWN_CHARS) + "...";
    }
}
