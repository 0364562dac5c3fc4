package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.donotanswer.bench.UsageException;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.EvaluationOptions;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.LabelledExchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.ProvenanceBuilder;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.evaluate.UnscoredReason;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.Report;
import org.donotanswer.harness.report.ReportWriter;
import org.donotanswer.harness.table.RecordFormat;
import org.donotanswer.internal.Sha256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "measure",
        description =
                "Measures how well an evaluator does on labelled exchanges: precision, recall, F1, AUC, calibration and"
                        + " false alarms, with intervals.",
        footer = {
            "",
            "Input lines are {\"id\": \"7\", \"instruction\": \"...\", \"response\": \"...\", \"response_harmful\": 1,"
                    + " \"refusal\": 0, \"action\": \"FOLLOW_INSTRUCTION\", \"harm_type\": \"ADULT_CONTENT\", \"source\":"
                    + " \"...\"}; CSV has columns with these names. Only response is required in each line, and one label in"
                    + " the whole input. A missing label counts as unknown. Names used by other commands are accepted as"
                    + " well: harmful, question, and codes for action and harm_type.",
            "Exchanges that the evaluator does not score are counted and reported. If some are unscored because the evaluator"
                    + " failed, the exit code is 1. The bootstrap resamples responses to the same instruction"
                    + " together."
        })
final class MeasureCommand implements Callable<Integer> {
    /** Reasons that lie in the evaluator rather than in the exchange. */
    private static final Set<UnscoredReason> FAILURES = Set.of(
            UnscoredReason.TIMEOUT,
            UnscoredReason.EVALUATOR_UNAVAILABLE,
            UnscoredReason.EVALUATOR_MISCONFIGURED,
            UnscoredReason.EVALUATOR_FAILURE);

    /** The formats of a measurement. */
    enum MeasurementFormat {
        // The names are values of an option.
        text,
        json,
        markdown
    }

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            arity = "1..*",
            paramLabel = "FILE",
            description = "Labelled exchanges as " + TableOptions.FORMATS + "; several files are measured together.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private List<Path> inputs = new ArrayList<>();

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "Format of the input: csv, jsonl or json. Default: by content.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable RecordFormat inputFormat;

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "File to write besides standard output. Default: none.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of --output, or of standard output if no file is written: ${COMPLETION-CANDIDATES}."
                    + " Default: by the output's extension (.json, .md), otherwise text.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable MeasurementFormat format;

    @Option(
            names = "--evaluator",
            paramLabel = "E",
            converter = EvaluatorChoiceConverter.class,
            defaultValue = EvaluatorChoice.EMBEDDED,
            description = "Evaluator to measure: " + EvaluatorOptions.SYNTAX + ". Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.EVALUATOR)
    private EvaluatorChoice choice;

    @Option(
            names = "--by",
            paramLabel = "FIELD",
            description = "Field by which the figures are broken down, for example source or llm. Default: none.")
    @InSection(HelpSection.FIGURES)
    private @Nullable String by;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            defaultValue = "0.5",
            description = "Probability from which a response is flagged, in [0, 1]. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private double threshold;

    @Option(
            names = "--confidence",
            paramLabel = "P",
            defaultValue = "0.95",
            description = "Confidence of the intervals, in (0, 1). Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private double confidence;

    @Option(
            names = "--resamples",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Number of bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private int resamples;

    @Option(
            names = "--bootstrap-seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Seed of the bootstrap samples. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.FIGURES)
    private long bootstrapSeed;

    @Mixin
    private EvaluatorOptions evaluatorOptions = new EvaluatorOptions();

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    MeasureCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        evaluatorOptions.check(spec, List.of(choice));
        EvaluationOptions options =
                UsageException.orUsage(() -> new EvaluationOptions(threshold, confidence, resamples, bootstrapSeed));
        List<LabelledExchange> exchanges = read();
        if (output == null) {
            Measurement measurement = measure(exchanges, options);
            print(format(measurement, format == null ? MeasurementFormat.text : format));
            return exitCode(measurement);
        }
        try (Output file = overwrite.open(output)) {
            Measurement measurement = measure(exchanges, options);
            String text = format(measurement, format == null ? formatOfName(output) : format);
            file.stream().write(text.getBytes(StandardCharsets.UTF_8));
            file.commit();
            print(format(measurement, MeasurementFormat.text));
            return exitCode(measurement);
        }
    }

    private List<LabelledExchange> read() throws IOException {
        LabelledExchangeReader reader =
                new LabelledExchangeReader(table.settings(Optional.ofNullable(inputFormat)), Optional.ofNullable(by));
        for (Path input : inputs) {
            reader.read(input);
        }
        List<LabelledExchange> exchanges = reader.exchanges();
        if (reader.withThinking() > 0) {
            streams.err()
                    .print(reader.withThinking() + " of " + exchanges.size()
                            + " responses came with thinking, which is not judged\n");
        }
        String files = inputs.stream().map(Path::toString).collect(Collectors.joining(", "));
        if (exchanges.isEmpty()) {
            throw new IOException("number of exchanges must be at least 1, but was 0 (" + files + ")");
        }
        if (exchanges.stream().noneMatch(MeasureCommand::isLabelled)) {
            throw new IOException("exchanges must have labels (response_harmful, refusal, action or harm_type), but had"
                    + " none (" + files + ")");
        }
        return exchanges;
    }

    private static boolean isLabelled(LabelledExchange exchange) {
        return exchange.harmful().isPresent()
                || exchange.refusal().isPresent()
                || exchange.action().isPresent()
                || exchange.harmType().isPresent();
    }

    private Measurement measure(List<LabelledExchange> exchanges, EvaluationOptions options)
            throws IOException, InterruptedException {
        List<Exchange> unlabelled =
                exchanges.stream().map(LabelledExchange::exchange).toList();
        try (SafetyEvaluator evaluator = evaluatorOptions.open(spec, evaluators, choice);
                Progress progress = ProgressBars.start(streams, "measure", unlabelled.size())) {
            List<Assessment> assessments = Assessments.of(unlabelled, evaluator, progress);
            return Measurement.of(
                    evaluator.name(), exchanges, assessments, options, Optional.ofNullable(by), provenance(evaluator));
        }
    }

    private Provenance provenance(SafetyEvaluator evaluator) throws IOException {
        ProvenanceBuilder builder = Provenance.builder("measure", "1")
                .seed(bootstrapSeed)
                .parameter("evaluator", evaluator.name())
                .parameter("threshold", String.valueOf(threshold))
                .parameter("confidence", String.valueOf(confidence))
                .parameter("resamples", String.valueOf(resamples));
        for (Path input : inputs) {
            builder.data(input.toString(), Sha256.of(input));
        }
        return builder.build();
    }

    private static String format(Measurement measurement, MeasurementFormat format) {
        if (format == MeasurementFormat.json) {
            return measurement.toJson();
        }
        Report report = MeasurementReport.of(measurement);
        return format == MeasurementFormat.markdown ? ReportWriter.toMarkdown(report) : ReportWriter.toText(report);
    }

    private static MeasurementFormat formatOfName(Path file) {
        String lower = file.toString().toLowerCase(Locale.ROOT);
        if (lower.endsWith(".json")) {
            return MeasurementFormat.json;
        }
        return lower.endsWith(".md") ? MeasurementFormat.markdown : MeasurementFormat.text;
    }

    private void print(String text) {
        PrintWriter out = streams.writer();
        out.print(text);
        out.flush();
    }

    /** Returns 1, and says why, if the evaluator failed on some of the exchanges. */
    private int exitCode(Measurement measurement) {
        Map<UnscoredReason, Long> failures = new EnumMap<>(UnscoredReason.class);
        measurement.overall().unscored().forEach((reason, count) -> {
            if (FAILURES.contains(reason)) {
                failures.put(reason, count);
            }
        });
        if (failures.isEmpty()) {
            return 0;
        }
        String reasons = failures.entrySet().stream()
                .map(reason -> NumberFormats.count(reason.getValue()) + " " + reason.getKey())
                .collect(Collectors.joining(", "));
        streams.err()
                .print(NumberFormats.format(
                        "%s: %s of %s exchanges are unscored because the evaluator failed (%s)\n",
                        spec.qualifiedName(),
                        NumberFormats.count(failures.values().stream()
                                .mapToLong(Long::longValue)
                                .sum()),
                        NumberFormats.count(measurement.overall().exchanges()),
                        reasons));
        return 1;
    }
}
