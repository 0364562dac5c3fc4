package org.donotanswer.internal;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Checks that builders share. Stateless, hence thread-safe. */
public final class BuilderChecks {
    private BuilderChecks() {}

    /**
     * Returns the value of an option that is set for the first time:
     * {@code seed = setOnce("seed", seed, value)}.
     *
     * @throws IllegalStateException if it was set before; the message shows both values
     */
    public static <T> T setOnce(String name, @Nullable Object before, T value) {
        Objects.requireNonNull(value, name);
        if (before != null) {
            throw new IllegalStateException(name + " must be set once, but was " + before + " and then " + value);
        }
        return value;
    }

    /**
     * Returns the value of an option that is set for the first time and that no message may show, such as a key.
     *
     * @throws IllegalStateException if it was set before; the message shows no value
     */
    public static <T> T setSecretOnce(String name, @Nullable Object before, T value) {
        Objects.requireNonNull(value, name);
        if (before != null) {
            throw new IllegalStateException(name + " must be set once, but was set twice");
        }
        return value;
    }

    /**
     * Returns the value of a required option.
     *
     * @throws IllegalStateException if it was not set
     */
    public static <T> T requireSet(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException(name + " must be set, but was not");
        }
        return value;
    }

    /**
     * Returns a value that has a minimum.
     *
     * @throws IllegalArgumentException if it is less
     */
    public static int requireAtLeast(String name, int minimum, int value) {
        if (value < minimum) {
            throw new IllegalArgumentException(name + " must be at least " + minimum + ", but was " + value);
        }
        return value;
    }
}
