package org.donotanswer.bench.cli;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.jmh.GuardBenchmarkRunner;
import org.donotanswer.bench.load.GuardLoadBenchmark;
import org.donotanswer.bench.load.GuardLoadFigures;
import org.donotanswer.bench.load.LoadJudge;
import org.donotanswer.bench.load.LoadSettings;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.GuardrailsFigures;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "benchmark-guardrails",
        description =
                "Measures the cost of guards and guarded streams on top of the embedded evaluator. Single checks are"
                        + " measured with JMH in separate JVMs, streams in this JVM. Takes about five minutes. With --load,"
                        + " measures guards under load instead: latencies near the saturating rate, and what happens beyond.")
final class BenchmarkGuardrailsCommand implements Callable<Integer> {
    private static final int STREAMS = 10_000;

    private final Streams streams;

    @Mixin
    private ExchangesOption exchanges = new ExchangesOption();

    @Option(
            names = "--streams",
            paramLabel = "N",
            description =
                    "Number of streams that are open at the same time; not with --load. Default: " + STREAMS + ".")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable Integer streamCount;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "File to which the figures and JMH's raw results are written as JSON. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path json;

    @Option(names = "--quick", description = "Measure roughly, in a minute; not with --load.")
    @InSection(HelpSection.COMPUTATION)
    private boolean quick;

    @ArgGroup(exclusive = false)
    private @Nullable LoadOptions load;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    /** Guards under load. */
    @InSection(HelpSection.COMPUTATION)
    static final class LoadOptions {
        @Option(
                names = "--load",
                order = 1,
                required = true,
                split = ",",
                paramLabel = "JUDGE",
                description =
                        "Measure guards with these judges under load: embedded, encoder, cascade, or slow:MILLIS, at most"
                                + " 1000, for one that takes so long without using a processor, as an LLM as judge does."
                                + " Default: none.")
        private List<String> judges;

        @Option(
                names = "--load-seconds",
                order = 1,
                paramLabel = "N",
                defaultValue = "5",
                description =
                        "Time for each rate, in seconds; needs --load. A repetition takes about 22 times as long for"
                                + " each judge. Default: ${DEFAULT-VALUE}.")
        private int seconds;

        @Option(
                names = "--load-repetitions",
                order = 1,
                paramLabel = "N",
                defaultValue = "3",
                description = "How often all is measured; needs --load. Default: ${DEFAULT-VALUE}.")
        private int repetitions;

        @Option(
                names = "--load-threads",
                order = 1,
                paramLabel = "N",
                defaultValue = "0",
                description =
                        "How many texts a guard evaluates at a time on threads of its own, 0 for its default; needs"
                                + " --load. Default: ${DEFAULT-VALUE}.")
        private int threads;

        @Option(
                names = "--load-seed",
                order = 1,
                paramLabel = "N",
                defaultValue = "42",
                description = "Seed of the arrivals; needs --load. Default: ${DEFAULT-VALUE}.")
        private long seed;

        private List<LoadJudge> judges() {
            for (String judge : judges) {
                UsageException.require(
                        judge.startsWith(LoadJudge.SLOW) || EvaluatorChoice.SHIPPED.contains(judge),
                        "--load must name " + String.join(", ", EvaluatorChoice.SHIPPED) + " or slow:MILLIS",
                        judge);
                UsageException.require(
                        Collections.frequency(judges, judge) == 1,
                        "--load must name each judge once (--load-repetitions measures it more often)",
                        judge + " again");
            }
            return UsageException.orUsage(
                    () -> judges.stream().map(LoadJudge::new).toList());
        }

        private LoadSettings settings() {
            UsageException.requireAtLeast("--load-seconds", 1, seconds);
            UsageException.requireAtLeast("--load-repetitions", 1, repetitions);
            UsageException.requireAtLeast("--load-threads", 0, threads);
            return new LoadSettings(1_000L * seconds, repetitions, threads, seed);
        }
    }

    BenchmarkGuardrailsCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int open = streamCount == null ? STREAMS : streamCount;
        UsageException.requireAtLeast("--streams", 1, open);
        if (load != null) {
            UsageException.require(
                    streamCount == null, "--streams must go without --load, for which it says nothing", "with it");
            UsageException.require(
                    !quick, "--quick must go without --load (choose --load-seconds and --load-repetitions)", "with it");
        }
        List<LoadJudge> judges = load == null ? List.of() : load.judges();
        LoadSettings settings = load == null ? null : load.settings();
        if (json == null) {
            runChosen(judges, settings, open);
            return 0;
        }
        try (Output file = overwrite.open(json)) {
            file.stream().write(runChosen(judges, settings, open).toJson().getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
        return 0;
    }

    private BenchmarkOutput runChosen(List<LoadJudge> judges, @Nullable LoadSettings settings, int open)
            throws IOException, InterruptedException {
        return settings == null ? run(open) : runLoad(judges, settings);
    }

    private BenchmarkOutput runLoad(List<LoadJudge> judges, LoadSettings settings)
            throws IOException, InterruptedException {
        GuardLoadBenchmark benchmark = new GuardLoadBenchmark(settings);
        GuardLoadFigures figures;
        try (Progress progress = ProgressBars.start(streams, "benchmark", benchmark.steps(judges.size()))) {
            figures = benchmark.measure(judges, exchanges.loadForAllJvms(), progress);
        }
        Provenance provenance = provenance(Map.of(
                "judges", judges.stream().map(LoadJudge::name).collect(joining(",")),
                "seconds", String.valueOf(settings.millis() / 1_000),
                "repetitions", String.valueOf(settings.repetitions()),
                "threads", String.valueOf(settings.threads()),
                "seed", String.valueOf(settings.seed())));
        return print(figures.toReport(provenance), new BenchmarkOutput(figures, provenance, null));
    }

    private BenchmarkOutput run(int open) throws IOException, InterruptedException {
        BenchmarkExchanges loaded = exchanges.loadForAllJvms();
        GuardBenchmarkRunner benchmark = new GuardBenchmarkRunner(open, quick);
        GuardrailsFigures figures;
        try (Progress progress = ProgressBars.start(streams, "benchmark", GuardBenchmarkRunner.STEPS)) {
            figures = benchmark.run(loaded, progress);
        }
        Provenance provenance = provenance(Map.of("quick", String.valueOf(quick), "streams", String.valueOf(open)));
        return print(figures.toReport(provenance), new BenchmarkOutput(figures, provenance, benchmark.raw()));
    }

    private static Provenance provenance(Map<String, String> parameters) {
        ProvenanceBuilder provenance = Provenance.builder("benchmark-guardrails", "1")
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        new TreeMap<>(parameters).forEach(provenance::parameter);
        return provenance.build();
    }

    private BenchmarkOutput print(Report report, BenchmarkOutput output) {
        PrintWriter out = streams.writer();
        out.print(ReportWriter.toText(report));
        out.flush();
        return output;
    }
}
