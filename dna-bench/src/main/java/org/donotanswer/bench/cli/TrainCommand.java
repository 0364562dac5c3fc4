package org.donotanswer.bench.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.donotanswer.bench.crossvalidation.Holdout;
import org.donotanswer.bench.crossvalidation.TrainingSet;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.classifier.embedded.training.EmbeddedTrainer;
import org.donotanswer.classifier.embedded.training.TrainingExample;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.harness.io.NumberFormats;
import org.donotanswer.harness.io.Output;
import org.donotanswer.internal.Sha256;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "train",
        description = "Trains an embedded model on the benchmark, on your own labelled exchanges, or on both.",
        footer = {
            "",
            "The file of --csv has the columns instruction and response, and labels in one or more of the columns action (a name or"
                    + " 0 to 5), harmful, risky (1 or 0) and harm_type (a name or 1 to 12); an optional column group names"
                    + " the author of the response. A blank field counts as unknown.",
            "The same data and seed give the same file, byte for byte."
        })
final class TrainCommand implements Callable<Integer> {
    private final Streams streams;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of the published Do-Not-Answer files, or its data_en.csv. Required unless --csv is"
                    + " given.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path data;

    @Mixin
    private ExtraData extra = new ExtraData();

    @Option(
            names = "--csv",
            paramLabel = "FILE",
            description =
                    "Your own labelled exchanges as " + TableOptions.FORMATS + ". Required unless --data is given.")
    @InSection(HelpSection.INPUT_OUTPUT)
    private @Nullable Path csv;

    @Mixin
    private TableOptions table = new TableOptions();

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
        UsageException.require(data != null || csv != null, "--data or --csv must be given", "neither");
        UsageException.require(data != null || extra.isEmpty(), "--extra must go with --data", "without");
        // Opened before the training, so that a file that cannot be written fails at once.
        try (Output file = overwrite.open(output)) {
            Map<String, String> checksums = new LinkedHashMap<>();
            List<TrainingExample> examples = examples(checksums);
            long start = System.nanoTime();
            EmbeddedModel model = train(examples, checksums, workers);
            double seconds = (System.nanoTime() - start) / 1e9;
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            model.writeTo(bytes);
            bytes.writeTo(file.stream());
            file.commit();
            print(examples, seconds, bytes.toByteArray());
        }
        return 0;
    }

    private List<TrainingExample> examples(Map<String, String> checksums) throws IOException {
        List<TrainingExample> examples = new ArrayList<>();
        if (data != null) {
            TrainingSet set = extra.trainingSet(DoNotAnswer.load(data));
            examples.addAll(set.examples(Holdout.none()));
            checksums.putAll(set.checksums());
        }
        if (csv != null) {
            examples.addAll(TrainingFile.read(csv, table.settings()));
            checksums.put("csv/" + csv.getFileName(), Sha256.of(csv));
        }
        return examples;
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
