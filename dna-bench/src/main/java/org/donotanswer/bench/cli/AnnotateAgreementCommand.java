package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.annotate.AgreementReport;
import org.donotanswer.harness.io.Output;
import org.donotanswer.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "agreement",
        description =
                "Measures the agreement of annotators beyond chance, with intervals from a bootstrap over instructions.",
        footer = {
            "",
            "The agreement on a label is the proportion of cases in which a second annotator gives it where a first one"
                    + " gave it. A figure is"
                    + " undefined if it cannot be computed, for example with a single annotator or label."
        })
final class AnnotateAgreementCommand implements Callable<Integer> {
    private static final double CONFIDENCE = 0.95;

    private final Streams streams;

    @Mixin
    private RunParameters runs;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which the figures are written as JSON. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path json;

    @Option(
            names = "--resamples",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Number of bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private int resamples;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private long seed;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    AnnotateAgreementCommand(Streams streams) {
        runs = new RunParameters();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        UsageException.requireAtLeast("--resamples", 1, resamples);
        AgreementReport report = AgreementReport.of(runs.annotations(), Bootstrap.of(resamples, CONFIDENCE, seed));
        if (json != null) {
            try (Output output = overwrite.open(json)) {
                output.stream().write(report.toJson().getBytes(StandardCharsets.UTF_8));
                output.commit();
            }
        }
        PrintWriter out = streams.writer();
        out.print(report.toText());
        out.flush();
        return 0;
    }
}
