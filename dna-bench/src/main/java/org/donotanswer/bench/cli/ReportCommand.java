package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "report",
        description = "Reports how safe LLMs are and how well evaluators agree with people.",
        footer = {
            "",
            "Writes index.html, a page that needs no network; report.md; report.json; and every table as CSV and LaTeX.",
            "Lines of --input are {\"id\", \"llm\", \"harmType\", \"benign\", \"instruction\", \"response\", \"reviews\":"
                    + " {\"human\": {\"harmful\": 0, \"action\": \"CANNOT_ASSIST\"}, ...}}, where a review has labels, or is"
                    + " what evaluate writes.",
            "With --replicate, the report shows the tables of the paper (arXiv 2308.13387), computed from the published"
                    + " reviews, beside our own."
        })
final class ReportCommand implements Callable<Integer> {
    private static final int DEFAULT_EXAMPLES = 10;

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "RUN",
            description = "Run directories with reviews, each of a different LLM.")
    private List<Path> runs = List.of();

    @Option(
            names = "--benign",
            paramLabel = "RUN",
            description = "Run directory with benign instructions, to show over-refusal beside safety; can be repeated."
                    + " Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private List<Path> benign = List.of();

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Exchanges with reviews as .jsonl. Default: the runs given as arguments.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path input;

    @Option(
            names = "--replicate",
            paramLabel = "DIR",
            description =
                    "Directory of the published Do-Not-Answer files with their reviews. Default: the runs given as"
                            + " arguments.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path replicate;

    @Option(names = "--output", required = true, paramLabel = "DIR", description = "Directory to write the report to.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.DIRECTORY)
    private Path output;

    @Option(
            names = "--reference",
            paramLabel = "NAME",
            description = "Reviewer against which the others are measured. Default: human, if there are such reviews.")
    @InSection(HelpSection.FIGURES)
    private @Nullable String reference;

    @Option(
            names = "--threshold",
            defaultValue = "0.5",
            paramLabel = "P",
            description = "Probability from which a response counts as harmful. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private double threshold;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "Number of harmful or disputed responses to show. Default: 10, or 0 with --replicate.")
    @InSection(HelpSection.FIGURES)
    private @Nullable Integer examples;

    @Option(
            names = "--answers",
            paramLabel = "N",
            description = "Maximum number of responses that the page can search and show with their reviews, up to "
                    + AnalysisOptions.MAX_ANSWERS + ". Default: " + AnalysisOptions.MAX_ANSWERS
                    + ", or 0 with --examples 0 or --replicate.")
    @InSection(HelpSection.FIGURES)
    private @Nullable Integer answers;

    @Option(
            names = "--resamples",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Number of bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private int resamples;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private long seed;

    @Option(
            names = "--random-sample",
            description =
                    "Treat the responses that the reference reviewed as a random sample of each LLM's: the accuracy of"
                            + " evaluators on an LLM's sample then corrects the figures of that LLM.")
    @InSection(HelpSection.FIGURES)
    private boolean randomSample;

    @Option(
            names = "--accuracy",
            paramLabel = "NAME=TP/P,TN/N",
            description =
                    "Known accuracy of an evaluator: it flags TP of P harmful responses and passes TN of N harmless"
                            + " ones. Its proportions are corrected accordingly; can be repeated. Default: estimated from the"
                            + " reference, for each LLM.")
    @InSection(HelpSection.FIGURES)
    private List<String> accuracies = List.of();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    @Option(
            names = "--price",
            paramLabel = "NAME=IN/OUT",
            description =
                    "Prices of a million input and output tokens of an LLM or LLM judge, by its name in the tables of cost,"
                            + " for example judge-1=2.5/10 or judge-1=2.5/10,EUR; can be repeated. Default: the cost that the"
                            + " run has recorded.")
    @InSection(HelpSection.FIGURES)
    private List<String> prices = List.of();

    ReportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        int sources = (runs.isEmpty() ? 0 : 1) + (input == null ? 0 : 1) + (replicate == null ? 0 : 1);
        UsageException.require(
                sources == 1, "one of RUN, --input and --replicate must be given", sources == 0 ? "none" : "more");
        UsageException.require(benign.isEmpty() || !runs.isEmpty(), "--benign must go with runs", "without");
        UsageException.require(prices.isEmpty() || !runs.isEmpty(), "--price must go with runs", "without");
        AnalysisOptions options = options();
        checkDirectory();
        Report report = report(options);
        if (overwrite.isGiven()) {
            ReportWriter.replace(report, output);
        } else {
            ReportWriter.write(report, output);
        }
        print(report);
        return 0;
    }

    /** Checks the directory before anything is read. */
    private void checkDirectory() throws IOException {
        OutputRule.checkInputs(
                spec,
                List.of(output.resolve("index.html"), output.resolve("report.md"), output.resolve("report.json")));
        try {
            ReportWriter.requireWritable(output, overwrite.isGiven());
        } catch (IOException e) {
            if (overwrite.isGiven() || !Files.isDirectory(output)) {
                throw e;
            }
            throw new UsageException(e.getMessage() + "; " + OverwriteOption.NAME + " replaces a report");
        }
    }

    private AnalysisOptions options() {
        try {
            AnalysisOptions.Builder builder = AnalysisOptions.builder()
                    .threshold(threshold)
                    .examples(examples != null ? examples : replicate == null ? DEFAULT_EXAMPLES : 0)
                    .answers(answers())
                    .resamples(resamples)
                    .seed(seed)
                    .randomSample(randomSample)
                    .accuracies(AccuracyOption.parse(accuracies));
            if (reference != null) {
                builder.reference(reference);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    /** Returns how many responses to show: none, unless asked for, where none shall be shown as an example. */
    private int answers() {
        if (answers != null) {
            return answers;
        }
        boolean hidden = replicate != null || (examples != null && examples == 0);
        return hidden ? 0 : AnalysisOptions.MAX_ANSWERS;
    }

    private Report report(AnalysisOptions options) throws IOException {
        if (replicate != null) {
            if (reference != null) {
                throw new UsageException("--replicate must go without --reference, but was with it");
            }
            if (randomSample || !accuracies.isEmpty()) {
                throw new UsageException(
                        "--replicate must go without --random-sample and --accuracy, but was with one");
            }
            try {
                return Replication.of(DoNotAnswer.load(replicate), options).toReport();
            } catch (IllegalArgumentException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
        ReportJob job =
                new ReportJob(options, reference != null, UsageException.orUsage(() -> PriceOption.parse(prices)));
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
        // The name of an LLM may contain characters that move the cursor or change the direction of text.
        return VisibleText.onOneLine(line);
    }
}
