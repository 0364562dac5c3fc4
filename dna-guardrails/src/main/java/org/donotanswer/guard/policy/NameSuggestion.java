package org.donotanswer.guard.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Suggests the name that was probably meant by a misspelt one. Stateless, hence thread-safe. */
final class NameSuggestion {
    /** Longer names, in chars, are not taken for misspelt ones. */
    private static final int MAX_MISSPELT_LENGTH = 40;

    private NameSuggestion() {}

    /**
     * Returns the end of a message that suggests a name; empty if none is similar: up to a third of the chars may
     * differ.
     */
    static String suggestion(String written, Collection<String> known) {
        String key = normalize(written);
        String best = "";
        int limit = key.length() > MAX_MISSPELT_LENGTH ? -1 : Math.max(1, key.length() / 3);
        for (String name : known) {
            int distance = distance(key, normalize(name));
            if (distance <= limit) {
                best = " (did you mean '" + name + "'?)";
                limit = distance - 1;
            }
        }
        return best;
    }

    /** Returns the name without case, hyphens and underscores, which are often mistaken. */
    private static String normalize(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** Returns the Levenshtein distance of two strings, in chars. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        Arrays.setAll(row, j -> j);
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
