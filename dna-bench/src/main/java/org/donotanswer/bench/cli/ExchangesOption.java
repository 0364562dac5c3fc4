package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the exchanges with which commands measure. Not thread-safe. */
final class ExchangesOption {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Directory of the published Do-Not-Answer files, whose exchanges are evaluated. Default: a few"
                            + " exchanges that come with dna.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path data;

    /**
     * Returns the exchanges.
     *
     * @throws IOException if they cannot be read
     */
    BenchmarkExchanges load() throws IOException {
        return data == null ? BenchmarkExchanges.bundled() : BenchmarkExchanges.published(existing(data));
    }

    /**
     * Returns the exchanges as the JVMs of benchmarks, which get the same property, find them.
     *
     * @throws IOException if they cannot be read
     */
    BenchmarkExchanges loadForAllJvms() throws IOException {
        if (data != null) {
            System.setProperty(
                    BenchmarkExchanges.DATA, existing(data).toAbsolutePath().toString());
        }
        return BenchmarkExchanges.load();
    }

    private static Path existing(Path data) throws NoSuchFileException {
        if (!Files.exists(data)) {
            throw new NoSuchFileException(data.toString());
        }
        return data;
    }
}
