package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.evaluation.AssessmentFormat;
import org.donotanswer.bench.evaluation.CardFormat;
import org.donotanswer.bench.evaluation.ChunkEvaluation;
import org.donotanswer.bench.evaluation.EvaluationCounts;
import org.donotanswer.bench.evaluation.EvaluationFingerprint;
import org.donotanswer.bench.evaluation.EvaluationJob;
import org.donotanswer.bench.evaluation.EvaluationStep;
import org.donotanswer.bench.evaluation.ExchangeSource;
import org.donotanswer.bench.evaluation.FileEvaluation;
import org.donotanswer.bench.evaluation.FilesSource;
import org.donotanswer.bench.evaluation.InputFiles;
import org.donotanswer.bench.evaluation.JsonLinesFormat;
import org.donotanswer.bench.evaluation.OutputPlan;
import org.donotanswer.bench.evaluation.SingleSource;
import org.donotanswer.bench.evaluation.StreamOutput;
import org.donotanswer.bench.evaluation.TableFormat;
import org.donotanswer.bench.evaluation.TableSource;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.FileCompression;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.table.RecordFormat;
import org.donotanswer.harness.table.TableReader;
import org.donotanswer.harness.table.TableSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description =
                "Evaluates whether responses are safe: one exchange given as arguments, or the exchanges of a file.",
        footer = {
            "",
            "Records are {\"id\":\"7\",\"instruction\":\"...\",\"response\":\"...\"}, chats {\"messages\":[...]}, or"
                    + " rows of CSV with these columns; common other names are understood, such as question and answer."
                    + " Only the response is required, unless another text could be the instruction.",
            "--input takes a file, a directory (all files in it and below named as records are, by path; names with a dot"
                    + " or an underscore in front are passed over) or a quoted pattern ('logs/**.jsonl.gz'). Where it"
                    + " could be several files, the assessments in one output say which \"file\" they are of, as an id"
                    + " need only be unique in its file. With --output DIR/, each file gets its own output of the same"
                    + " relative name, with .jsonl after it unless it ends with .jsonl or .parquet.",
            "Files in, file out: while it runs, FILE.partial and FILE.state are beside the output (in a directory:"
                    + " evaluation.state). If it is killed, the same command with --resume goes on, and the output is the"
                    + " same, byte for byte.",
            "A record that cannot be read is reported as UNSCORED in the output, and the exit code is 1."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final String STANDARD = "-";

    /** Options that may change when an evaluation is continued, or whose values it compares in another way. */
    private static final Set<String> NOT_DECISIVE =
            Set.of("--threads", "--resume", OverwriteOption.NAME, "--input", "--output", EvaluatorOption.NAME);

    /** How assessments are shown. */
    enum OutputFormat {
        json,
        text
    }

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "INSTRUCTION",
            description = "Instruction of the user; '' if there is none.")
    private @Nullable String instruction;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RESPONSE", description = "Response of the LLM.")
    private @Nullable String response;

    @ArgGroup(exclusive = false)
    private @Nullable InputOptions input;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = STANDARD,
            description =
                    "File to write, DIR/ for one file for each input, or - for standard output. A name that ends with"
                            + " .gz or .zst is compressed, .parquet is Parquet. A file appears only when it is complete."
                            + " Default: standard output.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.RESUMED)
    private String output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Format of the output: ${COMPLETION-CANDIDATES}. Default: text for arguments on a"
                    + " terminal, otherwise json.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable OutputFormat format;

    @Mixin
    private EvaluatorOption evaluator = new EvaluatorOption();

    @Option(
            names = "--check-language",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Report text that is clearly not English as UNSCORED; if negated, evaluate it anyway."
                    + " Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.EVALUATOR)
    private boolean checkLanguage;

    @Mixin
    private CheckpointOptions checkpoint = new CheckpointOptions();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--resume",
            description =
                    "Go on where the same command was interrupted, if it was. Default: a half-written output is an"
                            + " error.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private boolean resume;

    /** Files of exchanges. */
    @InSection(HelpSection.INPUT_OUTPUT)
    static final class InputOptions {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE",
                description =
                        "Exchanges as " + TableOptions.FORMATS + ", each also as .gz or .zst, or Parquet: a file, a"
                                + " directory, a quoted pattern, or - for standard input. Can be repeated. Default: the exchange"
                                + " given as arguments.")
        private List<String> files;

        @Option(
                names = "--input-format",
                paramLabel = "FORMAT",
                description = "Format of the input: csv, jsonl or json; needs --input. Default: by content.")
        private @Nullable RecordFormat format;
    }

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    @Mixin
    private TableOptions table = new TableOptions();

    EvaluateCommand(Streams streams, EvaluatorFactory evaluators) {
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = threads.value();
        checkUsage();
        EvaluationCounts counts = evaluate(workers);
        streams.err().print(counts.remarks());
        return counts.isSound() ? 0 : 1;
    }

    private EvaluationCounts evaluate(int workers) throws IOException, InterruptedException {
        if (input == null || input.files.contains(STANDARD)) {
            requireNoFiles("files in --input");
            return evaluateStream(Optional.empty(), workers);
        }
        InputFiles files = InputFiles.of(input.files);
        files.remarks().forEach(streams.err()::println);
        checkText(files);
        boolean areRegular = files.files().stream().allMatch(file -> Files.isRegularFile(file.path()));
        if (!areRegular || output.equals(STANDARD) || Output.isDevice(Path.of(output))) {
            requireNoFiles(areRegular ? "a file in --output" : "regular files in --input");
            return evaluateStream(Optional.of(files), workers);
        }
        return evaluateFiles(files, workers);
    }

    /** A table of text has no place for the names of files, and the next one no header of its own. */
    private void checkText(InputFiles files) {
        boolean isText = format == OutputFormat.text;
        UsageException.require(!isText || !files.mayBeSeveral(), "--format must be json for several files", "text");
        UsageException.require(
                !isText || !OutputPlan.isDirectory(output), "--format must be json for a directory", "text");
        UsageException.require(!isText || !OutputPlan.isParquet(output), "--format must be json for Parquet", "text");
    }

    private void requireNoFiles(String needed) {
        UsageException.require(!resume, "--resume must go with " + needed, "without");
        UsageException.require(!OutputPlan.isParquet(output), "Parquet in --output must go with " + needed, "without");
        UsageException.require(
                output.equals(STANDARD) || !OutputPlan.isDirectory(output),
                "a directory in --output must go with " + needed,
                "without");
    }

    private EvaluationCounts evaluateStream(Optional<InputFiles> files, int workers)
            throws IOException, InterruptedException {
        boolean single = input == null;
        OutputFormat chosen =
                format != null ? format : single && streams.interactive() ? OutputFormat.text : OutputFormat.json;
        FileCompression compression = FileCompression.ofName(output);
        // The source first: opening it is quick, and finds faults of a file before the model is read.
        try (ExchangeSource source = source(files);
                SafetyEvaluator opened = evaluator.open(evaluators, choice());
                Output target = overwrite.open(output, streams);
                Progress progress = progress()) {
            AssessmentFormat assessments = format(chosen, single, opened);
            EvaluationCounts counts = new EvaluationCounts();
            StreamOutput out = new StreamOutput(target.stream());
            out.write(compression.compress(assessments.header().getBytes(StandardCharsets.UTF_8)));
            ChunkEvaluation evaluation = new ChunkEvaluation(
                    opened,
                    assessments,
                    compression,
                    files.map(InputFiles::namesIfSeveral).orElse(List.of()),
                    ChunkEvaluation.Position.BEGINNING);
            new EvaluationJob(source, out, counts, progress).run(evaluation, pipeline(opened, workers));
            target.commit();
            return counts;
        }
    }

    private ExchangeSource source(Optional<InputFiles> files) throws IOException {
        if (input == null) {
            return new SingleSource(exchange());
        }
        if (files.isEmpty()) {
            return TableSource.of(TableReader.open(streams.in(), STANDARD, settings()));
        }
        List<InputFiles.InputFile> all = files.get().files();
        // A pipe may be slow, so that no more must be read of it than is needed.
        return all.size() == 1
                ? TableSource.of(TableReader.open(all.get(0).path(), settings()))
                : new FilesSource(all, settings(), 0);
    }

    private EvaluationCounts evaluateFiles(InputFiles files, int workers) throws IOException, InterruptedException {
        OutputPlan plan = OutputPlan.of(output, files);
        plan.checkInputs(files);
        FilesSource.check(files.files(), settings());
        try (SafetyEvaluator opened = evaluator.open(evaluators, choice());
                Progress progress = progress()) {
            FileEvaluation evaluation = new FileEvaluation(
                    plan,
                    settings(),
                    EvaluationFingerprint.of(decisiveOptions(spec), plan, opened, files.mayBeSeveral()),
                    new FileEvaluation.Setup(
                            opened,
                            format(format == OutputFormat.text ? OutputFormat.text : OutputFormat.json, false, opened),
                            pipeline(opened, workers),
                            progress,
                            files.mayBeSeveral(),
                            overwrite.isGiven()),
                    EvaluationStep.Listener.NONE);
            try {
                EvaluationCounts counts = evaluation.run(resume);
                streams.err().print(counts.summary(files.files().size()));
                return counts;
            } finally {
                if (evaluation.isUnfinished()) {
                    streams.err().println("what was evaluated is kept; go on by --resume");
                }
            }
        }
    }

    /** Returns the options that were given and decide on the result of an evaluation that is continued, by name. */
    static Map<String, String> decisiveOptions(CommandSpec spec) {
        Map<String, String> options = new TreeMap<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!NOT_DECISIVE.contains(option.longestName())) {
                options.put(option.longestName(), String.join("\n", option.stringValues()));
            }
        }
        return options;
    }

    private ModelChoice choice() {
        boolean options = checkpointOption().isPresent() || (threads.given() != null && isCheckpoint());
        return new ModelChoice(
                evaluator.location(),
                Optional.ofNullable(checkpoint.action()),
                checkLanguage,
                options ? Optional.of(builder -> checkpoint.apply(builder, threads.given())) : Optional.empty());
    }

    /** A checkpoint's operations use their own threads; a second chunk is tokenized while the first is computed. */
    private static OrderedPipeline pipeline(SafetyEvaluator evaluator, int workers) {
        return evaluator instanceof TransformerEvaluator
                ? new OrderedPipeline(2, OrderedPipeline.Limits.ofBatches(2))
                : new OrderedPipeline(workers, OrderedPipeline.Limits.ofFiles(workers));
    }

    /** There is no bar between assessments that go to the terminal. */
    private Progress progress() {
        return output.equals(STANDARD) ? Progress.none() : ProgressBars.start(streams, "evaluate", -1);
    }

    private void checkUsage() {
        UsageException.require(
                (input == null) != (instruction == null),
                "exchanges must come from the arguments or from --input",
                input == null ? "neither" : "both");
        UsageException.require(
                input != null || response != null, "arguments must be an instruction and a response", "one only");
        UsageException.require(
                input == null || input.files.size() == 1 || !input.files.contains(STANDARD),
                "--input must be - alone",
                "with others");
        UsageException.require(
                input != null || !table.isGiven(), "--encoding and --column must go with --input", "without");
        UsageException.require(
                checkLanguage || !(evaluator.choice() instanceof EvaluatorChoice.Named),
                "--no-check-language must go with a model",
                "with " + evaluator.choice().shortName());
        checkpoint.check(spec, evaluator.choice());
        evaluator.check();
    }

    private Optional<String> checkpointOption() {
        return Options.firstGiven(spec, Set.of(HelpSection.CHECKPOINT));
    }

    private boolean isCheckpoint() {
        ModelLocation location = evaluator.location().orElse(null);
        return location instanceof ModelLocation.Hosted
                || (location instanceof ModelLocation.Local local && Files.isDirectory(local.path()));
    }

    private Exchange exchange() {
        return Exchange.of(String.valueOf(instruction), String.valueOf(response));
    }

    private TableSettings settings() {
        return table.settings(input == null ? Optional.empty() : Optional.ofNullable(input.format));
    }

    private static AssessmentFormat format(OutputFormat format, boolean single, SafetyEvaluator evaluator) {
        return switch (format) {
            case json -> new JsonLinesFormat();
            case text -> single ? new CardFormat() : new TableFormat(evaluator.name());
        };
    }
}
