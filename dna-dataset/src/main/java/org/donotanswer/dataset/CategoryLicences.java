package org.donotanswer.dataset;

import com.google.common.base.CharMatcher;
import com.google.common.base.Splitter;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Licences of a source that consists of others:
 * {@code by category: Ducks MIT; Geese and Swans CC BY-NC 4.0; Hen-* none stated}. The category of an example starts with the
 * name of the source that it is from, in any case, and may go on after a space or comma.
 */
final class CategoryLicences {
    private static final String PREFIX = "by category:";
    private static final Splitter CLAUSES = Splitter.on(';').trimResults().omitEmptyStrings();
    private static final CharMatcher SEPARATOR = CharMatcher.anyOf(" ,");
    private static final Splitter WORDS = Splitter.on(SEPARATOR).omitEmptyStrings();

    private CategoryLicences() {}

    /** Returns the clause for the category; if there is not exactly one, the whole licence. */
    static String licence(String licence, String category) {
        if (!licence.startsWith(PREFIX)) {
            return licence;
        }
        List<String> matching = CLAUSES.splitToStream(licence.substring(PREFIX.length()))
                .filter(clause -> StreamSupport.stream(WORDS.split(clause).spliterator(), false)
                        .anyMatch(word -> isNamed(category, word)))
                .toList();
        return matching.size() == 1 ? matching.get(0) : licence;
    }

    private static boolean isNamed(String category, String word) {
        if (word.endsWith("*")) {
            return category.regionMatches(true, 0, word, 0, word.length() - 1);
        }
        return category.regionMatches(true, 0, word, 0, word.length())
                && (category.length() == word.length() || SEPARATOR.matches(category.charAt(word.length())));
    }
}
