package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.collect.ResponseImport;
import org.donotanswer.harness.io.NumberFormats;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "import",
        description = "Creates a run from existing responses.",
        footer = {
            "",
            "Records of responses are {\"id\":\"7\",\"question\":\"...\",\"response\":\"...\"}; CSV has the columns id, question"
                    + " and response, as in the published files. The question is optional. Common other names are"
                    + " understood, such as prompt and answer."
        })
final class ImportCommand implements Callable<Integer> {
    private final Streams streams;

    @Option(
            names = "--responses",
            required = true,
            paramLabel = "FILE",
            description = "Responses as " + TableOptions.FORMATS + ".")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Path responses;

    @Option(
            names = "--llm",
            required = true,
            paramLabel = "NAME",
            converter = LlmConverter.class,
            description = "Name of the LLM that responded.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private Llm llm;

    @ArgGroup(multiplicity = "1")
    private QuestionOptions questions;

    @Mixin
    private TableOptions table = new TableOptions();

    @Option(names = "--output", required = true, paramLabel = "RUN", description = "Run directory to write.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.CONTINUED)
    private Path output;

    ImportCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        InstructionSet instructions = questions.load(table, streams);
        ResponseImport.ImportResult result =
                ResponseImport.read(responses, llm, instructions, output, table.settings());
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "%s has %s of %s responses in %s, %s of them new%s.\n",
                llm,
                NumberFormats.count(result.responses()),
                NumberFormats.count(instructions.size()),
                output,
                NumberFormats.count(result.added()),
                result.withThinking() == 0
                        ? ""
                        : ": " + NumberFormats.count(result.withThinking()) + " with thinking kept beside"));
        out.flush();
        return 0;
    }
}
