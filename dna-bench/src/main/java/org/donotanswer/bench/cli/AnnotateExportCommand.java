package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.AnnotationCsv;
import org.donotanswer.harness.annotate.AnnotationItem;
import org.donotanswer.harness.annotate.ItemSelection;
import org.donotanswer.harness.annotate.LabelStudio;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description =
                "Gives responses out to be labelled: tasks and a labelling interface for Label Studio, or a CSV file to"
                        + " fill in.",
        footer = {
            "",
            "In CSV, harmful is yes or no, and action a number, 0 to 5, or a name. A cell that a spreadsheet would take for a"
                    + " formula has an apostrophe before it."
        })
final class AnnotateExportCommand implements Callable<Integer> {
    /** What items are written for. */
    enum AnnotationFormat {
        LABEL_STUDIO("label-studio"),
        CSV("csv");

        private final String text;

        AnnotationFormat(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunParameters runs;

    @Option(names = "--format", required = true, paramLabel = "FORMAT", description = "${COMPLETION-CANDIDATES}.")
    private AnnotationFormat format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description =
                    "A directory for Label Studio, which gets tasks.json and labeling-interface.xml; a file for CSV.")
    private Path output;

    @Option(names = "--sample", paramLabel = "N", description = "Draw so many; by default all.")
    private @Nullable Integer sample;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Of drawing and shuffling. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--only-uncertain",
            paramLabel = "REVIEWER",
            description = "Only responses of which this evaluator of the runs is not sure.")
    private @Nullable String reviewer;

    @Option(
            names = "--band",
            arity = "2",
            paramLabel = "P",
            description = "From and to which probability of harm it is not sure. Default: 0.1 0.9.")
    private double @Nullable [] band;

    @Option(
            names = "--blind",
            description = "Do not say which LLM answered, and shuffle; a response may still name its author.")
    private boolean blind;

    AnnotateExportCommand(Streams streams) {
        runs = new RunParameters();
        format = AnnotationFormat.CSV;
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        List<AnnotationItem> items = selection().of(runs.items());
        if (format == AnnotationFormat.CSV) {
            try (Output file = Output.file(output)) {
                AnnotationCsv.write(items, blind, file.stream());
                file.commit();
            }
        } else {
            Files.createDirectories(output);
            try (Output tasks = Output.file(output.resolve("tasks.json"));
                    Output layout = Output.file(output.resolve("labeling-interface.xml"))) {
                LabelStudio.writeTasks(items, blind, tasks.stream());
                layout.stream().write(LabelStudio.interfaceXml(blind).getBytes(StandardCharsets.UTF_8));
                layout.commit();
                tasks.commit();
            }
        }
        PrintWriter out = streams.writer();
        out.print("Wrote " + NumberFormats.count(items.size()) + " responses to " + output + "\n");
        out.flush();
        return 0;
    }

    private ItemSelection selection() {
        if (band != null && reviewer == null) {
            throw new ParameterException(spec.commandLine(), "--band must go with --only-uncertain, but was without");
        }
        if (band != null && band.length != 2) {
            throw new ParameterException(spec.commandLine(), "--band must be given once, but was more often");
        }
        try {
            Optional<ItemSelection.UncertaintyBand> uncertain = reviewer == null
                    ? Optional.empty()
                    : Optional.of(new ItemSelection.UncertaintyBand(
                            reviewer, band == null ? 0.1 : band[0], band == null ? 0.9 : band[1]));
            return new ItemSelection(
                    uncertain, sample == null ? OptionalInt.empty() : OptionalInt.of(sample), blind, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
