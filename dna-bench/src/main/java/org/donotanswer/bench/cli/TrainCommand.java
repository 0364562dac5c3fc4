package org.donotanswer.bench.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.donotanswer.internal.Sha256;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "train",
        description = "Trains an embedded model on the benchmark, on your own labelled exchanges, or on both.",
        footer = {"", TrainCommand.CSV_FOOTER, "The same data and seed give the same file, byte for byte."})
final class TrainCommand implements Callable<Integer> {
    /** The footer that describes the file of {@code --csv}. */
    static final String CSV_FOOTER =
            "The file of --csv has the columns instruction and response, and labels in one or more of the columns action (a name or"
                    + " 0 to 5), harmful, refusal, risky (1 or 0) and harm_type (a name or 1 to 12); an optional column group names"
                    + " the author of the response. A blank field counts as unknown.";

    private final Streams streams;

    @Mixin
    private TrainingDataOptions data = new TrainingDataOptions();

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Seed of the training. Default: ${DEFAULT-VALUE}.")
    @InSection(HelpSection.COMPUTATION)
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "FILE",
            description = "Model file to write, which evaluate and other commands can use.")
    @InSection(HelpSection.INPUT_OUTPUT)
    @OutputTarget
    private Path output;

    @Mixin
    private OverwriteOption overwrite = new OverwriteOption();

    TrainCommand(Streams streams) {
        this.streams = streams;
    }

    @Override
    public Integer call() throws IOException {
        int workers = threads.value();
        data.check();
        // Opened before the training, so that a file that cannot be written fails at once.
        try (Output file = overwrite.open(output)) {
            TrainingDataOptions.LoadedData loaded = data.load();
            List<TrainingExample> examples = loaded.examples();
            long start = System.nanoTime();
            EmbeddedModel model = train(examples, loaded.checksums(), workers);
            double seconds = (System.nanoTime() - start) / 1e9;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            model.writeTo(bytes);
            bytes.writeTo(file.stream());
            file.commit();
            print(examples, seconds, bytes.toByteArray());
        }
        return 0;
    }

    private EmbeddedModel train(List<TrainingExample> examples, Map<String, String> checksums, int workers)
            throws IOException {
        EmbeddedTrainer.Builder builder = EmbeddedTrainer.builder().seed(seed).threads(workers);
        checksums.forEach(builder::data);
        try {
            return builder.build().train(examples);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void print(List<TrainingExample> examples, double seconds, byte[] model) {
        long responses = examples.stream()
                .filter(example -> example.response().isPresent())
                .count();
        PrintWriter out = streams.writer();
        out.print(NumberFormats.format(
                "Trained in %.1f s on %s examples: %s with a response, %s instructions alone.\n",
                seconds,
                NumberFormats.count(examples.size()),
                NumberFormats.count(responses),
                NumberFormats.count(examples.size() - responses)));
        out.print(NumberFormats.format(
                "Wrote %s: %s bytes, SHA-256 %s\n", output, NumberFormats.count(model.length), Sha256.of(model)));
        if (examples.stream().allMatch(example -> example.riskyInstruction().orElse(true))) {
            out.print("Note: no example has an instruction known to be harmless, so the model will take many helpful"
                    + " responses for harmful ones.\n");
        }
        out.flush();
    }
}
