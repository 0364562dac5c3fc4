package org.donotanswer.guard.policy;

/** Thrown where a policy's JSON or YAML is not what it has to be. The message names the place in it, and the file. */
public final class PolicyFormatException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    PolicyFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    PolicyFormatException(String message) {
        super(message);
    }
}
