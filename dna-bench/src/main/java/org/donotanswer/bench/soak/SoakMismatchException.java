package org.donotanswer.bench.soak;

/** Thrown when a result is neither that of the oracle nor what is documented for a fault. Holds no user text. */
final class SoakMismatchException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SoakMismatchException(String message) {
        super(message);
    }

    /** Throws unless the condition holds. */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new SoakMismatchException(message);
        }
    }
}
