package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes tiny checkpoints with random weights for tests. */
public final class TinyCheckpoints {
    static final int VOCABULARY = 503;

    private static final int WORD_VOCABULARY = 200;

    private TinyCheckpoints() {}

    /** Returns a builder with the dimensions of the reference's tiny checkpoints. */
    static RandomCheckpoint.Builder of(BenchmarkArchitecture architecture) {
        return RandomCheckpoint.base(architecture)
                .vocabulary(VOCABULARY)
                .hidden(48, 4, 80)
                .layers(3)
                .positions(
                        architecture == BenchmarkArchitecture.ROBERTA
                                        || architecture == BenchmarkArchitecture.LONGFORMER
                                ? 402
                                : 400,
                        architecture == BenchmarkArchitecture.LONGFORMER ? 16 : 0,
                        architecture == BenchmarkArchitecture.DEBERTA_V2 ? 16 : 0);
    }

    /** Writes a checkpoint that is never given text. */
    static Path write(RandomCheckpoint checkpoint, Path directory) throws IOException {
        Path tokenizer = Files.writeString(directory.resolveSibling("any-tokenizer.json"), "{}");
        return checkpoint.write(directory, tokenizer);
    }

    /** Writes a BERT checkpoint whose tokens are the words {@code w0}, {@code w1} and so on, and which reads 64 of them. */
    public static Path writeBert(Path directory, String... labels) throws IOException {
        Path tokenizer = WordTokenizer.write(
                directory.resolveSibling("word-tokenizer.json"), BenchmarkArchitecture.BERT, WORD_VOCABULARY);
        return RandomCheckpoint.base(BenchmarkArchitecture.BERT)
                .vocabulary(WORD_VOCABULARY)
                .hidden(48, 4, 80)
                .layers(2)
                .positions(64, 0, 0)
                .labels(List.of(labels))
                .build()
                .write(directory, tokenizer);
    }

    /** Writes a checkpoint with two layers, the vocabulary of the base checkpoint and a given tokenizer. */
    public static Path write(
            Path directory, BenchmarkArchitecture architecture, Path tokenizer, int positions, int window)
            throws IOException {
        return RandomCheckpoint.base(architecture)
                .hidden(48, 4, 80)
                .layers(2)
                .positions(positions, window, 0)
                .build()
                .write(directory, tokenizer);
    }
}
