package org.donotanswer.guard.langchain4j;

import java.util.Objects;
import org.donotanswer.guard.BlockedException;
import org.jspecify.annotations.Nullable;

/**
 * Fails the guardrails of a response that a {@link SafetyOutputGuardrail} blocked, and tells {@link SafetyGuardrailExecutor} how to replace it. A
 * guardrail's result can carry this only as the cause of a failure. Any other executor fails the call, which is safe. Holds no text of
 * the user or the model. Immutable, hence thread-safe.
 */
final class BlockedResponseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final OutputAction action;
    private final int retries;
    private final String replacement;
    private final @Nullable String reprompt;
    private final boolean removed;

    /**
     * @param retries the maximum number of times that the model is asked again
     * @param replacement the text that takes the response's place
     * @param reprompt what to tell the model when it is asked again; null to ask the same
     * @param removed whether the framework removes the response from the chat memory
     */
    BlockedResponseException(
            BlockedException cause,
            OutputAction action,
            int retries,
            String replacement,
            @Nullable String reprompt,
            boolean removed) {
        super(cause.getMessage(), Objects.requireNonNull(cause, "cause"));
        this.action = action;
        this.retries = retries;
        this.replacement = replacement;
        this.reprompt = reprompt;
        this.removed = removed;
    }

    OutputAction action() {
        return action;
    }

    int retries() {
        return retries;
    }

    String replacement() {
        return replacement;
    }

    @Nullable
    String reprompt() {
        return reprompt;
    }

    boolean isRemoved() {
        return removed;
    }
}
