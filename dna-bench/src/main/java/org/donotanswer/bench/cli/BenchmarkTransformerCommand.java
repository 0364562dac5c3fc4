package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.bench.speed.TransformerBenchmark;
import org.donotanswer.bench.speed.TransformerReport;
import org.donotanswer.evaluate.Provenance;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "benchmark-transformer",
        description =
                "Measures the speed of transformers with random weights: the bare models compared to matrix products and to"
                        + " ONNX Runtime, whole evaluations, and one evaluator under many threads. First writes checkpoints"
                        + " of about 500 MB each.")
final class BenchmarkTransformerCommand implements Callable<Integer> {
    private static final int QUICK_SAMPLE = 300;

    private final Streams streams;

    @Option(
            names = "--architecture",
            split = ",",
            paramLabel = "NAME",
            description = "Architectures to measure: ${COMPLETION-CANDIDATES}; exchanges are evaluated with the first."
                    + " Default: all.")
    @InSection(HelpSection.EVALUATOR)
    private @Nullable List<BenchmarkArchitecture> architectures;

    @ArgGroup(exclusive = false)
    private @Nullable RealTexts texts;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/checkpoints",
            description = "Directory that keeps the checkpoints. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path work;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Number of exchanges that are evaluated. Default: all, or 300 with --quick.")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable Integer sample;

    @Option(
            names = "--soak",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "Time for which 32 threads use one evaluator, in seconds; 0 skips this."
                    + " Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int soak;

    @Option(names = "--quick", description = "Measure roughly, in minutes.")
    @InSection(HelpSection.COMPUTATION)
    private boolean quick;

    @Option(names = "--tiny", hidden = true, description = "Use tiny models, for tests.")
    private boolean tiny;

    /** Real texts and the vocabularies to tokenize them with. */
    @InSection(HelpSection.INPUT_OUTPUT)
    static final class RealTexts {
        @Option(
                names = "--data",
                required = true,
                paramLabel = "DIR",
                description = "Directory of the published Do-Not-Answer files, whose exchanges are evaluated; needs"
                        + " --tokenizers. Default: exchanges of random words.")
        private Path data;

        @Option(
                names = "--tokenizers",
                required = true,
                paramLabel = "DIR",
                description = "Directory with bert-uncased/tokenizer.json and roberta-bpe/tokenizer.json; needs --data."
                        + " Default: a tokenizer of the random words.")
        private Path tokenizers;
    }

    @Mixin
    private FigureFiles files = new FigureFiles();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    BenchmarkTransformerCommand(Streams streams) {
        this.streams = streams;
        work = Path.of("target/checkpoints");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        NativeParts.require();
        check();
        BenchmarkModels models = new BenchmarkModels(
                work,
                Optional.ofNullable(texts).map(real -> real.data),
                Optional.ofNullable(texts).map(real -> real.tokenizers),
                tiny);
        int exchanges = sample != null ? sample : quick ? QUICK_SAMPLE : models.responseCount();
        List<BenchmarkArchitecture> chosen =
                architectures != null ? architectures : List.of(BenchmarkArchitecture.values());
        try (FigureFiles.OpenFiles opened = files.open(overwrite, null)) {
            TransformerReport report =
                    new TransformerBenchmark(models, chosen, quick, exchanges, soak).run(this::progress);
            Provenance provenance = provenance();
            opened.write(report.toReport(provenance), new BenchmarkOutput(report, provenance, null).toJson(), streams);
            opened.commit();
        }
        return 0;
    }

    private void check() throws IOException {
        if (sample != null) {
            UsageException.requireAtLeast("--sample", 0, sample);
        }
        UsageException.requireAtLeast("--soak", 0, soak);
        if (texts != null) {
            for (Path directory : List.of(texts.data, texts.tokenizers)) {
                if (!Files.exists(directory)) {
                    throw new NoSuchFileException(directory.toString());
                }
            }
        }
    }

    private void progress(String next) {
        if (streams.interactive()) {
            streams.err().println(next);
        }
    }

    private Provenance provenance() {
        return Provenance.builder("benchmark-transformer", "1")
                .parameter("quick", String.valueOf(quick))
                .parameter("tiny", String.valueOf(tiny))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .build();
    }
}
