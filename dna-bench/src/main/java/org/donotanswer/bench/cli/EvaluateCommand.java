package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
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
            "A record that cannot be read is reported as UNSCORED in the output, and the exit code is 1."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final String STANDARD = "-";

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
            description = "File to write, or - for standard output. A file appears only when it is complete."
                    + " Default: standard output.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
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

    /** A file of exchanges. */
    @InSection(HelpSection.INPUT_OUTPUT)
    static final class InputOptions {
        @Option(
                names = "--input",
                required = true,
                paramLabel = "FILE",
                description = "Exchanges as " + TableOptions.FORMATS
                        + ", or - for standard input. Default: the exchange" + " given as arguments.")
        private String file;

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
        EvaluationJob job = evaluate(workers);
        streams.err().print(job.remarks());
        return job.isSound() ? 0 : 1;
    }

    private EvaluationJob evaluate(int workers) throws IOException, InterruptedException {
        boolean single = input == null;
        OutputFormat chosen =
                format != null ? format : single && streams.interactive() ? OutputFormat.text : OutputFormat.json;
        // The source first: opening it is quick, and finds faults of a file before the model is read.
        try (ExchangeSource source = input == null ? new SingleSource(exchange()) : open(input);
                SafetyEvaluator opened = evaluator.open(evaluators, choice());
                Output target = overwrite.open(output, streams);
                Progress progress = progress()) {
            EvaluationJob job =
                    new EvaluationJob(source, opened, format(chosen, single, opened), target.stream(), progress);
            job.run(pipeline(opened, workers));
            target.commit();
            return job;
        }
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
                : new OrderedPipeline(workers, OrderedPipeline.Limits.ofText(workers));
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

    private ExchangeSource open(InputOptions chosen) throws IOException {
        TableSettings settings = table.settings(Optional.ofNullable(chosen.format));
        return TableSource.of(
                chosen.file.equals(STANDARD)
                        ? TableReader.open(streams.in(), chosen.file, settings)
                        : TableReader.open(Path.of(chosen.file), settings));
    }

    private static AssessmentFormat format(OutputFormat format, boolean single, SafetyEvaluator evaluator) {
        return switch (format) {
            case json -> new JsonLinesFormat();
            case text -> single ? new CardFormat() : new TableFormat(evaluator.name());
        };
    }
}
