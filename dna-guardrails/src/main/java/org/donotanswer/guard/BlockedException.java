package org.donotanswer.guard;

import java.util.Objects;
import java.util.Optional;

/**
 * Thrown where a text must not be shown and there is no other way to report it. Holds the verdict; the message names
 * reason and outcome, never user text. Immutable, hence thread-safe.
 */
public final class BlockedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Verdict verdict;

    /** Creates the exception for a verdict. */
    public BlockedException(Verdict verdict) {
        super(verdict.subject().name().toLowerCase(java.util.Locale.ROOT) + " must pass the safety guard, but was "
                + verdict.outcome() + " for the reason " + verdict.reason());
        this.verdict = Objects.requireNonNull(verdict, "verdict");
    }

    /** Returns the verdict. */
    public Verdict verdict() {
        return verdict;
    }

    /**
     * Returns the verdict of the first {@code BlockedException} among a throwable and its causes; empty if there is
     * none.
     */
    public static Optional<Verdict> verdictOf(Throwable throwable) {
        int depth = 0;
        for (Throwable each = throwable; each != null && depth < 100; each = each.getCause(), depth++) {
            if (each instanceof BlockedException blocked) {
                return Optional.ofNullable(blocked.verdict);
            }
        }
        return Optional.empty();
    }
}
