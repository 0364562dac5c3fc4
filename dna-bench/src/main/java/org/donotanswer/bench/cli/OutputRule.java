package org.donotanswer.bench.cli;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.evaluation.OutputPlan;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The one rule for the outputs of all commands, checked before a command reads or computes anything: an output that exists is
 * only replaced by {@code --overwrite}; one that the command reads, also by another name or link, is never replaced; and no
 * two outputs are the same file. Outputs are the options with {@link OutputTarget}; all other paths are inputs. Stateless,
 * hence thread-safe.
 */
final class OutputRule implements CommandLine.IExecutionStrategy {
    private static final String STANDARD = "-";
    /** The standard output, which may be a file that the command reads. */
    private static final Path STANDARD_OUTPUT = Path.of("/dev/stdout");

    private static final Set<String> PATH_LABELS = Set.of("FILE", "DIR", "PATH", "RUN");
    private static final String RUN_MANIFEST = "manifest.json";
    private static final Set<String> RUN_FILES = Set.of(RUN_MANIFEST, "responses.jsonl");
    private static final Set<String> RUN_DIRECTORIES = Set.of("reviews", "annotations", "statistics");

    private final CommandLine.IExecutionStrategy next = new CommandLine.RunLast();

    /** A path of the command line. */
    private record Argument(String name, Path path, Optional<OutputTarget.TargetKind> kind) {
        boolean isFile() {
            return is(OutputTarget.TargetKind.FILE) || is(OutputTarget.TargetKind.RESUMED);
        }

        private boolean is(OutputTarget.TargetKind wanted) {
            return kind.isPresent() && kind.get() == wanted;
        }

        /** Returns whether it may have been interrupted, perhaps just after it got its name. */
        boolean isInterrupted() throws IOException {
            return is(OutputTarget.TargetKind.RESUMED)
                    && !Output.isDevice(path)
                    && Files.exists(OutputPlan.state(Output.target(path)));
        }
    }

    @Override
    public int execute(ParseResult parsed) {
        ParseResult last = parsed;
        while (last.hasSubcommand()) {
            last = last.subcommand();
        }
        if (!last.isUsageHelpRequested() && !last.isVersionHelpRequested()) {
            try {
                check(last.commandSpec());
            } catch (IOException | UsageException e) {
                throw new CommandLine.ExecutionException(
                        last.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
            }
        }
        return next.execute(parsed);
    }

    /** Returns the mark of an option that names an output. */
    static Optional<OutputTarget> target(ArgSpec argument) {
        return argument.userObject() instanceof Field field
                ? Optional.ofNullable(field.getAnnotation(OutputTarget.class))
                : Optional.empty();
    }

    /**
     * Checks the outputs of a command whose arguments have been parsed.
     *
     * @throws UsageException if an output must not be written
     * @throws IOException if a file cannot be looked up
     */
    static void check(CommandSpec command) throws IOException {
        List<Argument> outputs = new ArrayList<>();
        for (ArgSpec argument : command.args()) {
            Optional<OutputTarget.TargetKind> kind = target(argument).map(OutputTarget::value);
            if (kind.isPresent()) {
                for (Path path : paths(argument)) {
                    boolean isStandard = path.toString().equals(STANDARD);
                    outputs.add(new Argument(name(argument), isStandard ? STANDARD_OUTPUT : path, kind));
                }
            }
        }
        check(outputs, inputs(command), isOverwriting(command));
    }

    /** Checks further files that a command writes: those below a directory, or named after another file. */
    static void check(CommandSpec command, List<Path> files) throws IOException {
        check(files(files), inputs(command), isOverwriting(command));
    }

    /** Checks that the command reads none of the files, which other rules are for as well. */
    static void checkInputs(CommandSpec command, List<Path> files) throws IOException {
        for (Argument output : files(files)) {
            for (Argument input : inputs(command)) {
                checkInput(output, input);
            }
        }
    }

    private static List<Argument> files(List<Path> files) {
        return files.stream()
                .map(file -> new Argument("output", file, Optional.of(OutputTarget.TargetKind.FILE)))
                .toList();
    }

    private static List<Argument> inputs(CommandSpec command) {
        List<Argument> inputs = new ArrayList<>();
        for (ArgSpec argument : command.args()) {
            if (target(argument).isEmpty()) {
                paths(argument).stream()
                        .filter(path -> !path.toString().equals(STANDARD))
                        .forEach(path -> inputs.add(new Argument(name(argument), path, Optional.empty())));
            }
        }
        return inputs;
    }

    private static void check(List<Argument> outputs, List<Argument> inputs, boolean isOverwriting) throws IOException {
        Set<Path> files = new HashSet<>();
        for (Argument output : outputs) {
            if (!output.isFile() || !Output.isDevice(output.path())) {
                UsageException.require(
                        files.add(key(output.path())), "output files must differ", output.path() + " twice");
            }
        }
        for (Argument output : outputs) {
            if (output.kind().equals(Optional.of(OutputTarget.TargetKind.CONTINUED))) {
                continue;
            }
            for (Argument input : inputs) {
                checkInput(output, input);
            }
            if (output.isFile()) {
                checkRun(output);
                checkExisting(output, isOverwriting || output.isInterrupted());
            }
        }
    }

    private static void checkInput(Argument output, Argument input) throws IOException {
        boolean isDevice = !Files.isRegularFile(output.path()) && !Files.isDirectory(output.path());
        if (isDevice || !Files.exists(input.path())) {
            return;
        }
        UsageException.require(
                !Files.isSameFile(output.path(), input.path()),
                output.name() + " must not be the same as " + input.name(),
                output.path());
        // A run may hold other files as well, such as a report on it.
        if (output.isFile()
                && Files.isDirectory(input.path())
                && !Files.exists(input.path().resolve(RUN_MANIFEST))) {
            UsageException.require(
                    !output.path().toRealPath().startsWith(input.path().toRealPath()),
                    output.name() + " must not replace a file of " + input.name(),
                    output.path());
        }
    }

    /** No output may be one of the files of a run, which other commands write. */
    private static void checkRun(Argument output) throws IOException {
        Path target = Output.target(output.path());
        Path directory = target.getParent();
        if (directory == null || Files.isDirectory(target)) {
            return;
        }
        Path above = directory.getParent();
        boolean isOfRun = (isRun(directory) && RUN_FILES.contains(String.valueOf(target.getFileName())))
                || (above != null && isRun(above) && RUN_DIRECTORIES.contains(String.valueOf(directory.getFileName())));
        UsageException.require(!isOfRun, output.name() + " must not be a file of a run", output.path());
    }

    private static boolean isRun(Path directory) {
        return Files.exists(directory.resolve(RUN_MANIFEST)) && Files.exists(directory.resolve("responses.jsonl"));
    }

    private static void checkExisting(Argument output, boolean isOverwriting) {
        if (!isOverwriting
                && Files.exists(output.path())
                && !Files.isDirectory(output.path())
                && !Output.isDevice(output.path())) {
            throw new UsageException(
                    "output must not exist, but did (" + output.path() + "); replace it by " + OverwriteOption.NAME);
        }
    }

    /** Returns what is equal for two names of the same file. */
    private static Path key(Path path) throws IOException {
        return Files.exists(path) ? path.toRealPath() : Output.target(path);
    }

    private static boolean isOverwriting(CommandSpec command) {
        OptionSpec option = command.findOption(OverwriteOption.NAME);
        return option != null && Boolean.TRUE.equals(option.getValue());
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static List<Path> paths(ArgSpec argument) {
        List<Path> paths = new ArrayList<>();
        boolean isPath = PATH_LABELS.contains(argument.paramLabel());
        List<Object> values = argument.typedValues();
        if (values.isEmpty()) {
            add(value(argument), isPath, paths);
        } else {
            values.forEach(value -> add(value, isPath, paths));
        }
        return paths;
    }

    /** Returns the default of an option that was not given. */
    private static @Nullable Object value(ArgSpec argument) {
        return argument.group() == null ? argument.getValue() : null;
    }

    private static void add(@Nullable Object value, boolean isPath, List<Path> paths) {
        if (value instanceof Path path) {
            paths.add(path);
        } else if (value instanceof Collection<?> values) {
            values.forEach(each -> add(each, isPath, paths));
        } else if (value instanceof ModelLocation.Local local) {
            paths.add(local.path());
        } else if (value instanceof EvaluatorChoice.Model model) {
            add(model.location(), isPath, paths);
        } else if (isPath && value instanceof String text) {
            try {
                paths.add(Path.of(text));
            } catch (InvalidPathException e) {
                // The command reports it when it opens the file.
                return;
            }
        }
    }
}
