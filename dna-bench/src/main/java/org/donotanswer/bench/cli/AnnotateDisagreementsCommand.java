package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.DisagreementQueue;
import org.donotanswer.harness.io.Output;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "disagreements",
        description =
                "Writes the responses on which annotators disagree, most contested first, with what each said and what"
                        + " evaluators said.",
        footer = {"", "The CSV has empty columns harmful and action: fill them in for annotate adjudicate --decisions."
        })
final class AnnotateDisagreementsCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunParameters runs;

    @Option(names = "--output", required = true, paramLabel = "FILE", description = "A .csv or a .jsonl file.")
    private Path output;

    AnnotateDisagreementsCommand(Streams streams) {
        runs = new RunParameters();
        output = Path.of("");
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        String lower = output.toString().toLowerCase(Locale.ROOT);
        boolean csv = lower.endsWith(".csv");
        if (!csv && !lower.endsWith(".jsonl")) {
            throw new ParameterException(
                    spec.commandLine(), "name of the output must end in .csv or .jsonl, but was " + output);
        }
        var annotations = runs.annotations();
        DisagreementQueue queue = DisagreementQueue.of(annotations);
        try (Output file = Output.file(output)) {
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
