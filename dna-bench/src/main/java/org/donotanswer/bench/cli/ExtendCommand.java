package org.donotanswer.bench.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.donotanswer.bench.UsageException;
import org.donotanswer.classifier.transformer.LongformerExtension;
import org.donotanswer.classifier.transformer.LongformerExtension.Extended;
import org.donotanswer.harness.io.NumberFormats;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "extend",
        description = "Makes a Longformer, which reads long texts, of a BERT or RoBERTa, without training.",
        footer = {
            "",
            "The position embeddings are copied again and again, and a token attends to those near it and to the first token"
                    + " (Beltagy, Peters and Cohan, arXiv 2004.05150). Texts of at most half a window are read as before;"
                    + " train the result on longer ones. The head of a RoBERTa classifier is kept, that of BERT is not."
        })
final class ExtendCommand implements Callable<Integer> {
    private final Streams streams;
    private final FineTuningEngine engine;

    @Option(
            names = "--base",
            required = true,
            paramLabel = "BASE",
            converter = ModelLocationConverter.class,
            description = "A BERT or RoBERTa, encoder or classifier: " + BaseModel.SYNTAX + ".")
    @InSection(HelpSection.INPUT_OUTPUT)
    private ModelLocation base;

    @Option(
            names = "--positions",
            required = true,
            paramLabel = "N",
            description = "Maximum number of tokens of a text, at least that of the base.")
    @InSection(HelpSection.CHECKPOINT)
    private int positions;

    @Option(
            names = "--window",
            defaultValue = "" + LongformerExtension.DEFAULT_WINDOW,
            paramLabel = "N",
            description = "Number of tokens near it that a token attends to, half of them on each side."
                    + " Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.CHECKPOINT)
    private int window;

    @Option(
            names = "--output",
            required = true,
            paramLabel = "DIR",
            description = "Directory to write the model and its tokenizer to, new or empty.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget(OutputTarget.TargetKind.DIRECTORY)
    private Path output;

    ExtendCommand(Streams streams, FineTuningEngine engine) {
        this.streams = streams;
        this.engine = engine;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path work = Files.createTempDirectory("dna-extend");
        try {
            Path directory = new BaseModel(base).locate(engine, work, streams);
            LongformerExtension extension =
                    UsageException.orUsage(() -> new LongformerExtension(directory, positions, window));
            print(extension.writeTo(output));
        } finally {
            BaseModel.delete(work);
        }
        return 0;
    }

    private void print(Extended extended) throws IOException {
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "Extended %s (%s) from %s to %s positions, with a window of %s tokens in its %s layers.\n",
                base,
                extended.modelType(),
                NumberFormats.count(extended.basePositions()),
                NumberFormats.count(positions),
                NumberFormats.count(window),
                NumberFormats.count(extended.layers())));
        out.print(extended.hasHead() ? "Its head is that of the base.\n" : "It has no head: training starts one.\n");
        out.print(NumberFormats.format(
                "Wrote %s: %s bytes of weights\n",
                output, NumberFormats.count(Files.size(output.resolve("model.safetensors")))));
        out.flush();
    }
}
