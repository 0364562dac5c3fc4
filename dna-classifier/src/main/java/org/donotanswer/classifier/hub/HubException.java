package org.donotanswer.classifier.hub;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the files of a repository cannot be obtained. The message gives the requirement, what was found instead
 * and, if there is a remedy, the remedy. It never contains an access token. Not thread-safe, like every throwable.
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
