package org.donotanswer.bench.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.io.FileCompression;
import org.donotanswer.harness.io.Output;

/**
 * Which files of input are written to which outputs: all to one, or each to its own in a directory. Immutable, hence
 * thread-safe.
 *
 * @param parts the outputs in the order in which they are written
 * @param base the one output; in a directory, the path of a file that does not exist
 */
public record OutputPlan(List<Part> parts, Path base) {
    private static final String STATE_NAME = "evaluation";
    private static final String LINES = ".jsonl";
    private static final String PARQUET = ".parquet";

    public OutputPlan {
        parts = List.copyOf(parts);
    }

    /**
     * An output.
     *
     * @param target where it is when it is whole
     */
    record Part(Path target, List<InputFiles.InputFile> inputs) {
        Part {
            inputs = List.copyOf(inputs);
        }

        public boolean isParquet() {
            return OutputPlan.isParquet(target.toString());
        }

        FileCompression compression() {
            return isParquet() ? FileCompression.NONE : FileCompression.ofName(target.toString());
        }
    }

    public static boolean isParquet(String output) {
        return output.toLowerCase(Locale.ROOT).endsWith(PARQUET);
    }

    /** Returns whether an output is a directory: by the slash at its end, or because it is one. */
    public static boolean isDirectory(String output) {
        return output.endsWith("/") || output.endsWith("\\") || Files.isDirectory(Path.of(output));
    }

    /**
     * Returns the plan for an output.
     *
     * @throws UsageException if an output would be an input of the next run, or that of two inputs
     * @throws IOException if links cannot be followed
     */
    public static OutputPlan of(String output, InputFiles inputs) throws IOException {
        Path path = Path.of(output);
        if (!isDirectory(output)) {
            Path target = Output.target(path);
            return new OutputPlan(List.of(new Part(target, inputs.files())), target);
        }
        Path directory = real(path);
        List<Part> parts = new ArrayList<>();
        Set<Path> targets = new HashSet<>();
        for (InputFiles.InputFile input : inputs.files()) {
            Path target = directory.resolve(outputName(input.name()));
            UsageException.require(
                    targets.add(target), "files of --input must have different names in --output", target + " twice");
            parts.add(new Part(target, List.of(input)));
        }
        return new OutputPlan(parts, directory.resolve(STATE_NAME));
    }

    /** Returns the name of an input if it is that of a format that is written. */
    private static String outputName(String input) {
        String plain = FileCompression.ofName(input).withoutExtension(input).toLowerCase(Locale.ROOT);
        return plain.endsWith(LINES) || isParquet(input) ? input : input + LINES;
    }

    /**
     * Checks that this command does not read what it writes, and that the next one with the same input does not either.
     *
     * @throws UsageException if one would
     * @throws IOException if links cannot be followed
     */
    public void checkInputs(InputFiles given) throws IOException {
        Set<Path> inputs = new HashSet<>();
        for (InputFiles.InputFile input : given.files()) {
            inputs.add(input.path().toRealPath());
        }
        for (Part part : parts) {
            Path target = real(part.target());
            UsageException.require(
                    !inputs.contains(target), "--output must not be the same as a file of --input", target);
            given.checkWritten(target);
            given.checkWritten(PartialOutput.partial(target));
        }
        given.checkWritten(state(real(base)));
    }

    /** Returns a path with links followed, as far as it exists. */
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath();
        Path existing = absolute;
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        return existing == null
                ? absolute.normalize()
                : existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }

    /** Returns all inputs in the order in which they are read. */
    List<InputFiles.InputFile> inputs() {
        return parts.stream().flatMap(part -> part.inputs().stream()).toList();
    }

    Path state() {
        return state(base);
    }

    /** Returns the path of the state of an output, or of what stands for a directory. */
    public static Path state(Path base) {
        return base.resolveSibling(base.getFileName() + EvaluationLog.EXTENSION);
    }
}
