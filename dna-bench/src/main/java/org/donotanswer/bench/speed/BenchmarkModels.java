package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import org.donotanswer.dataset.DoNotAnswer;
import org.donotanswer.evaluate.Exchange;

/**
 * The checkpoints of random weights that benchmarks run, and exchanges for them. Immutable, hence thread-safe.
 *
 * @param work the directory that keeps the checkpoints, some 500 MB each, from one run to the next
 * @param data the directory of the published files; without, exchanges are of random words and of real lengths
 * @param tokenizers the directory with {@code bert-uncased} and {@code roberta-bpe}, without which there is no use of data
 * @param tiny whether models are of a size for tests
 */
public record BenchmarkModels(Path work, Optional<Path> data, Optional<Path> tokenizers, boolean tiny) {
    private static final long SEED = 42;
    private static final int PUBLISHED = 5_634;
    private static final int INSTRUCTION_TOKENS = 12;

    /** Checks that none is null; what is missing shows when it is read. */
    public BenchmarkModels {
        Objects.requireNonNull(work, "work");
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(tokenizers, "tokenizers");
    }

    private boolean isReal() {
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
     * Returns the directory of an architecture's checkpoint, written if it is not there.
     *
     * @throws IOException if it cannot be written
     */
    public Path directory(BenchmarkArchitecture architecture) throws IOException {
        Files.createDirectories(work);
        RandomCheckpoint checkpoint = checkpoint(architecture);
        String name = architecture.modelType() + (tiny ? "-tiny" : "-base");
        Path tokenizer = isReal()
                ? tokenizers.orElseThrow().resolve(tokenizerName(architecture)).resolve("tokenizer.json")
                : WordTokenizer.write(
                        work.resolve(name + "-words.json"),
                        architecture,
                        checkpoint.sizes().vocabulary());
        return checkpoint.write(work.resolve(name), tokenizer);
    }

    private static String tokenizerName(BenchmarkArchitecture architecture) {
        return switch (architecture) {
            case BERT, DISTILBERT, DEBERTA_V2 -> "bert-uncased";
            case ROBERTA, LONGFORMER -> "roberta-bpe";
        };
    }

    /** Returns token ids: rows of one length, without special tokens. */
    public long[][] tokens(BenchmarkArchitecture architecture, int rows, int length) {
        int vocabulary = checkpoint(architecture).sizes().vocabulary();
        SplittableRandom random = new SplittableRandom(SEED);
        long[][] ids = new long[rows][];
        for (int row = 0; row < rows; row++) {
            ids[row] = random.longs(length, 4, vocabulary).toArray();
        }
        return ids;
    }

    /**
     * Returns how many published responses there are, or were where they are not at hand.
     *
     * @throws IOException if they cannot be read
     */
    public int size() throws IOException {
        return isReal() ? DoNotAnswer.load(data.orElseThrow()).responses().size() : PUBLISHED;
    }

    /** Returns what the exchanges are. */
    String source() {
        return isReal()
                ? "responses of Do-Not-Answer"
                : "exchanges of random words, as long as the responses of Do-Not-Answer";
    }

    /**
     * Returns exchanges, chosen by a fixed seed.
     *
     * @param most how many, or all there are if fewer
     * @throws IOException if they cannot be read
     */
    public List<Exchange> exchanges(BenchmarkArchitecture architecture, int most) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        if (isReal()) {
            DoNotAnswer.load(data.orElseThrow())
                    .responses()
                    .forEach(response ->
                            exchanges.add(Exchange.of(response.question().text(), response.text())));
            Collections.shuffle(exchanges, new Random(SEED));
            return List.copyOf(exchanges.subList(0, Math.min(most, exchanges.size())));
        }
        int vocabulary = checkpoint(architecture).sizes().vocabulary();
        SplittableRandom random = new SplittableRandom(SEED);
        for (int length : RealLengths.committed(architecture).sample(most, SEED)) {
            exchanges.add(Exchange.of(
                    WordTokenizer.text(INSTRUCTION_TOKENS, vocabulary, random),
                    WordTokenizer.text(Math.max(1, length - INSTRUCTION_TOKENS - 3), vocabulary, random)));
        }
        return List.copyOf(exchanges);
    }
}
