package org.donotanswer.fuzz;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What every reader of foreign bytes does with any input: it returns a value, or throws one of its documented exceptions with
 * a message. Errors such as {@link StackOverflowError} are never documented. Stateless, hence thread-safe.
 */
public final class ReaderContract {
    private ReaderContract() {}

    /** Reads an input. */
    @FunctionalInterface
    public interface Reading<T> {
        T read() throws Exception;
    }

    /**
     * Returns what a reader returned; empty if it refused the input as documented.
     *
     * @throws AssertionError if it threw anything else, or without a message
     */
    public static <T> Optional<T> read(Reading<T> reading, Class<?>... documented) {
        try {
            return Optional.of(reading.read());
        } catch (Exception e) {
            if (Stream.of(documented).noneMatch(type -> type.isInstance(e))) {
                throw new AssertionError(
                        "reader must throw what it documents, but threw "
                                + e.getClass().getName(),
                        e);
            }
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("exception must have a message, but had none", e);
            }
            return Optional.empty();
        }
    }
}
