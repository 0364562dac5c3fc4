package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.io.OutputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * The one rule for what a failed command prints and returns. The system property {@code dna.debug} adds the stack trace of
 * a failure.
 *
 * <table>
 *   <caption>What is printed, on one line each</caption>
 *   <tr><th>Exception</th><th>Exit code</th><th>Message</th></tr>
 *   <tr><td>{@link UsageException}</td><td>2</td><td>its message, and where to find help</td></tr>
 *   <tr><td>{@link CommandLine.ParameterException}</td><td>2</td><td>that of {@link UsageMessages}, and the same</td></tr>
 *   <tr><td>{@link OutputException} as the reader of a pipe has left</td><td>1</td><td>none</td></tr>
 *   <tr><td>{@link InterruptedException}</td><td>1</td><td>"interrupted"; the thread is interrupted again</td></tr>
 *   <tr><td>any caused by {@link OutOfMemoryError}</td><td>1</td><td>how to give more memory</td></tr>
 *   <tr><td>{@link UncheckedIOException}</td><td>1</td><td>that of its cause</td></tr>
 *   <tr><td>{@link NoSuchFileException}, {@link AccessDeniedException}</td><td>1</td><td>a sentence with the file</td></tr>
 *   <tr><td>other {@link IOException}, {@link IllegalStateException}</td><td>1</td><td>its message</td></tr>
 *   <tr><td>any other: a bug</td><td>1</td><td>a request to report it</td></tr>
 * </table>
 *
 * <p>Thread-safe.
 */
final class ErrorHandler implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    static final String OUT_OF_MEMORY = "memory must suffice, but was exhausted (raise the limit by java -Xmx)";

    private final Streams streams;

    ErrorHandler(Streams streams) {
        this.streams = streams;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (Boolean.getBoolean("dna.debug")) {
            failure.printStackTrace(streams.err());
        }
        if (failure instanceof UsageException) {
            return usage(command, failure.getMessage());
        }
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (!(failure instanceof OutputException output && output.isClosedPipe())) {
            print(command, message(failure));
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException failure, String[] args) {
        return usage(failure.getCommandLine(), UsageMessages.of(failure, args));
    }

    private int usage(CommandLine command, @Nullable String message) {
        print(command, String.valueOf(message));
        streams.err().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    private void print(CommandLine command, String message) {
        streams.err().println(command.getCommandSpec().qualifiedName() + ": " + message);
    }

    static String message(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return OUT_OF_MEMORY;
            }
        }
        if (failure instanceof InterruptedException) {
            return "interrupted";
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return message(unchecked.getCause());
        }
        if (failure instanceof NoSuchFileException missing) {
            String requirement = missing.getReason() == null ? "file must exist" : missing.getReason();
            return requirement + ", but was missing (" + missing.getFile() + ")";
        }
        if (failure instanceof AccessDeniedException denied && denied.getReason() == null) {
            return "file must be accessible, but was not (" + denied.getFile() + ")";
        }
        if (failure instanceof IOException || failure instanceof IllegalStateException) {
            return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        }
        return "unexpected failure, please report it: " + failure + " (run java with -Ddna.debug=true for details)";
    }
}
