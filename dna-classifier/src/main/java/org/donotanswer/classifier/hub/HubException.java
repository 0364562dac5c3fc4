package org.donotanswer.classifier.hub;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Says why a repository's files could not be had: what was required, what was found instead, and, where there is
 * something, what to do. No message holds an access token. Immutable but for what every throwable can have changed.
 */
public final class HubException extends IOException {
    private static final long serialVersionUID = 1L;

    HubException(String message) {
        super(message);
    }

    HubException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
