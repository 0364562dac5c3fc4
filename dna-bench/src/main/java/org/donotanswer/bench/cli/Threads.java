package org.donotanswer.bench.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The option {@code --threads}. */
final class Threads {
    private Threads() {}

    /** Returns the number of threads asked for, by default one for each processor. */
    static int of(CommandSpec spec, @Nullable Integer threads) {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        if (threads < 1) {
            throw new ParameterException(spec.commandLine(), "--threads must be at least 1, but was " + threads);
        }
        return threads;
    }
}
