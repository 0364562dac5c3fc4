package org.donotanswer.guard.langchain4j;

import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;

/** Chooses the same language for every request. */
record FixedLocale<T>(Locale locale) implements Function<T, Locale> {
    FixedLocale {
        Objects.requireNonNull(locale, "locale");
    }

    @Override
    public Locale apply(T request) {
        return locale;
    }

    @Override
    public String toString() {
        return locale.toString();
    }
}
