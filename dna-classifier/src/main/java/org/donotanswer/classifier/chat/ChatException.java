package org.donotanswer.classifier.chat;

import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when an LLM gives no reply. The message says what was wrong. It contains neither the key nor text of the user
 * or the LLM. Not thread-safe, like every throwable.
 */
public final class ChatException extends IOException {
    private static final long serialVersionUID = 1L;

    /** The kinds of failures. */
    public enum FailureKind {
        /** The endpoint does not accept the key, or does not permit it to use the model: status 401 or 403. */
        AUTHENTICATION(false),
        /**
         * The endpoint does not exist: its host is unknown, or it has no such path (status 404 that does not mention
         * the model).
         */
        UNKNOWN_ENDPOINT(false),
        /** The endpoint does not have the model. */
        UNKNOWN_MODEL(false),
        /**
         * The endpoint does not accept the request: status 400, and any other from 401 to 499 that has no kind here.
         */
        REJECTED(false),
        /** There were too many requests, or the quota is used up: status 429. */
        RATE_LIMITED(true),
        /** The endpoint failed: status 500 and above. */
        SERVER_FAILURE(true),
        /** The connection was refused or broke. */
        CONNECTION(true),
        /** No reply came in time. */
        TIMEOUT(true),
        /** The reply is malformed: broken JSON, no choices or no message. */
        MALFORMED_REPLY(true);

        private final boolean retryable;

        FailureKind(boolean retryable) {
            this.retryable = retryable;
        }

        /** Returns whether the same request may succeed later. */
        public boolean isRetryable() {
            return retryable;
        }
    }

    private final FailureKind kind;
    private final int status;
    private final @Nullable Duration retryAfter;
    private final boolean aboutKey;

    /**
     * Creates an exception with a status.
     *
     * @param message what was wrong, in the form {@code <subject> <requirement>, but was <value>}
     * @param status the HTTP status; empty if there was none
     * @param retryAfter how long the endpoint asks to wait; empty if it does not say
     */
    public ChatException(String message, FailureKind kind, OptionalInt status, Optional<Duration> retryAfter) {
        this(message, kind, status, retryAfter, false);
    }

    /**
     * Creates an exception with a status.
     *
     * @param aboutKey whether the endpoint says that it objects to the key, and not to the text of the request
     */
    ChatException(
            String message, FailureKind kind, OptionalInt status, Optional<Duration> retryAfter, boolean aboutKey) {
        super(message);
        this.aboutKey = aboutKey;
        this.kind = Objects.requireNonNull(kind, "kind");
        this.status = status.orElse(-1);
        this.retryAfter = retryAfter.orElse(null);
    }

    /** Creates an exception without a status. */
    public ChatException(String message, FailureKind kind) {
        this(message, kind, OptionalInt.empty(), Optional.empty());
    }

    /** Returns the kind of failure. */
    public FailureKind kind() {
        return kind;
    }

    /** Returns whether the endpoint says that it objects to the key. */
    boolean isAboutKey() {
        return aboutKey;
    }

    /** Returns the HTTP status, if there was one. */
    public OptionalInt status() {
        return status < 0 ? OptionalInt.empty() : OptionalInt.of(status);
    }

    /** Returns how long the endpoint asks to wait, if it does. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
