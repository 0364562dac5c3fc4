package org.donotanswer.guard.springboot;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reports a property that prevents the application from starting. The message names it, but never holds a secret. */
final class GuardPropertyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    GuardPropertyException(String message) {
        super(message);
    }

    GuardPropertyException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Hands a property's value to a builder's option, if it is set; what the option objects to is reported for the property. */
    static <T> void ifSet(String property, @Nullable T value, Consumer<T> option) {
        if (value != null) {
            try {
                option.accept(value);
            } catch (IllegalArgumentException | IllegalStateException e) {
                throw new GuardPropertyException(name(property) + ": " + e.getMessage(), e);
            }
        }
    }

    /** Returns what a builder builds; what it objects to is reported for the properties with a prefix. */
    static <T> T build(String prefix, Supplier<T> builder) {
        try {
            return builder.get();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new GuardPropertyException(prefix + ": " + e.getMessage(), e);
        }
    }

    /** Returns the full name of a property. */
    static String name(String property) {
        return GuardProperties.PREFIX + "." + property;
    }
}
