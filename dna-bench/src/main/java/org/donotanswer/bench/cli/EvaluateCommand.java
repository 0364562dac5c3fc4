package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.harness.io.OrderedPipeline;
import org.donotanswer.harness.io.Output;
import org.donotanswer.harness.io.Progress;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "evaluate",
        description = "Judges whether responses are safe: one exchange given as arguments, or those of a file.",
        footer = {
            "",
            "Input lines are {\"id\":\"7\",\"instruction\":\"...\",\"response\":\"...\"}, where id and instruction may be"
                    + " missing; CSV has the columns id, instruction (or question) and response.",
            "A line that cannot be read is UNSCORED in the output, and the exit code is 1."
        })
final class EvaluateCommand implements Callable<Integer> {
    private static final String STANDARD = "-";

    /** How assessments are shown. */
    enum OutputFormat {
        json,
        text
    }

    /** How exchanges are written. */
    enum ExchangeFormat {
        jsonl,
        csv
    }

    private final Streams streams;
    private final EvaluatorFactory evaluators;

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "INSTRUCTION",
            description = "What the user asked; may be ''.")
    private @Nullable String instruction;

    @Parameters(index = "1", arity = "0..1", paramLabel = "RESPONSE", description = "What the chatbot answered.")
    private @Nullable String response;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "Exchanges as .jsonl or .csv, or - for standard input.")
    private @Nullable String input;

    @Option(
            names = "--input-format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; by default what the name of the input ends in.")
    private @Nullable ExchangeFormat inputFormat;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            defaultValue = STANDARD,
            description = "Where to write, - for standard output (default). A file appears only when complete.")
    private String output;

    @Option(
            names = "--model",
            paramLabel = "PATH",
            converter = ModelLocationConverter.class,
            description = "Model to use rather than the one that comes with dna: a file, a checkpoint's directory, or "
                    + ModelLocation.SYNTAX + ".")
    private @Nullable ModelLocation model;

    @Mixin
    private CheckpointOptions checkpoint;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES}; by default json, but text for arguments on a terminal.")
    private @Nullable OutputFormat format;

    @Option(
            names = "--check-language",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Whether text that is clearly not English is left UNSCORED (default) or judged all the same.")
    private boolean checkLanguage;

    @Option(names = "--threads", paramLabel = "N", description = "By default one per processor.")
    private @Nullable Integer threads;

    EvaluateCommand(Streams streams, EvaluatorFactory evaluators) {
        checkpoint = new CheckpointOptions();
        this.streams = streams;
        this.evaluators = evaluators;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        int workers = Threads.of(spec, threads);
        checkUsage();
        EvaluationJob job = evaluate(workers);
        streams.err().print(job.remarks());
        return job.isSound() ? 0 : 1;
    }

    private EvaluationJob evaluate(int workers) throws IOException, InterruptedException {
        boolean single = input == null;
        OutputFormat chosen =
                format != null ? format : single && streams.interactive() ? OutputFormat.text : OutputFormat.json;
        // The source first: opening it is quick, and finds what is wrong with a file before the model is read.
        try (ExchangeSource source = single ? new SingleSource(exchange()) : open(input);
                SafetyEvaluator evaluator = open(choice());
                Output target =
                        output.equals(STANDARD) ? Output.standard(streams.out()) : Output.file(Path.of(output));
                Progress progress = progress()) {
            EvaluationJob job =
                    new EvaluationJob(source, evaluator, format(chosen, single, evaluator), target.stream(), progress);
            job.run(pipeline(evaluator, workers));
            target.commit();
            return job;
        }
    }

    private ModelChoice choice() {
        boolean options = !checkpoint.given().isEmpty() || (threads != null && isDirectory());
        return new ModelChoice(
                Optional.ofNullable(model),
                Optional.ofNullable(checkpoint.action()),
                checkLanguage,
                options ? Optional.of(builder -> checkpoint.apply(builder, threads)) : Optional.empty());
    }

    private SafetyEvaluator open(ModelChoice choice) throws IOException, InterruptedException {
        try {
            return evaluators.open(choice);
        } catch (IllegalArgumentException e) {
            if (choice.isCheckpoint()) {
                throw usage(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** A checkpoint's operations have threads of their own; a second chunk is tokenized while the first is computed. */
    private static OrderedPipeline pipeline(SafetyEvaluator evaluator, int workers) {
        return evaluator instanceof TransformerEvaluator
                ? new OrderedPipeline(2, OrderedPipeline.Limits.ofBatches(2))
                : new OrderedPipeline(workers, OrderedPipeline.Limits.ofText(workers));
    }

    /** A bar would be lost between assessments that go to the terminal. */
    private Progress progress() {
        return output.equals(STANDARD) ? Progress.none() : ProgressBars.start(streams, "evaluate", -1);
    }

    private void checkUsage() {
        if (input != null && instruction != null) {
            throw usage("exchanges must come from the arguments or from --input, but was both");
        }
        if (input == null && instruction == null) {
            throw usage("exchanges must come from the arguments or from --input, but was neither");
        }
        if (input == null && response == null) {
            throw usage("arguments must be an instruction and a response, but was one only");
        }
        if (input == null && inputFormat != null) {
            throw usage("--input-format must go with --input, but was without");
        }
        checkCheckpoint();
    }

    private void checkCheckpoint() {
        if (checkpoint.given().isEmpty()) {
            return;
        }
        if (model == null || (model instanceof ModelLocation.Local local && Files.isRegularFile(local.path()))) {
            throw usage(checkpoint.given().get(0) + " must go with a checkpoint in --model, but was with "
                    + (model == null ? "the model that comes with dna" : "the file " + model));
        }
        try {
            checkpoint.check();
        } catch (IllegalArgumentException e) {
            throw usage(String.valueOf(e.getMessage()));
        }
    }

    private boolean isDirectory() {
        return model instanceof ModelLocation.Hosted
                || (model instanceof ModelLocation.Local local && Files.isDirectory(local.path()));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private Exchange exchange() {
        return Exchange.of(String.valueOf(instruction), String.valueOf(response));
    }

    private ExchangeSource open(String name) throws IOException {
        boolean csv = inputFormat(name) == ExchangeFormat.csv;
        InputStream in = name.equals(STANDARD) ? streams.in() : stream(Path.of(name));
        try {
            return csv ? new CsvSource(in, name) : new JsonLinesSource(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream stream(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (Files.isDirectory(file)) {
            throw new IOException("input must be a file, but was a directory (" + file + ")");
        }
        return Files.newInputStream(file);
    }

    private ExchangeFormat inputFormat(String name) {
        if (inputFormat != null) {
            return inputFormat;
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".csv")) {
            return ExchangeFormat.csv;
        }
        if (name.equals(STANDARD) || lower.endsWith(".jsonl") || lower.endsWith(".ndjson") || lower.endsWith(".json")) {
            return ExchangeFormat.jsonl;
        }
        throw usage("name of the input must end in .jsonl or .csv, or --input-format be given, but was " + name);
    }

    private static AssessmentFormat format(OutputFormat format, boolean single, SafetyEvaluator evaluator) {
        return switch (format) {
            case json -> new JsonLinesFormat();
            case text -> single ? new CardFormat() : new TableFormat(evaluator.name());
        };
    }
}
