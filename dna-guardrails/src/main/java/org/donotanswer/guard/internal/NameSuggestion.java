package org.donotanswer.guard.internal;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** Suggests the name that was probably meant by a misspelt one. Stateless, hence thread-safe. */
public final class NameSuggestion {
    /** Longer names, in chars, are not taken for misspelt ones. */
    private static final int MAX_MISSPELT_LENGTH = 40;

    private NameSuggestion() {}

    /**
     * Returns the end of a message that suggests a name; empty if none is similar: up to a third of the chars may
     * differ.
     */
    public static String suggestion(String written, Collection<String> known) {
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

    /** Returns the edit distance of two strings, in chars; swapping two neighbours, a common slip, is one edit. */
    private static int distance(String a, String b) {
        int[][] rows = new int[a.length() + 1][b.length() + 1];
        Arrays.setAll(rows[0], j -> j);
        for (int i = 1; i <= a.length(); i++) {
            rows[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                rows[i][j] = Math.min(substitution, 1 + Math.min(rows[i - 1][j], rows[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
                }
            }
        }
        return rows[a.length()][b.length()];
    }
}
