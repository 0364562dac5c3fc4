package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.harness.annotate.AgreementReport;
import org.donotanswer.harness.io.Output;
import org.donotanswer.metrics.Bootstrap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "agreement",
        description = "Measures how far annotators agree, beyond chance, with bootstrap intervals over instructions.",
        footer = {
            "",
            "The agreement of a label is how often, where one annotator gave it, another gave it too. What cannot be"
                    + " computed, as with one annotator or one label alone, is undefined."
        })
final class AnnotateAgreementCommand implements Callable<Integer> {
    private static final double CONFIDENCE = 0.95;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunParameters runs;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path json;

    @Option(
            names = "--resamples",
            defaultValue = "2000",
            paramLabel = "N",
            description = "Of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private int resamples;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    AnnotateAgreementCommand(Streams streams) {
        runs = new RunParameters();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (resamples < 1) {
            throw new ParameterException(spec.commandLine(), "--resamples must be at least 1, but was " + resamples);
        }
        AgreementReport report = AgreementReport.of(runs.annotations(), Bootstrap.of(resamples, CONFIDENCE, seed));
        if (json != null) {
            try (Output output = Output.file(json)) {
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
