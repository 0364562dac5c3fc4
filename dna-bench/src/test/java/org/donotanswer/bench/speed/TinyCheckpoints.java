package org.donotanswer.bench.speed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Checkpoints for tests, with the sizes of those that the reference implementation was asked about. */
final class TinyCheckpoints {
    static final int VOCABULARY = 503;

    private TinyCheckpoints() {}

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

    static Path write(RandomCheckpoint checkpoint, Path directory) throws IOException {
        Path tokenizer = Files.writeString(directory.resolveSibling("any-tokenizer.json"), "{}");
        return checkpoint.write(directory, tokenizer);
    }
}
