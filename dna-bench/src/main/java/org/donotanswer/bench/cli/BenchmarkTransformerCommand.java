package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.bench.speed.TransformerBenchmark;
import org.donotanswer.bench.speed.TransformerReport;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.report.ReportWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "benchmark-transformer",
        description = "Measures how fast transformers are, in one process, with checkpoints of random weights that it"
                + " writes first, some 500 MB each: the bare models beside what a product of matrices allows and ONNX Runtime"
                + " does, exchanges end to end, and one evaluator under many threads.")
final class BenchmarkTransformerCommand implements Callable<Integer> {
    private static final int QUICK_SAMPLE = 300;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--architecture",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Which to measure, of ${COMPLETION-CANDIDATES}; by default all. Exchanges are judged with the first.")
    private @Nullable List<BenchmarkArchitecture> architectures;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The published Do-Not-Answer files, to go with --tokenizers; without, exchanges are of random words.")
    private @Nullable Path data;

    @Option(
            names = "--tokenizers",
            paramLabel = "DIR",
            description = "Where bert-uncased/tokenizer.json and roberta-bpe/tokenizer.json are.")
    private @Nullable Path tokenizers;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/checkpoints",
            description = "Where checkpoints are kept; by default ${DEFAULT-VALUE}.")
    private Path work;

    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "How many exchanges are judged; by default all, but 300 with --quick.")
    private @Nullable Integer sample;

    @Option(
            names = "--soak",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long 32 threads use one evaluator, 0 for not at all; by default ${DEFAULT-VALUE}.")
    private int soak;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the figures as a Markdown page.")
    private @Nullable Path markdown;

    @Option(names = "--quick", description = "Rough figures in minutes.")
    private boolean quick;

    @Option(names = "--tiny", hidden = true, description = "Models of a size for tests.")
    private boolean tiny;

    BenchmarkTransformerCommand(Streams streams) {
        this.streams = streams;
        work = Path.of("target/checkpoints");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        check();
        BenchmarkModels models =
                new BenchmarkModels(work, Optional.ofNullable(data), Optional.ofNullable(tokenizers), tiny);
        int exchanges = sample != null ? sample : quick ? QUICK_SAMPLE : models.responseCount();
        List<BenchmarkArchitecture> chosen =
                architectures != null ? architectures : List.of(BenchmarkArchitecture.values());
        TransformerReport report = new TransformerBenchmark(models, chosen, quick, exchanges, soak).run(this::progress);
        PrintWriter out = streams.writer();
        out.print(ReportWriter.toText(report.toReport(provenance())));
        out.flush();
        if (json != null) {
            write(json, new BenchmarkOutput(report, provenance(), null).toJson());
        }
        if (markdown != null) {
            write(markdown, ReportWriter.toMarkdown(report.toReport(provenance())));
        }
        return 0;
    }

    private void check() throws IOException {
        if (sample != null && sample < 0) {
            throw usage("--sample must be at least 0, but was " + sample);
        }
        if (soak < 0) {
            throw usage("--soak must be at least 0, but was " + soak);
        }
        if ((data == null) != (tokenizers == null)) {
            throw usage("--data and --tokenizers must go together, but was one only");
        }
        for (Path directory : new Path[] {data, tokenizers}) {
            if (directory != null && !Files.exists(directory)) {
                throw new NoSuchFileException(directory.toString());
            }
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
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

    private static void write(Path target, String text) throws IOException {
        try (Output file = Output.file(target)) {
            file.stream().write(text.getBytes(StandardCharsets.UTF_8));
            file.commit();
        }
    }
}
