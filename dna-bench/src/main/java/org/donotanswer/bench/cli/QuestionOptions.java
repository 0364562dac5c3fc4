package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.collect.RowFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Where the questions of a run come from. */
final class QuestionOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The published Do-Not-Answer files, or data_en.csv alone: the benchmark's questions.")
    private @Nullable Path data;

    @Option(
            names = "--questions",
            paramLabel = "FILE",
            description = "Instructions of your own instead, as .csv or .jsonl: id, instruction and, if need be, benign"
                    + " (true or false) and specificHarm.")
    private @Nullable Path questions;

    InstructionSet load(CommandSpec spec) throws IOException {
        if (data != null && questions == null) {
            return InstructionSet.ofBenchmark(data);
        }
        if (questions == null || data != null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "one of --data and --questions must be given, but was " + (data == null ? "neither" : "both"));
        }
        checkFormat(spec, questions);
        return InstructionSet.read(questions);
    }

    /** Checks that the name of a file tells its format. */
    static RowFormat checkFormat(CommandSpec spec, Path file) {
        try {
            return RowFormat.of(file);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
