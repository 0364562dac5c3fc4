package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.EncoderBenchmark;
import org.donotanswer.bench.speed.EncoderReport;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "benchmark-encoder",
        description =
                "Measures the forward pass of the encoder judge on one thread, compared to other engines with the same weights:"
                        + " its speed, the differences of its results, and its memory.")
final class BenchmarkEncoderCommand implements Callable<Integer> {
    private final Streams streams;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "DIR",
            description = "Directory of a fine-tuned BERT classifier.")
    @InSection(HelpSection.EVALUATOR)
    private Path model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description =
                    "Directory of the published Do-Not-Answer files, on whose exchanges the results are compared.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path data;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Number of exchanges that the results are compared on. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int sample;

    @Option(
            names = "--tokens",
            split = ",",
            paramLabel = "N",
            defaultValue = "16,64,150,512",
            description = "Numbers of tokens of the windows that are timed. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private List<Integer> tokens;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "15",
            description = "Number of times that each engine is timed. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private int rounds;

    @Mixin
    private FigureFiles files = new FigureFiles();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    BenchmarkEncoderCommand(Streams streams) {
        this.streams = streams;
        model = Path.of("");
        data = Path.of("");
        tokens = List.of();
    }

    @Override
    public Integer call() throws IOException {
        NativeParts.require();
        UsageException.requireAtLeast("--sample", 1, sample);
        UsageException.requireAtLeast("--rounds", 1, rounds);
        tokens.forEach(length -> UsageException.requireAtLeast("--tokens", 1, length));
        try (FigureFiles.OpenFiles opened = files.open(overwrite, null)) {
            List<Exchange> exchanges = BenchmarkExchanges.published(data).exchanges().stream()
                    .limit(sample)
                    .toList();
            EncoderReport report = new EncoderBenchmark(model, exchanges, tokens, rounds).run(this::progress);
            Provenance provenance = provenance(exchanges.size());
            opened.write(report.toReport(provenance), new BenchmarkOutput(report, provenance, null).toJson(), streams);
            opened.commit();
        }
        return 0;
    }

    private void progress(String next) {
        if (streams.interactive()) {
            streams.err().println(next);
        }
    }

    private Provenance provenance(int exchanges) {
        return Provenance.builder("benchmark-encoder", "1")
                .parameter("model", String.valueOf(model.getFileName()))
                .parameter("sample", String.valueOf(exchanges))
                .parameter("rounds", String.valueOf(rounds))
                .platform("processors", String.valueOf(Runtime.getRuntime().availableProcessors()))
                .build();
    }
}
