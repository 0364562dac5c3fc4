package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.bench.jmh.GuardBenchmarkRunner;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.GuardrailsFigures;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "benchmark-guardrails",
        description = "Measures what guards and guarded streams cost beside their evaluator, the embedded one: single"
                + " judgements by JMH in JVMs of their own, streams in this one. Takes about five minutes.")
final class BenchmarkGuardrailsCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The published Do-Not-Answer files; without, a few exchanges of our own are judged.")
    private @Nullable Path data;

    @Option(
            names = "--streams",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many streams are open at a time; by default ${DEFAULT-VALUE}.")
    private int streamCount;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures, and JMH's own results, as JSON.")
    private @Nullable Path json;

    @Option(names = "--quick", description = "Rough figures in a minute.")
    private boolean quick;

    BenchmarkGuardrailsCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (streamCount < 1) {
            throw new ParameterException(spec.commandLine(), "--streams must be at least 1, but was " + streamCount);
        }
        if (data != null) {
            if (!Files.exists(data)) {
                throw new NoSuchFileException(data.toString());
            }
            // The JVMs of the benchmarks are told by the same property.
            System.setProperty(BenchmarkExchanges.DATA, data.toAbsolutePath().toString());
        }
        if (json == null) {
            run();
            return 0;
        }
        try (Output file = Output.file(json)) {
            file.stream().write(run().toJson().getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
        return 0;
    }

    private BenchmarkOutput run() throws IOException, InterruptedException {
        BenchmarkExchanges exchanges = BenchmarkExchanges.load();
        GuardBenchmarkRunner benchmark = new GuardBenchmarkRunner(streamCount, quick);
        GuardrailsFigures figures;
        try (Progress progress = ProgressBars.start(streams, "benchmark", GuardBenchmarkRunner.STEPS)) {
            figures = benchmark.run(exchanges, progress);
        }
        Provenance provenance = Provenance.builder("benchmark-guardrails", "1")
                .parameter("quick", String.valueOf(quick))
                .parameter("streams", String.valueOf(streamCount))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .build();
        PrintWriter out = streams.writer();
        out.print(ReportWriter.toText(figures.toReport(provenance)));
        out.flush();
        return new BenchmarkOutput(figures, provenance, benchmark.raw());
    }
}
