package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.donotanswer.bench.UsageException;
import org.donotanswer.bench.comparison.ComparisonInput;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.bench.crossvalidation.TrainingSet.TrainingItem;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.dataset.ExampleSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The labelled exchanges that evaluators are compared on. Not thread-safe. */
@InSection(HelpSection.INPUT_OUTPUT)
final class ComparisonData {
    private static final String INPUT = "--input";
    private static final String DATA = "--data";
    private static final String BENCHMARK = "do-not-answer";

    @Option(
            names = INPUT,
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "Labelled examples as JSON lines, or directories of such files (*.jsonl). Each is an input with figures of"
                            + " its own. Required unless " + DATA + " is given.")
    private List<Path> inputs = new ArrayList<>();

    @Option(
            names = DATA,
            paramLabel = "DIR",
            description =
                    "Directory of the published Do-Not-Answer files, whose responses are one more input. Default: none.")
    private @Nullable Path data;

    /**
     * Returns the inputs.
     *
     * @throws UsageException if none is given, or two have the same name
     * @throws IOException if one cannot be read
     */
    List<ComparisonInput> read() throws IOException {
        UsageException.require(!inputs.isEmpty() || data != null, INPUT + " or " + DATA + " must be given", "without");
        List<ComparisonInput> read = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Path input : inputs) {
            ExampleSet set = ExampleSet.load(input);
            String name = name(input);
            UsageException.require(names.add(name), "inputs must have different names", name + " twice");
            read.add(UsageException.orUsage(() -> new ComparisonInput(name, set.examples(), set.checksums())));
        }
        if (data != null) {
            UsageException.require(names.add(BENCHMARK), "inputs must have different names", BENCHMARK + " twice");
            TrainingSet set = new TrainingSet(DoNotAnswer.load(data), Optional.empty());
            read.add(new ComparisonInput(
                    BENCHMARK, set.items().stream().map(TrainingItem::labelled).toList(), set.checksums()));
        }
        return read;
    }

    /** Returns the options for another JVM. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        inputs.forEach(input -> arguments.addAll(List.of(INPUT, input.toString())));
        if (data != null) {
            arguments.addAll(List.of(DATA, data.toString()));
        }
        return arguments;
    }

    private static String name(Path input) {
        Path file = input.toAbsolutePath().normalize().getFileName();
        return file == null ? input.toString() : file.toString().replaceFirst("\\.jsonl$", "");
    }
}
