package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.donotanswer.bench.comparison.ComparisonInput;
import org.donotanswer.bench.speed.FreshJvmFigures;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What runs in a JVM that {@link FreshJvm} starts: measures one evaluator, and writes its figures to a file. Not thread-safe. */
@Command(name = "evaluator")
final class EvaluatorJvm implements Callable<Integer> {
    /** The seed of the order of the exchanges. */
    static final long SEED = 42;

    private final Streams streams = Streams.ofProcess();

    @Spec
    private CommandSpec spec;

    @Option(names = FreshJvm.EVALUATOR, required = true, converter = EvaluatorChoiceConverter.class)
    private EvaluatorChoice choice;

    @Mixin
    private ComparisonData data = new ComparisonData();

    @Option(names = FreshJvm.SECONDS, required = true)
    private double seconds;

    @Option(names = FreshJvm.FIGURES, required = true)
    private Path figures;

    @Mixin
    private EvaluatorOptions options = new EvaluatorOptions();

    private EvaluatorJvm() {}

    /** Measures, and ends the process with an exit code; after a failure, the last line of the standard error says why. */
    public static void main(String[] args) {
        Dna.disableNetworkOfDjl();
        EvaluatorJvm command = new EvaluatorJvm();
        System.exit(new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExpandAtFiles(false)
                .setExecutionExceptionHandler(new ErrorHandler(command.streams))
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check(spec, List.of(choice));
        List<ComparisonInput> inputs = data.read();
        EvaluatorFactory evaluators = new ModelOpener(streams);
        FreshJvmFigures measured = FreshJvmFigures.measure(
                () -> options.open(spec, evaluators, choice),
                ComparisonInput.shuffled(inputs, SEED),
                seconds,
                // An LLM as judge remembers its replies.
                !(choice instanceof EvaluatorChoice.LlmJudge));
        Files.writeString(figures, measured.toJson());
        return 0;
    }
}
