package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.bench.speed.FineTuneBatch;
import org.donotanswer.bench.speed.FineTuneBenchmark;
import org.donotanswer.bench.speed.FineTuneModel;
import org.donotanswer.bench.speed.FineTuneReport;
import org.donotanswer.bench.speed.FineTuneVariant;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.evaluate.Provenance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "benchmark-finetune",
        description =
                "Measures the speed of fine-tuning transformers with random weights, compared to matrix products, and the"
                        + " memory of the process over many steps. First writes checkpoints of about 500 MB.")
final class BenchmarkFineTuneCommand implements Callable<Integer> {
    private final Streams streams;

    @Option(
            names = "--model",
            split = ",",
            paramLabel = "NAME",
            description = "Classifiers to train: ${COMPLETION-CANDIDATES}. Default: all.")
    @InSection(HelpSection.EVALUATOR)
    private @Nullable List<FineTuneModel> models;

    @Option(
            names = "--variant",
            split = ",",
            paramLabel = "NAME",
            description = "What is trained of each: ${COMPLETION-CANDIDATES}. Default: all.")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable List<FineTuneVariant> variants;

    @Option(
            names = "--precision",
            split = ",",
            paramLabel = "TYPE",
            description =
                    "Number formats of the products, FLOAT32 or BFLOAT16, which needs a processor that multiplies it."
                            + " Default: FLOAT32.")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable List<Precision> precisions;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "16",
            description = "Number of sequences of a step. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int batch;

    @Option(
            names = "--tokens",
            paramLabel = "N",
            defaultValue = "128",
            description = "Number of tokens of a sequence, at most 512. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int tokens;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "7",
            description = "Number of steps that are timed. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int rounds;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "60",
            description = "Number of steps over which the memory is watched; 0 skips this. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int steps;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of tokens, labels and dropout. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/checkpoints",
            description = "Directory that keeps the checkpoints. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path work;

    @Option(names = "--tiny", hidden = true, description = "Use tiny models, for tests.")
    private boolean tiny;

    @Mixin
    private FigureFiles files = new FigureFiles();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    BenchmarkFineTuneCommand(Streams streams) {
        this.streams = streams;
        work = Path.of("target/checkpoints");
    }

    @Override
    public Integer call() throws IOException {
        NativeParts.require();
        FineTuneBenchmark benchmark = benchmark();
        try (FigureFiles.OpenFiles opened = files.open(overwrite, null)) {
            FineTuneReport report = benchmark.run(this::progress);
            Provenance provenance = provenance();
            opened.write(report.toReport(provenance), new BenchmarkOutput(report, provenance, null).toJson(), streams);
            opened.commit();
        }
        return 0;
    }

    private FineTuneBenchmark benchmark() {
        UsageException.requireAtLeast("--batch", 1, batch);
        UsageException.requireAtLeast("--tokens", 1, tokens);
        UsageException.requireAtLeast("--rounds", 1, rounds);
        UsageException.requireAtLeast("--steps", 0, steps);
        List<Precision> chosen = precisions != null ? precisions : List.of(Precision.FLOAT32);
        for (Precision precision : chosen) {
            UsageException.require(
                    precision == Precision.FLOAT32 || precision == Precision.BFLOAT16,
                    "--precision must be FLOAT32 or BFLOAT16",
                    precision);
        }
        return UsageException.orUsage(() -> new FineTuneBenchmark(
                new BenchmarkModels(work, Optional.empty(), Optional.empty(), tiny),
                models != null ? models : List.of(FineTuneModel.values()),
                variants != null ? variants : List.of(FineTuneVariant.values()),
                chosen,
                new FineTuneBatch(batch, tokens),
                rounds,
                steps,
                seed));
    }

    private void progress(String next) {
        if (streams.interactive()) {
            streams.err().println(next);
        }
    }

    private Provenance provenance() {
        return Provenance.builder("benchmark-finetune", "1")
                .parameter("batch", String.valueOf(batch))
                .parameter("tokens", String.valueOf(tokens))
                .parameter("rounds", String.valueOf(rounds))
                .parameter("steps", String.valueOf(steps))
                .parameter("tiny", String.valueOf(tiny))
                .seed(seed)
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .build();
    }
}
