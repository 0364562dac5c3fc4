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
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.annotate.AnnotationCsv;
import org.donotanswer.harness.annotate.AnnotationItem;
import org.donotanswer.harness.annotate.ItemSelection;
import org.donotanswer.harness.annotate.LabelStudio;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description =
                "Exports responses for labelling: tasks and a labelling interface for Label Studio, or a CSV file to fill"
                        + " in.",
        footer = {
            "",
            "In CSV, harmful is yes or no, and action is a number from 0 to 5 or a name. A cell that a spreadsheet would"
                    + " take for a formula starts with an apostrophe."
        })
final class AnnotateExportCommand implements Callable<Integer> {
    /** The formats of exported items. */
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

    @Option(
            names = "--format",
            required = true,
            paramLabel = "FORMAT",
            description = "Format of the export: ${COMPLETION-CANDIDATES}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private AnnotationFormat format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "File to write for CSV; for Label Studio, a directory for tasks.json and"
                    + " labeling-interface.xml.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.DIRECTORY)
    private Path output;

    @Option(names = "--sample", paramLabel = "N", description = "Number of responses to draw at random. Default: all.")
    @InSection(HelpSection.ANNOTATION)
    private @Nullable Integer sample;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the sample and the shuffle. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.ANNOTATION)
    private long seed;

    @ArgGroup(exclusive = false)
    private @Nullable UncertainOptions uncertain;

    @Option(
            names = "--blind",
            description = "Hide which LLM responded, and shuffle; a response may still name its LLM.")
    @InSection(HelpSection.ANNOTATION)
    private boolean blind;

    /** Which responses an evaluator is uncertain about. */
    @InSection(HelpSection.ANNOTATION)
    static final class UncertainOptions {
        @Option(
                names = "--only-uncertain",
                order = 1,
                required = true,
                paramLabel = "REVIEWER",
                description = "Export only responses on which this reviewer of the runs is uncertain. Default: all.")
        private String reviewer;

        @Option(
                names = "--band",
                order = 1,
                arity = "2",
                paramLabel = "P",
                description =
                        "Lower and upper end of the probabilities of harm at which the reviewer is uncertain; needs"
                                + " --only-uncertain. Default: 0.1 0.9.")
        private double @Nullable [] band;
    }

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    AnnotateExportCommand(Streams streams) {
        runs = new RunParameters();
        format = AnnotationFormat.CSV;
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        checkOutput();
        List<AnnotationItem> items = selection().of(runs.open());
        if (format == AnnotationFormat.CSV) {
            try (Output file = overwrite.open(output)) {
                AnnotationCsv.write(items, blind, file.stream());
                file.commit();
            }
        } else {
            Files.createDirectories(output);
            try (Output tasks = overwrite.open(tasks());
                    Output layout = overwrite.open(layout())) {
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

    /** Checks the files before anything is read. */
    private void checkOutput() throws IOException {
        boolean csv = format == AnnotationFormat.CSV;
        OutputRule.check(spec, csv ? List.of(output) : List.of(tasks(), layout()));
        if (csv) {
            AnnotationSheets.requireUnfilled(output);
        }
    }

    private Path tasks() {
        return output.resolve("tasks.json");
    }

    private Path layout() {
        return output.resolve("labeling-interface.xml");
    }

    private ItemSelection selection() {
        return UsageException.orUsage(() -> new ItemSelection(
                Optional.ofNullable(uncertain).map(AnnotateExportCommand::band),
                sample == null ? OptionalInt.empty() : OptionalInt.of(sample),
                blind,
                seed));
    }

    private static ItemSelection.UncertaintyBand band(UncertainOptions options) {
        double[] band = options.band == null ? new double[] {0.1, 0.9} : options.band;
        UsageException.require(band.length == 2, "--band must be given once", "more often");
        return new ItemSelection.UncertaintyBand(options.reviewer, band[0], band[1]);
    }
}
