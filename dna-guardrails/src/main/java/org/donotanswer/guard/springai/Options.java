package org.donotanswer.guard.springai;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What builders check. */
final class Options {
    private Options() {}

    /** Returns the value of an option that was not set before. */
    static <T> T once(String name, @Nullable T before, T value) {
        if (before != null) {
            throw new IllegalStateException(name + " must be set once, but was " + before + " and then " + value);
        }
        return Objects.requireNonNull(value, name);
    }
}
