package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.EmbeddedFigures;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "benchmark",
        description =
                "Measures the speed of the embedded evaluator with JMH, in separate JVMs. Takes about five minutes.")
final class BenchmarkCommand implements Callable<Integer> {
    private final Streams streams;

    @Mixin
    private ExchangesOption exchanges = new ExchangesOption();

    @Option(
            names = "--model",
            paramLabel = "PATH",
            description = "Model file to measure. Default: the model that comes with dna.")
    @InSection(HelpSection.EVALUATOR)
    private @Nullable Path model;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which the figures and JMH's raw results are written as JSON. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path json;

    @Option(names = "--quick", description = "Measure roughly, in half a minute.")
    @InSection(HelpSection.COMPUTATION)
    private boolean quick;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    BenchmarkCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        if (json == null) {
            run();
            return 0;
        }
        try (Output file = overwrite.open(json)) {
            file.stream().write(run().toJson().getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
        return 0;
    }

    private BenchmarkOutput run() throws IOException {
        BenchmarkExchanges loaded = exchanges.loadForAllJvms();
        BenchmarkRunner runner = new BenchmarkRunner(Optional.ofNullable(model), quick);
        EmbeddedFigures figures;
        try (Progress progress = ProgressBars.start(streams, "benchmark", BenchmarkRunner.STEPS)) {
            figures = runner.run(loaded, progress);
        }
        Provenance provenance = Provenance.builder("benchmark", "1")
                .parameter("quick", String.valueOf(quick))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .build();
        PrintWriter out = streams.writer();
        out.print(ReportWriter.toText(figures.toReport(provenance)));
        out.flush();
        return new BenchmarkOutput(figures, provenance, runner.raw());
    }
}
