package org.donotanswer.bench.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.harness.collect.TemplateExpansion;
import org.donotanswer.harness.collect.TemplateValues;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "expand-templates",
        description = "Expands templates, for example \"What is bad about {country}?\", into questions for collect.",
        footer = {
            "",
            "Templates have the fields id, template and, optionally, benign and specificHarm. Values are lists by"
                    + " placeholder: {\"country\":[\"Freedonia\",\"Sylvania\"]}. Double a brace to keep it: {{ or }}.",
            "The same files and seed give the same questions."
        })
final class ExpandTemplatesCommand implements Callable<Integer> {
    private static final int MAX_PER_TEMPLATE = 1_000_000;

    private final Streams streams;

    @Option(
            names = "--templates",
            required = true,
            paramLabel = "FILE",
            description = "Templates as " + TableOptions.FORMATS + ".")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path templates;

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(
            names = "--values",
            required = true,
            paramLabel = "FILE",
            description = "Values of the placeholders as .json.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path values;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the choice of questions. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Option(
            names = "--per-template",
            paramLabel = "K",
            description = "Maximum number of questions from each template, chosen at random. Default: all.")
    @InSection(HelpSection.COMPUTATION)
    private @Nullable Integer perTemplate;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "File to write as .jsonl, or - for standard output. A file appears only when it is complete.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private String output;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    ExpandTemplatesCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        UsageException.require(
                perTemplate == null || (perTemplate >= 1 && perTemplate <= MAX_PER_TEMPLATE),
                "--per-template must be between 1 and " + MAX_PER_TEMPLATE,
                String.valueOf(perTemplate));
        TemplateValues lists = TemplateValues.read(values);
        try (Output target = overwrite.open(output, streams)) {
            TemplateExpansion.ExpansionResult result = TemplateExpansion.expand(
                    templates,
                    table.settings(),
                    lists,
                    seed,
                    perTemplate == null ? OptionalInt.empty() : OptionalInt.of(perTemplate),
                    target.stream());
            target.commit();
            streams.err()
                    .print(NumberFormats.format(
                            "%s questions from %s templates%s\n",
                            NumberFormats.count(result.instructions()),
                            NumberFormats.count(result.templates()),
                            result.repeated() == 0
                                    ? ""
                                    : "; " + NumberFormats.count(result.repeated())
                                            + " left out because another of the same template has the same text"));
        }
        return 0;
    }
}
