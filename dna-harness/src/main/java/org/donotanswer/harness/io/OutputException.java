package org.donotanswer.harness.io;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/** Thrown when the output cannot be written. */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    public OutputException(IOException cause) {
        super("output must be writable, but was not (" + cause.getMessage() + ")", cause);
    }

    /** Creates one that names a file. */
    public OutputException(Path file, IOException cause) {
        super("file must be writable, but was not: " + reason(cause) + " (" + file + ")", cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException failure) {
            // Its message begins with a file, which may be a temporary one.
            return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Returns whether nobody reads the output any more, as when it is piped into {@code head}: no reason to complain. */
    public boolean isClosedPipe() {
        String message = String.valueOf(getCause().getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || message.contains("pipe is being closed");
    }
}
