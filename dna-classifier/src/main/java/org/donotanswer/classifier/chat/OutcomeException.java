package org.donotanswer.classifier.chat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries the outcome of a request through LangChain4j, which would lose information: a reply that LangChain4j takes
 * for a failure, or a failure with its kind. If it has neither, the thread was interrupted.
 */
final class OutcomeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable ChatReply reply;
    private final @Nullable ChatException failure;

    private OutcomeException(@Nullable ChatReply reply, @Nullable ChatException failure) {
        super("outcome", null, false, false);
        this.reply = reply;
        this.failure = failure;
    }

    static OutcomeException of(ChatReply reply) {
        return new OutcomeException(reply, null);
    }

    static OutcomeException of(ChatException failure) {
        return new OutcomeException(null, failure);
    }

    static OutcomeException interrupted() {
        return new OutcomeException(null, null);
    }

    Optional<ChatReply> reply() {
        return Optional.ofNullable(reply);
    }

    Optional<ChatException> failure() {
        return Optional.ofNullable(failure);
    }
}
