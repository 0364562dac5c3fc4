package org.donotanswer.bench.cli;

import org.donotanswer.bench.UsageException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --threads}. Not thread-safe. */
@InSection(HelpSection.COMPUTATION)
final class ThreadsOption {
    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of computing threads. Default: one per processor.")
    private @Nullable Integer threads;

    /** Returns what the user gave; null if nothing. */
    @Nullable
    Integer given() {
        return threads;
    }

    /**
     * Returns the number of threads.
     *
     * @throws UsageException if it is below 1
     */
    int value() {
        if (threads == null) {
            return Runtime.getRuntime().availableProcessors();
        }
        UsageException.requireAtLeast("--threads", 1, threads);
        return threads;
    }
}
