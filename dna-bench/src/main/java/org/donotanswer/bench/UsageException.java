package org.donotanswer.bench;

import java.util.function.Supplier;

/** Thrown when a command is used wrongly: the exit code is 2. Immutable, hence thread-safe. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }

    /** Throws if the condition does not hold. */
    public static void require(boolean condition, String requirement, Object found) {
        if (!condition) {
            throw new UsageException(requirement + ", but was " + found);
        }
    }

    /** Throws if a number is below its minimum. */
    public static void requireAtLeast(String option, long minimum, long value) {
        require(value >= minimum, option + " must be at least " + minimum, value);
    }

    /** Returns what the supplier returns; values that it rejects are wrong usage. */
    public static <T> T orUsage(Supplier<T> supplier) {
        try {
            return supplier.get();
        } catch (IllegalArgumentException e) {
            UsageException usage = new UsageException(String.valueOf(e.getMessage()));
            usage.initCause(e);
            throw usage;
        }
    }
}
