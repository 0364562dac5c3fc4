package org.donotanswer.classifier.hub;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure that the next request may not meet. */
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

    /** What the caller gets to see when there is no next request. */
    HubException failure() {
        return failure;
    }

    /** How long the server wants to be left alone; null if it did not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
