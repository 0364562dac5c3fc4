package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.harness.io.Output;
import picocli.CommandLine.Option;

/** The option by which commands replace outputs that exist. {@link OutputRule} has checked them. Not thread-safe. */
final class OverwriteOption {
    /** The option's name. */
    static final String NAME = "--overwrite";

    private static final String STANDARD = "-";

    @Option(
            names = NAME,
            description = "Replace what exists under the name of an output, except files that the command reads."
                    + " Default: an output that exists is an error.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private boolean overwrite;

    /** Returns whether outputs that exist are replaced. */
    boolean isGiven() {
        return overwrite;
    }

    /** Opens a file, which appears when it is complete. */
    Output open(Path file) throws IOException {
        return overwrite ? Output.replacing(file) : Output.file(file);
    }

    /** Opens a file, or the standard output if its name is -. */
    Output open(String file, Streams streams) throws IOException {
        return file.equals(STANDARD) ? Output.standard(streams.out()) : open(Path.of(file));
    }
}
