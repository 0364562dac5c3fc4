package org.donotanswer.bench.cli;

import java.util.List;
import org.donotanswer.bench.crossvalidation.ModelTrainer;
import org.donotanswer.classifier.embedded.EmbeddedEvaluator;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The {@code dna} command. Exit codes: 0 done, 1 failed, 2 wrong usage. Not thread-safe. */
@Command(
        name = "dna",
        description = "Judges whether chatbots' answers are safe, and measures how well it does so.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpWidth = 100,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"},
        versionProvider = Dna.Version.class)
public final class Dna implements Runnable {
    @Spec
    private CommandSpec spec;

    private Dna() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        keepToItself();
        System.exit(run(Streams.ofProcess(), args));
    }

    /** DJL tells a server of its use, and looks for native libraries on another, unless told not to. */
    private static void keepToItself() {
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
            return commandLine(streams, new ModelOpener(streams), Dna::train).execute(args);
        } catch (OutOfMemoryError e) {
            streams.err().println("dna: " + ErrorHandler.OUT_OF_MEMORY);
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    static CommandLine commandLine(Streams streams, EvaluatorFactory evaluators, ModelTrainer trainer) {
        ErrorHandler failures = new ErrorHandler(streams);
        return new CommandLine(new Dna())
                .addSubcommand(new EvaluateCommand(streams, evaluators))
                .addSubcommand(new CollectCommand(streams))
                .addSubcommand(new JudgeCommand(streams, evaluators))
                .addSubcommand(AnnotateCommand.commandLine(streams))
                .addSubcommand(new ReportCommand(streams))
                .addSubcommand(new ImportCommand(streams))
                .addSubcommand(new ExportCommand(streams))
                .addSubcommand(new ExpandTemplatesCommand(streams))
                .addSubcommand(new TrainCommand(streams))
                .addSubcommand(new CrossValidateCommand(streams, trainer))
                .addSubcommand(new TunePolicyCommand(streams, evaluators))
                .addSubcommand(new BenchmarkCommand(streams))
                .addSubcommand(new BenchmarkTransformerCommand(streams))
                .addSubcommand(new BenchmarkGuardrailsCommand(streams))
                .setCaseInsensitiveEnumValuesAllowed(true)
                // Or an instruction that starts with an @ would name a file of arguments.
                .setExpandAtFiles(false)
                .setOut(streams.writer())
                .setErr(streams.errorWriter())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }

    /** Trains in the caller's thread alone: cross-validation runs several at a time. */
    private static SafetyEvaluator train(List<TrainingExample> examples, long seed) {
        EmbeddedTrainer trainer =
                EmbeddedTrainer.builder().seed(seed).threads(1).build();
        return EmbeddedEvaluator.of(trainer.train(examples));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command must be given, but was none");
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
