package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.donotanswer.harness.io.OutputException;
import picocli.CommandLine;

/**
 * Turns what a command threw into one line for its user and the exit code 1. The system property {@code dna.debug} adds the
 * stack trace.
 */
final class ErrorHandler implements CommandLine.IExecutionExceptionHandler, CommandLine.IParameterExceptionHandler {
    static final String OUT_OF_MEMORY = "memory must suffice, but was exhausted (give more by java -Xmx)";

    private final Streams streams;

    ErrorHandler(Streams streams) {
        this.streams = streams;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        if (!(failure instanceof OutputException output && output.isClosedPipe())) {
            streams.err().println(command.getCommandSpec().qualifiedName() + ": " + message(failure));
        }
        if (Boolean.getBoolean("dna.debug")) {
            failure.printStackTrace(streams.err());
        }
        return CommandLine.ExitCode.SOFTWARE;
    }

    @Override
    public int handleParseException(CommandLine.ParameterException failure, String[] args) {
        String name = failure.getCommandLine().getCommandSpec().qualifiedName();
        streams.err().println(name + ": " + failure.getMessage());
        streams.err().println("Try '" + name + " --help'.");
        return CommandLine.ExitCode.USAGE;
    }

    static String message(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError) {
                return OUT_OF_MEMORY;
            }
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return message(unchecked.getCause());
        }
        if (failure instanceof NoSuchFileException missing) {
            String requirement = missing.getReason() == null ? "file must exist" : missing.getReason();
            return requirement + ", but was missing (" + missing.getFile() + ")";
        }
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            if (failure instanceof AccessDeniedException) {
                return "file must be accessible, but was not (" + file.getFile() + ")";
            }
        }
        if (failure instanceof InterruptedException) {
            return "interrupted";
        }
        if (failure instanceof IOException || failure instanceof IllegalStateException) {
            return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        }
        return "unexpected failure, please report it: " + failure + " (run java with -Ddna.debug=true for details)";
    }
}
