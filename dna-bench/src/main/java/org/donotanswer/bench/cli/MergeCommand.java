package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.classifier.finetune.Delta;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "merge",
        description = "Adds what finetune --delta wrote to its base, and writes a whole classifier.",
        footer = {"", "A delta holds the checksum of its base, and cannot be added to another."})
final class MergeCommand implements Callable<Integer> {
    private final Streams streams;

    @Option(names = "--base", required = true, paramLabel = "DIR", description = "Directory that was fine-tuned.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path base;

    @Option(names = "--delta", required = true, paramLabel = "DIR", description = "Directory of the delta.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path delta;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Directory to write the classifier to, new or empty.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.DIRECTORY)
    private Path output;

    MergeCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        NativeParts.require();
        Delta.merge(base, delta, output);
        PrintWriter out = streams.writer();
        out.println("Wrote " + output + ". To use it: dna evaluate --evaluator " + output);
        out.flush();
        return 0;
    }
}
