package org.donotanswer.classifier.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Thrown when a request failed for a reason that may pass. */
final class TransientHubException extends Exception {
    private static final long serialVersionUID = 1L;

    private final HubException failure;
    private final @Nullable Duration retryAfter;

    TransientHubException(HubException failure) {
        this(failure, null);
    }

    TransientHubException(HubException failure, @Nullable Duration retryAfter) {
        super(failure);
        this.failure = failure;
        this.retryAfter = retryAfter;
    }

    /** Returns the exception that the caller receives if the request is not repeated. */
    HubException failure() {
        return failure;
    }

    /** Returns how long the server asks to wait; null if it does not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
