package org.donotanswer.harness.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/** Thrown when the output cannot be written. Immutable, hence thread-safe. */
public final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception about the standard output. */
    public OutputException(IOException cause) {
        super("output could not be written (" + cause.getMessage() + ")", cause);
    }

    /** Creates an exception about a file. */
    public OutputException(Path file, IOException cause) {
        super("file could not be written: " + reason(cause) + " (" + file + ")", cause);
    }

    private static String reason(IOException cause) {
        if (cause instanceof AccessDeniedException) {
            return "access was denied";
        }
        if (cause instanceof FileSystemException failure) {
            // Its message starts with the name of a file, possibly a temporary one.
            return failure.getReason() == null ? failure.getClass().getSimpleName() : failure.getReason();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Returns whether the reader of the output has gone, as with {@code dna .. | head}, which is not worth a message. */
    public boolean isClosedPipe() {
        String message = String.valueOf(getCause().getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("broken pipe") || message.contains("pipe is being closed");
    }
}
