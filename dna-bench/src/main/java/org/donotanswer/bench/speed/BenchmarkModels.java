package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Exchange;

/**
 * The checkpoints with random weights that benchmarks run, and exchanges for them. Immutable, hence thread-safe.
 *
 * @param work the directory that keeps the checkpoints, some 500 MB each, between runs
 * @param data the directory of the published files; if empty, exchanges are random words of realistic lengths
 * @param tokenizers the directory with {@code bert-uncased} and {@code roberta-bpe}; if empty, the data is not used
 * @param tiny whether to use small models for tests
 */
public record BenchmarkModels(Path work, Optional<Path> data, Optional<Path> tokenizers, boolean tiny) {
    /** The system property that names the directory of the checkpoints. */
    public static final String WORK = "dna.checkpoints.work";

    private static final String DEFAULT_WORK = "target/checkpoints";
    private static final long SEED = 42;
    private static final int PUBLISHED_RESPONSES = 5_634;
    private static final int INSTRUCTION_TOKENS = 12;
    private static final int SPECIAL_TOKENS = 3;

    /** Checks that no component is null; missing files are reported when they are read. */
    public BenchmarkModels {
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(tokenizers, "tokenizers");
    }

    /**
     * Returns models of base size in the directories that system properties name, with the published data if it is there.
     */
    public static BenchmarkModels fromProperties() {
        Path data = BenchmarkExchanges.directory();
        Path tokenizers = data.resolveSibling("tokenizers");
        boolean found = Files.isDirectory(data) && Files.isDirectory(tokenizers);
        return new BenchmarkModels(
                Path.of(System.getProperty(WORK, DEFAULT_WORK)),
                found ? Optional.of(data) : Optional.empty(),
                found ? Optional.of(tokenizers) : Optional.empty(),
                false);
    }

    private boolean usesData() {
        return data.isPresent() && tokenizers.isPresent();
    }

    RandomCheckpoint checkpoint(BenchmarkArchitecture architecture) {
        RandomCheckpoint.Builder builder = RandomCheckpoint.base(architecture);
        if (tiny) {
            builder.hidden(48, 4, 80)
                    .layers(2)
                    .positions(
                            514,
                            architecture == BenchmarkArchitecture.LONGFORMER ? 16 : 0,
                            architecture == BenchmarkArchitecture.DEBERTA_V2 ? 16 : 0);
        }
        return builder.build();
    }

    /**
     * Writes an architecture's checkpoint unless it exists, and returns its directory.
     *
     * @throws IOException if it cannot be written
     */
    public Path writeCheckpoint(BenchmarkArchitecture architecture) throws IOException {
        Files.createDirectories(work);
        RandomCheckpoint checkpoint = checkpoint(architecture);
        String name = architecture.modelType() + (tiny ? "-tiny" : "-base");
        Path tokenizer = usesData()
                ? tokenizers.orElseThrow().resolve(architecture.tokenizer()).resolve("tokenizer.json")
                : WordTokenizer.write(
                        work.resolve(name + "-words.json"),
                        architecture,
                        checkpoint.dimensions().vocabulary());
        return checkpoint.write(work.resolve(name), tokenizer);
    }

    RandomCheckpoint checkpoint(FineTuneModel model) {
        if (model == FineTuneModel.BASE) {
            return checkpoint(BenchmarkArchitecture.BERT);
        }
        RandomCheckpoint.Builder builder = RandomCheckpoint.base(BenchmarkArchitecture.BERT);
        return (tiny ? builder.layers(1).hidden(24, 4, 48) : builder.layers(6).hidden(384, 12, 1_536)).build();
    }

    /**
     * Writes the checkpoint of a classifier to fine-tune unless it exists, and returns its directory. That of base size is
     * the one that {@link #writeCheckpoint(BenchmarkArchitecture)} writes for BERT.
     */
    Path writeCheckpoint(FineTuneModel model) throws IOException {
        if (model == FineTuneModel.BASE) {
            return writeCheckpoint(BenchmarkArchitecture.BERT);
        }
        Files.createDirectories(work);
        RandomCheckpoint checkpoint = checkpoint(model);
        String name = model.label() + (tiny ? "-tiny" : "");
        Path tokenizer = WordTokenizer.write(
                work.resolve(name + "-words.json"),
                BenchmarkArchitecture.BERT,
                checkpoint.dimensions().vocabulary());
        return checkpoint.write(work.resolve(name), tokenizer);
    }

    /** Returns random token ids: rows of one length, without special tokens. */
    public long[][] tokens(BenchmarkArchitecture architecture, int rows, int length) {
        int vocabulary = checkpoint(architecture).dimensions().vocabulary();
        SplittableRandom random = new SplittableRandom(SEED);
        long[][] ids = new long[rows][];
        for (int row = 0; row < rows; row++) {
            ids[row] = random.longs(length, 4, vocabulary).toArray();
        }
        return ids;
    }

    /**
     * Returns the number of published responses, which is a constant if the data is not used.
     *
     * @throws IOException if they cannot be read
     */
    public int responseCount() throws IOException {
        return usesData() ? DoNotAnswer.load(data.orElseThrow()).responses().size() : PUBLISHED_RESPONSES;
    }

    /** Describes the exchanges. */
    String source() {
        return usesData()
                ? "responses of Do-Not-Answer"
                : "exchanges of random words, as long as the responses of Do-Not-Answer";
    }

    /**
     * Returns exchanges, sampled with a fixed seed.
     *
     * @param maxCount the number of exchanges; if there are fewer, all of them
     * @throws IOException if they cannot be read
     */
    public List<Exchange> exchanges(BenchmarkArchitecture architecture, int maxCount) throws IOException {
        if (usesData()) {
            return BenchmarkExchanges.published(data.orElseThrow()).exchanges().stream()
                    .limit(maxCount)
                    .toList();
        }
        int vocabulary = checkpoint(architecture).dimensions().vocabulary();
        SplittableRandom random = new SplittableRandom(SEED);
        List<Exchange> exchanges = new ArrayList<>();
        for (int length : ExchangeLengths.committed(architecture).sample(maxCount, SEED)) {
            exchanges.add(Exchange.of(
                    WordTokenizer.text(INSTRUCTION_TOKENS, vocabulary, random),
                    WordTokenizer.text(Math.max(1, length - INSTRUCTION_TOKENS - SPECIAL_TOKENS), vocabulary, random)));
        }
        return List.copyOf(exchanges);
    }
}
