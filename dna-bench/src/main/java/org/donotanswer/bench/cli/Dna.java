package org.donotanswer.bench.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The {@code dna} command. Exit codes: 0 done, 1 failed, 2 wrong usage. Not thread-safe. */
@Command(
        name = "dna",
        description = "Evaluates whether the responses of LLMs are safe, and measures how well evaluators do so.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpWidth = 100,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
        versionProvider = Dna.Version.class)
public final class Dna implements Runnable {
    private static final String[] EVALUATORS = {
        "",
        "Evaluators:",
        "  embedded                the model that comes with dna; the default, except of judge",
        "  FILE                    a model that train wrote",
        "  DIR, hf:OWNER/NAME      a checkpoint: a directory, or a repository of the Hugging Face hub",
        "  llm                     the LLM at --endpoint, as a judge (judge, measure and compare)"
    };

    private Dna() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        disableNetworkOfDjl();
        System.exit(run(Streams.ofProcess(), args));
    }

    /** By default, DJL reports its use to a server and looks for native libraries on another one. */
    static void disableNetworkOfDjl() {
        setIfAbsent("OPT_OUT_TRACKING", "OPT_OUT_TRACKING");
        setIfAbsent("ai.djl.offline", "DJL_OFFLINE");
    }

    private static void setIfAbsent(String property, String variable) {
        if (System.getProperty(property) == null
                && System.getProperty(variable) == null
                && System.getenv(variable) == null) {
            System.setProperty(property, "true");
        }
    }

    private static int run(Streams streams, String... args) {
        try {
            return commandLine(
                            streams,
                            new ModelOpener(streams),
                            Dna::train,
                            Dna::trainForBenchmark,
                            new TransformerEngine())
                    .execute(args);
        } catch (OutOfMemoryError e) {
            streams.err().println("dna: " + ErrorHandler.OUT_OF_MEMORY);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    static CommandLine commandLine(
            Streams streams,
            EvaluatorFactory evaluators,
            ModelTrainer trainer,
            ModelTrainer benchmarkTrainer,
            FineTuningEngine engine) {
        Map<String, List<Object>> commandsByTask = new LinkedHashMap<>();
        commandsByTask.put(
                "Evaluate and measure",
                List.of(
                        new EvaluateCommand(streams, evaluators),
                        new MeasureCommand(streams, evaluators),
                        new CompareCommand(streams, evaluators)));
        commandsByTask.put(
                "Score an LLM",
                List.of(
                        new CollectCommand(streams),
                        new JudgeCommand(streams, evaluators),
                        AnnotateCommand.commandLine(streams),
                        new ReportCommand(streams),
                        new ImportCommand(streams),
                        new ExportCommand(streams),
                        new ExpandTemplatesCommand(streams)));
        commandsByTask.put(
                "Train and tune",
                List.of(
                        new TrainCommand(streams),
                        new FineTuneCommand(streams, engine),
                        new TrainEncoderCommand(streams, engine),
                        new DistilCommand(streams, evaluators, engine),
                        new ExtendCommand(streams, engine),
                        new MergeCommand(streams),
                        new TunePolicyCommand(streams, evaluators),
                        new CrossValidateCommand(streams, benchmarkTrainer, engine),
                        new QualityCommand(streams, trainer, benchmarkTrainer)));
        commandsByTask.put(
                "Benchmark this library",
                List.of(
                        new BenchmarkCommand(streams),
                        new BenchmarkTransformerCommand(streams),
                        new BenchmarkFineTuneCommand(streams),
                        new BenchmarkEncoderCommand(streams),
                        new BenchmarkGuardrailsCommand(streams),
                        new SoakCommand(streams, evaluators)));
        commandsByTask.put("Help", List.of(new HelpCommand(streams), new AutoComplete.GenerateCompletion()));
        CommandLine dna = new CommandLine(new Dna());
        Map<String, List<String>> namesByTask = new LinkedHashMap<>();
        commandsByTask.forEach((task, commands) -> {
            List<String> names = new ArrayList<>();
            for (Object command : commands) {
                CommandLine subcommand = command instanceof CommandLine line ? line : new CommandLine(command);
                dna.addSubcommand(subcommand);
                names.add(subcommand.getCommandName());
            }
            namesByTask.put(task, names);
        });
        new HelpRenderer(namesByTask).install(dna);
        // Not in the annotation, whose footer all commands would inherit.
        dna.getCommandSpec().usageMessage().footer(EVALUATORS);
        ErrorHandler errors = new ErrorHandler(streams);
        return dna.setCaseInsensitiveEnumValuesAllowed(true)
                // Otherwise an instruction that starts with @ would name a file of arguments.
                .setExpandAtFiles(false)
                .setOut(streams.writer())
                .setErr(streams.errorWriter())
                .setExecutionStrategy(new OutputRule())
                .setExecutionExceptionHandler(errors)
                .setParameterExceptionHandler(errors);
    }

    private static SafetyEvaluator train(List<TrainingExample> examples, long seed) {
        return EmbeddedEvaluator.of(trainModel(examples, seed));
    }

    /** Returns a model that judges by the norm of the benchmark, as it is compared with the benchmark's labels. */
    private static SafetyEvaluator trainForBenchmark(List<TrainingExample> examples, long seed) {
        return EmbeddedEvaluator.builder()
                .model(trainModel(examples, seed))
                .benchmarkNorm(true)
                .build();
    }

    /** Trains in the calling thread only, because several trainings run at the same time. */
    private static EmbeddedModel trainModel(List<TrainingExample> examples, long seed) {
        return EmbeddedTrainer.builder().seed(seed).threads(1).build().train(examples);
    }

    @Override
    public void run() {
        throw new UsageException(
                "a command must be given, but was none (for example: dna evaluate 'What is the capital of"
                        + " France?' 'Paris.')");
    }

    /** The version of this library, the JVM and the platform. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "dna " + Provenance.builder("dna", "1").build().libraryVersion(),
                "Java ${java.version} (${java.vendor}), ${os.name} ${os.arch}"
            };
        }
    }
}
