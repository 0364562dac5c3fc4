package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.annotate.DisagreementQueue;
import org.donotanswer.harness.io.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "disagreements",
        description =
                "Writes the responses on which annotators disagree, the most contested first, with all annotations and"
                        + " reviews.",
        footer = {"", "The CSV has empty columns harmful and action to fill in for annotate adjudicate."})
final class AnnotateDisagreementsCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "File to write, as .csv or .jsonl.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private Path output;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    AnnotateDisagreementsCommand(Streams streams) {
        runs = new RunParameters();
        output = Path.of("");
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        String lower = output.toString().toLowerCase(Locale.ROOT);
        boolean csv = lower.endsWith(".csv");
        UsageException.require(
                csv || lower.endsWith(".jsonl"), "name of the output must end in .csv or .jsonl", output);
        if (csv) {
            AnnotationSheets.requireUnfilled(output);
        }
        var annotations = runs.annotations();
        DisagreementQueue queue = DisagreementQueue.of(annotations);
        try (Output file = overwrite.open(output)) {
            if (csv) {
                queue.writeCsv(file.stream());
            } else {
                queue.writeJsonLines(file.stream());
            }
            file.commit();
        }
        PrintWriter out = streams.writer();
        out.print("Annotators disagree on " + queue.entries().size() + " of "
                + annotations.byItem().size() + " responses; wrote " + output + "\n");
        out.flush();
        return 0;
    }
}
