package org.donotanswer.internal;

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

    /** Returns how many chars are inserted, left out, replaced, or swapped with the next one. */
    private static int distance(String a, String b) {
        int[][] distances = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distances[i][j] = i == 0 || j == 0 ? i + j : distance(a, b, i, j, distances);
            }
        }
        return distances[a.length()][b.length()];
    }

    /** Returns the distance of the first {@code i} chars from the first {@code j} chars, given those of fewer. */
    private static int distance(String a, String b, int i, int j, int[][] distances) {
        int replaced = distances[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(distances[i - 1][j], distances[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, 1 + distances[i - 2][j - 2]) : best;
    }
}
