package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.donotanswer.harness.collect.InstructionSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the instructions of a run come from: exactly one of two sources. Not thread-safe. */
@InSection(HelpSection.INPUT_OUTPUT)
final class QuestionOptions {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Directory of the published Do-Not-Answer files, or its data_en.csv: the benchmark's"
                    + " questions. Required unless --questions is given.")
    private @Nullable Path data;

    @Option(
            names = "--questions",
            required = true,
            paramLabel = "FILE",
            description = "Your own instructions as " + TableOptions.FORMATS + ", with id, instruction (or question,"
                    + " prompt, ...) and, optionally, benign (true or false) or risky, and specificHarm (by its"
                    + " name in docs/specific-harms.md). Required unless --data is given.")
    private @Nullable Path questions;

    /** Returns the instructions, and says on standard error which labels of the file are not used. */
    InstructionSet load(TableOptions table, Streams streams) throws IOException {
        if (data != null) {
            return InstructionSet.ofBenchmark(data);
        }
        return InstructionSet.read(Objects.requireNonNull(questions), table.settings(), column -> streams.err()
                .println("Column " + column.label() + " of the questions is not used."));
    }
}
