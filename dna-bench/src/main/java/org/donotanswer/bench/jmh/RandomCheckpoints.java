package org.donotanswer.bench.jmh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.bench.speed.BenchmarkModels;

/** The checkpoints that benchmarks of transformers run, written where they are not there yet. */
final class RandomCheckpoints {
    /** The system property that names the directory of the checkpoints, some 500 MB each. */
    static final String WORK = "dna.checkpoints.work";

    private static final String DEFAULT_WORK = "target/checkpoints";

    private RandomCheckpoints() {}

    /** Returns them with the published data, if it and the tokenizers lie where they are looked for. */
    static BenchmarkModels models() {
        Path work = Path.of(System.getProperty(WORK, DEFAULT_WORK));
        Path data = BenchmarkExchanges.directory();
        Path tokenizers = data.resolveSibling("tokenizers");
        boolean real = Files.isDirectory(data) && Files.isDirectory(tokenizers);
        return new BenchmarkModels(
                work,
                real ? Optional.of(data) : Optional.empty(),
                real ? Optional.of(tokenizers) : Optional.empty(),
                false);
    }
}
