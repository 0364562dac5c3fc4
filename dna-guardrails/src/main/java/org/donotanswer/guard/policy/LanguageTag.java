package org.donotanswer.guard.policy;

import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks language tags (BCP 47), for example de or de-AT. Stateless, hence thread-safe. */
final class LanguageTag {
    private static final String UNDETERMINED = "und";
    private static final int MAX_LANGUAGE_LENGTH = 3;
    private static final int MAX_SHOWN_LENGTH = 40;

    private LanguageTag() {}

    /**
     * Returns the tag in the form of {@link Locale#toLanguageTag()}; an empty tag, for no language, stays empty.
     *
     * @throws IllegalArgumentException if it is not a tag, or its language has two letters but is not in ISO 639
     */
    static String canonical(String tag) {
        if (tag.isEmpty() || tag.equals(UNDETERMINED)) {
            return "";
        }
        Locale locale;
        try {
            locale = new Locale.Builder().setLanguageTag(tag).build();
        } catch (IllformedLocaleException e) {
            throw notATag(tag, suggestion(tag), e);
        }
        String language = locale.getLanguage();
        // Longer ones are reserved: "german" is a well-formed tag, but not a language.
        boolean known = language.length() == 2
                ? Set.of(Locale.getISOLanguages()).contains(language)
                : language.length() == MAX_LANGUAGE_LENGTH;
        if (!known) {
            throw notATag(tag, "", null);
        }
        return locale.toLanguageTag();
    }

    private static String suggestion(String tag) {
        return tag.contains("_") && tag.length() <= MAX_SHOWN_LENGTH
                ? " (did you mean '" + tag.replace('_', '-') + "'?)"
                : "";
    }

    private static IllegalArgumentException notATag(String tag, String suggestion, @Nullable Throwable cause) {
        String shown = tag.length() <= MAX_SHOWN_LENGTH ? tag : tag.substring(0, MAX_SHOWN_LENGTH) + "...";
        return new IllegalArgumentException(
                "language must be empty or a tag, for example de or de-AT, but was '" + shown + "'" + suggestion,
                cause);
    }
}
