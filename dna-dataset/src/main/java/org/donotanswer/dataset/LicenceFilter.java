package org.donotanswer.dataset;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Licences that contain one of several patterns as whole words. */
final class LicenceFilter {
    private static final String UNKNOWN = "unknown";

    private final List<Pattern> patterns;

    /**
     * Creates a filter.
     *
     * @throws IllegalArgumentException if a pattern is blank
     */
    LicenceFilter(Collection<String> patterns) {
        this.patterns = patterns.stream().map(LicenceFilter::wholeWords).toList();
    }

    private static Pattern wholeWords(String pattern) {
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("licence pattern must not be blank, but was");
        }
        return Pattern.compile(
                "(?<![\\p{L}\\p{N}])" + Pattern.quote(pattern.strip()) + "(?![\\p{L}\\p{N}])",
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    boolean matches(Optional<String> licence) {
        String text = licence.orElse(UNKNOWN);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(text).find());
    }
}
