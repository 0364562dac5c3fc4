package org.donotanswer.bench.cli;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.donotanswer.bench.speed.FreshJvmFigures;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Starts JVMs in which one evaluator is measured each, with the class path and the options of this one. Not thread-safe. */
final class FreshJvm {
    /** The option that names the evaluator. */
    static final String EVALUATOR = "--evaluator";

    /** The option that says how long the speed is measured. */
    static final String SECONDS = "--speed-seconds";

    /** The option that names the file for the figures. */
    static final String FIGURES = "--figures";

    /** Would measure how fast replies are read. */
    private static final String CACHE = "--cache";

    private final CommandSpec spec;
    private final ComparisonData data;
    private final double seconds;

    /**
     * Creates a starter of JVMs.
     *
     * @param spec the command, whose options for evaluators are passed on
     * @param data the exchanges
     * @param seconds how long the speed is measured
     */
    FreshJvm(CommandSpec spec, ComparisonData data, double seconds) {
        this.spec = spec;
        this.data = data;
        this.seconds = seconds;
    }

    /**
     * Returns the figures of an evaluator.
     *
     * @param text the evaluator as the user named it
     * @throws IOException if the JVM cannot be started, or fails
     */
    FreshJvmFigures measure(EvaluatorChoice choice, String text) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("dna-compare");
        Path figures = directory.resolve("figures.json");
        Path log = directory.resolve("log");
        try {
            List<String> command = command(choice, text, figures);
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
            // What computes with threads of its own has one: that of checkpoints, in libraries for C.
            builder.environment().put("OMP_NUM_THREADS", "1");
            builder.environment().put("MKL_NUM_THREADS", "1");
            int exitCode = run(builder);
            if (exitCode != 0) {
                throw new IOException(
                        "JVM of " + text + " must end with exit code 0, but ended with " + exitCode + lastLine(log));
            }
            return FreshJvmFigures.read(figures);
        } finally {
            Files.deleteIfExists(figures);
            Files.deleteIfExists(log);
            Files.deleteIfExists(directory);
        }
    }

    private static int run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = builder.start();
        try {
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }

    private static String lastLine(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("Try '"))
                .toList();
        return lines.isEmpty() ? "" : " (" + lines.get(lines.size() - 1) + ")";
    }

    private List<String> command(EvaluatorChoice choice, String text, Path figures) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("-D") || option.startsWith("-X"))
                .filter(option -> !option.startsWith("-Xrun"))
                .forEach(command::add);
        command.addAll(List.of("-cp", classPath(), EvaluatorJvm.class.getName()));
        command.addAll(List.of(EVALUATOR, text, SECONDS, String.valueOf(seconds), FIGURES, figures.toString()));
        command.addAll(data.arguments());
        if (choice instanceof EvaluatorChoice.LlmJudge) {
            command.addAll(given(Set.of(HelpSection.LLM_JUDGE, HelpSection.REQUESTS)));
        } else if (choice instanceof EvaluatorChoice.Model) {
            command.addAll(given(Set.of(HelpSection.CHECKPOINT)));
        }
        return command;
    }

    /** Returns the class path with absolute names. */
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    /** Returns the options of some sections as they were given. */
    private List<String> given(Set<HelpSection> sections) {
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (!sections.contains(Options.section(option))
                    || option.longestName().equals(CACHE)) {
                continue;
            }
            if (option.arity().max() == 0) {
                arguments.add(option.longestName());
            } else {
                option.originalStringValues().forEach(value -> arguments.add(option.longestName() + "=" + value));
            }
        }
        return arguments;
    }
}
