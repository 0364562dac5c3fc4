package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.donotanswer.harness.collect.TemplateExpansion;
import org.donotanswer.harness.collect.TemplateValues;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "expand-templates",
        description = "Makes questions of templates such as \"What is bad about {country}?\", for collect --questions.",
        footer = {
            "",
            "Templates have the members id, template and, if need be, benign and specificHarm. Values are an object of"
                    + " lists: {\"country\":[\"Freedonia\",\"Sylvania\"]}. A brace of the text itself is doubled.",
            "The same files and seed give the same questions."
        })
final class ExpandTemplatesCommand implements Callable<Integer> {
    private static final String STANDARD = "-";

    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(names = "--templates", required = true, paramLabel = "FILE", description = "Templates as .csv or .jsonl.")
    private Path templates;

    @Option(names = "--values", required = true, paramLabel = "FILE", description = "Values as .json.")
    private Path values;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--per-template",
            paramLabel = "K",
            description = "How many questions to make of each template at most, chosen by the seed. Default: all.")
    private @Nullable Integer perTemplate;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Where to write, as .jsonl; - for standard output. A file appears only when complete.")
    private String output;

    ExpandTemplatesCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        QuestionOptions.checkFormat(spec, templates);
        if (perTemplate != null && (perTemplate < 1 || perTemplate > 1_000_000)) {
            throw new ParameterException(
                    spec.commandLine(), "--per-template must be between 1 and 1000000, but was " + perTemplate);
        }
        TemplateValues lists = TemplateValues.read(values);
        try (Output target = output.equals(STANDARD) ? Output.standard(streams.out()) : Output.file(Path.of(output))) {
            TemplateExpansion.ExpansionResult result = TemplateExpansion.expand(
                    templates,
                    lists,
                    seed,
                    perTemplate == null ? OptionalInt.empty() : OptionalInt.of(perTemplate),
                    target.stream());
            target.commit();
            streams.err()
                    .print(NumberFormats.format(
                            "%s questions of %s templates%s\n",
                            NumberFormats.count(result.instructions()),
                            NumberFormats.count(result.templates()),
                            result.repeated() == 0
                                    ? ""
                                    : "; " + NumberFormats.count(result.repeated())
                                            + " left out, as others of their template have the same text"));
        }
        return 0;
    }
}
