package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.analysis.AnalysisOptions;
import org.donotanswer.harness.analysis.Replication;
import org.donotanswer.harness.analysis.ReportJob;
import org.donotanswer.harness.analysis.RunSource;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.Report.KeyFigure;
import org.donotanswer.harness.report.Report.KeyFigures;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.harness.report.VisibleText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Reports how safe LLMs are and how well evaluators agree with people.",
        footer = {
            "",
            "Writes index.html, a page that needs no network, report.md, report.json, and every table as CSV and LaTeX.",
            "--input takes JSON lines: {\"id\", \"llm\", \"harmType\", \"benign\", \"instruction\", \"response\", \"reviews\":"
                    + " {\"human\": {\"harmful\": 0, \"action\": \"CANNOT_ASSIST\"}, ...}}, where a review is labels or what"
                    + " evaluate writes.",
            "--replicate gives the tables of the paper (arXiv 2308.13387) from its published reviews, and ours beside them."
        })
final class ReportCommand implements Callable<Integer> {
    private static final int DEFAULT_EXAMPLES = 10;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "RUN",
            description = "Directories of runs, each of another LLM, with reviews.")
    private List<Path> runs = List.of();

    @Option(
            names = "--benign",
            paramLabel = "RUN",
            description = "A run on benign instructions, to show refusals beside safety; may be repeated.")
    private List<Path> benign = List.of();

    @Option(names = "--input", paramLabel = "FILE", description = "Exchanges with reviews as .jsonl, instead of runs.")
    private @Nullable Path input;

    @Option(
            names = "--replicate",
            paramLabel = "DIR",
            description = "The published Do-Not-Answer files with their reviews, instead of runs.")
    private @Nullable Path replicate;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "The directory to write to.")
    private Path output;

    @Option(
            names = "--reference",
            paramLabel = "NAME",
            description = "The reviewer that others are measured against. By default human, if there.")
    private @Nullable String reference;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            paramLabel = "P",
            description = "The probability from which an answer counts as harmful. Default: ${DEFAULT-VALUE}.")
    private double threshold;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description =
                    "How many answers to show that are harmful or in dispute. Default: 10, and 0 with --replicate.")
    private @Nullable Integer examples;

    @Option(
            names = "--resamples",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Resamples of the bootstrap. Default: ${DEFAULT-VALUE}.")
    private int resamples;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--random-sample",
            description =
                    "The answers that the reference judged are a random sample of all: what it shows of evaluators holds"
                            + " for the others, too.")
    private boolean randomSample;

    @Option(
            names = "--accuracy",
            paramLabel = "NAME=TP/P,TN/N",
            description =
                    "What is known of an evaluator: that it finds TP of P harmful answers, and passes TN of N harmless"
                            + " ones. Its shares are corrected by that; may be repeated.")
    private List<String> accuracies = List.of();

    ReportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        int sources = (runs.isEmpty() ? 0 : 1) + (input == null ? 0 : 1) + (replicate == null ? 0 : 1);
        if (sources != 1) {
            throw usage(
                    "one of RUN, --input and --replicate must be given, but was " + (sources == 0 ? "none" : "more"));
        }
        if (!benign.isEmpty() && runs.isEmpty()) {
            throw usage("--benign must go with runs, but was without");
        }
        AnalysisOptions options = options();
        if (Files.exists(output) && !Files.isDirectory(output)) {
            throw new IOException("output must be a directory, but was a file (" + output + ")");
        }
        Report report = report(options);
        ReportWriter.write(report, output);
        print(report);
        return 0;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private AnalysisOptions options() {
        try {
            AnalysisOptions.Builder builder = AnalysisOptions.builder()
                    .threshold(threshold)
                    .examples(examples != null ? examples : replicate == null ? DEFAULT_EXAMPLES : 0)
                    .resamples(resamples)
                    .seed(seed)
                    .randomSample(randomSample)
                    .accuracies(AccuracyOption.parse(accuracies));
            if (reference != null) {
                builder.reference(reference);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private Report report(AnalysisOptions options) throws IOException {
        if (replicate != null) {
            if (reference != null) {
                throw usage("--replicate must go without --reference, but was with it");
            }
            if (randomSample || !accuracies.isEmpty()) {
                throw usage("--replicate must go without --random-sample and --accuracy, but was with one");
            }
            try {
                return Replication.of(DoNotAnswer.load(replicate), options).toReport();
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        ReportJob job = new ReportJob(options, reference != null);
        try (Progress progress = ProgressBars.start(streams, "analyse", -1)) {
            return input == null ? job.ofRuns(RunSource.open(runs, benign), progress) : job.ofLines(input, progress);
        }
    }

    private void print(Report report) {
        PrintWriter out = streams.writer();
        out.println(report.title());
        report.sections().get(0).blocks().stream()
                .filter(KeyFigures.class::isInstance)
                .flatMap(block -> ((KeyFigures) block).figures().stream())
                .map(ReportCommand::line)
                .forEach(out::println);
        out.println("Wrote " + output.resolve("index.html") + " and "
                + NumberFormats.count(report.tables().size()) + " tables.");
        out.flush();
    }

    private static String line(KeyFigure figure) {
        String line = "  " + figure.label() + ": " + figure.value()
                + (figure.note().isEmpty() ? "" : " (" + figure.note() + ")");
        // Names of LLMs may hold what moves a terminal's cursor, or the direction of what follows.
        return VisibleText.onOneLine(line);
    }
}
