package org.donotanswer.bench.cli;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.soak.ExchangePool;
import org.donotanswer.bench.soak.SoakBudget;
import org.donotanswer.bench.soak.SoakPlan;
import org.donotanswer.bench.soak.SoakReport;
import org.donotanswer.bench.soak.SoakRun;
import org.donotanswer.bench.soak.SoakedEvaluator;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "soak",
        description =
                "Uses evaluators, guards and streams from several threads for a long time, and makes things go wrong on purpose:"
                        + " interrupts, evaluators closed in use, tight deadlines, slow and full disks, native memory taken by"
                        + " others, a clock that jumps. Compares every result with that of one thread before.",
        footer = {
            "",
            "If a result is wrong, or memory, open files or threads grow, the exit code is 1. What the system does not"
                    + " report is left out."
        })
final class SoakCommand implements Callable<Integer> {
    /** Longer than any thread of this library stays idle. */
    private static final Duration IDLE = Duration.ofSeconds(15);

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Option(
            names = "--minutes",
            required = true,
            paramLabel = "N",
            description = "How long the load lasts. Memory is judged from 10 minutes on.")
    @InSection(HelpSection.COMPUTATION)
    private int minutes;

    @Option(
            names = EvaluatorOption.NAME,
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            description = "Evaluator to use: " + EvaluatorChoice.SYNTAX + ". Repeat it for each. Default: "
                    + EvaluatorChoice.EMBEDDED + ".")
    @InSection(HelpSection.EVALUATOR)
    private List<EvaluatorChoice> choices = new ArrayList<>();

    @Mixin
    private ExchangesOption exchanges = new ExchangesOption();

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "300",
            description = "Maximum number of exchanges; some of special kinds are added. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private int sample;

    @Option(
            names = "--small-disk",
            paramLabel = "DIR",
            description =
                    "Directory on a disk of a few megabytes, which is filled and emptied again and again. Default:"
                            + " only /dev/full, where there is one, is a full disk.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path smallDisk;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "File to which the figures are written as JSON. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path output;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Seed of operations and faults. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "4",
            description = "Number of threads that use the evaluators. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int threads;

    /** For tests: ends after so many operations, and waits less for idle threads. */
    @Option(names = "--operations", hidden = true, paramLabel = "N", description = "Number of operations.")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable Long operations;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    SoakCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        UsageException.requireAtLeast("--minutes", 1, minutes);
        UsageException.requireAtLeast("--sample", 1, sample);
        UsageException.requireAtLeast("--threads", 1, threads);
        if (choices.isEmpty()) {
            choices.add(new EvaluatorChoice.Embedded());
        }
        for (EvaluatorChoice choice : choices) {
            EvaluatorOption.checkName(choice, EvaluatorChoice.SHIPPED);
        }
        if (smallDisk != null && !Files.isDirectory(smallDisk)) {
            throw new NotDirectoryException(smallDisk.toString());
        }
        if (output == null) {
            return run(Optional.empty());
        }
        try (Output file = overwrite.open(output)) {
            int exitCode = run(Optional.of(file));
            file.commit();
            return exitCode;
        }
    }

    private int run(Optional<Output> file) throws IOException, InterruptedException {
        BenchmarkExchanges source = exchanges.load();
        Path directory = Files.createTempDirectory("dna-soak");
        try {
            PrintWriter out = streams.writer();
            SoakReport report = new SoakRun(plan(source, directory), out::println).run();
            report.describe().forEach(out::println);
            if (file.isPresent()) {
                String json = new BenchmarkOutput(report, provenance(source), null).toJson();
                file.get().stream().write(json.getBytes(StandardCharsets.UTF_8));
            }
            return report.passed() ? 0 : 1;
        } finally {
            delete(directory);
        }
    }

    /** Deletes what a failure left, too. */
    private static void delete(Path directory) throws IOException {
        MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
    }

    private SoakPlan plan(BenchmarkExchanges source, Path directory) {
        Duration duration = Duration.ofMinutes(minutes);
        SoakBudget budget = operations == null
                ? SoakBudget.of(duration)
                : new SoakBudget(duration, operations, operations / 4 + 1, Duration.ZERO, IDLE);
        List<SoakedEvaluator> soaked = choices.stream()
                .map(choice -> new SoakedEvaluator(choice.shortName(), () -> open(choice)))
                .toList();
        return new SoakPlan(
                soaked,
                ExchangePool.of(source, sample, seed),
                seed,
                threads,
                budget,
                directory,
                Optional.ofNullable(smallDisk));
    }

    private SafetyEvaluator open(EvaluatorChoice choice) throws IOException {
        if (choice instanceof EvaluatorChoice.Named named) {
            return evaluators.create(named.name());
        }
        Optional<ModelLocation> location =
                choice instanceof EvaluatorChoice.Model model ? Optional.of(model.location()) : Optional.empty();
        try {
            return evaluators.openFitting(new ModelChoice(location, Optional.empty(), true, Optional.empty()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("model must be fetched, but that was interrupted (" + choice.shortName() + ")", e);
        }
    }

    private Provenance provenance(BenchmarkExchanges source) {
        return Provenance.builder("soak", "1")
                .parameter("exchanges", source.source())
                .parameter("minutes", String.valueOf(minutes))
                .parameter("sample", String.valueOf(sample))
                .parameter("threads", String.valueOf(threads))
                .parameter("seed", String.valueOf(seed))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .platform(
                        "maxHeapMegabytes", String.valueOf(Runtime.getRuntime().maxMemory() >> 20))
                .build();
    }
}
