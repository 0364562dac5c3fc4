package org.donotanswer.guard.policy;

/**
 * Thrown for a policy whose JSON or YAML is invalid. The message gives the location and the file. Immutable, hence
 * thread-safe.
 */
public final class PolicyFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    PolicyFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    PolicyFormatException(String message) {
        super(message);
    }
}
