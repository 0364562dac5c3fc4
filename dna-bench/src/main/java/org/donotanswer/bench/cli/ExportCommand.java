package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.collect.ResponseExport;
import org.donotanswer.harness.collect.RowFormat;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.run.RunDirectory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description =
                "Writes the responses of a run as CSV in the published layout, or as JSON lines with all details.",
        footer = {
            "",
            "CSV contains every text exactly as the LLM wrote it: a spreadsheet may read one that begins with = as a"
                    + " formula."
        })
final class ExportCommand implements Callable<Integer> {
    /** The formats of responses. */
    enum ExportFormat {
        csv,
        jsonl
    }

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "RUN", description = "Run directory.")
    private Path run;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of the output: ${COMPLETION-CANDIDATES}. Default: by the output's extension.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable ExportFormat format;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "File to write, or - for standard output. A file appears only when it is complete.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private String output;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    ExportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        RowFormat chosen = format();
        RunDirectory directory = RunDirectory.open(run);
        try (Output target = overwrite.open(output, streams)) {
            ResponseExport.ExportResult result = ResponseExport.write(directory, chosen, target.stream());
            target.commit();
            remark(result, directory.manifest().questionCount());
        }
        return 0;
    }

    private RowFormat format() {
        if (format == null) {
            return UsageException.orUsage(() -> RowFormat.of(Path.of(output)));
        }
        return format == ExportFormat.csv ? RowFormat.CSV : RowFormat.JSONL;
    }

    private void remark(ResponseExport.ExportResult result, int questions) {
        if (result.responses() < questions) {
            streams.err()
                    .print(NumberFormats.format(
                            "%s: the run has %s of %s responses\n",
                            spec.qualifiedName(),
                            NumberFormats.count(result.responses()),
                            NumberFormats.count(questions)));
        }
        if (result.changed() > 0) {
            streams.err()
                    .print(NumberFormats.format(
                            "%s: %s responses have unpaired surrogates, which CSV cannot hold; they were replaced by U+FFFD\n",
                            spec.qualifiedName(), NumberFormats.count(result.changed())));
        }
    }
}
