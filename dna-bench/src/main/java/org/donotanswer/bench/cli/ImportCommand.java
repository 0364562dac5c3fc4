package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.dataset.Llm;
import org.donotanswer.harness.collect.InstructionSet;
import org.donotanswer.harness.collect.ResponseImport;
import org.donotanswer.harness.io.NumberFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = "Makes a run of an LLM's responses that you have already.",
        footer = {
            "",
            "The file has the columns id, question and response, as the published response_<llm>.csv, or lines"
                    + " {\"id\":\"7\",\"question\":\"...\",\"response\":\"...\"}; the question may be left out."
        })
final class ImportCommand implements Callable<Integer> {
    private final Streams streams;

    @Spec
    private CommandSpec spec;

    @Option(names = "--responses", required = true, paramLabel = "FILE", description = "Responses as .csv or .jsonl.")
    private Path responses;

    @Option(
            names = "--llm",
            required = true,
            paramLabel = "NAME",
            converter = LlmConverter.class,
            description = "Who gave them.")
    private Llm llm;

    @Mixin
    private QuestionOptions questions;

    @Option(names = "--output", required = true, paramLabel = "RUN", description = "Directory of the run.")
    private Path output;

    ImportCommand(Streams streams) {
        questions = new QuestionOptions();
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        QuestionOptions.checkFormat(spec, responses);
        InstructionSet instructions = questions.load(spec);
        ResponseImport.ImportResult result = ResponseImport.read(responses, llm, instructions, output);
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "%s has %s of %s answers in %s, %s of them new.\n",
                llm,
                NumberFormats.count(result.responses()),
                NumberFormats.count(instructions.size()),
                output,
                NumberFormats.count(result.added())));
        out.flush();
        return 0;
    }
}
