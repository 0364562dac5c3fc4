package org.donotanswer.guard.langchain4j;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks the options of this package's builders. */
final class Options {
    private Options() {}

    /**
     * Returns a value that is set for the first time.
     *
     * @throws IllegalStateException if it was set before
     */
    static <T> T once(String name, @Nullable Object before, T value) {
        Objects.requireNonNull(value, name);
        if (before != null) {
            throw new IllegalStateException(name + " must be set once, but was " + before + " and then " + value);
        }
        return value;
    }
}
