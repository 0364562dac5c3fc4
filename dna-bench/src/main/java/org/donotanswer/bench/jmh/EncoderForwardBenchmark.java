package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.donotanswer.classifier.transformer.TokenSequence;
import org.donotanswer.encoder.OnnxForwardPass;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the forward pass of the encoder judge on one window. The property {@code dna.encoder} names the directory of a
 * fine-tuned classifier. The command {@code dna benchmark-encoder} compares it with other engines.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.encoder=DIR org.openjdk.jmh.Main EncoderForwardBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class EncoderForwardBenchmark {
    private static final String MODEL = "dna.encoder";
    private static final long SEED = 42;

    /** The number of tokens. */
    @Param({"16", "64", "150", "512"})
    public int length;

    private OnnxForwardPass pass;
    private TokenSequence window;

    /** Creates an instance without a model; for JMH. */
    public EncoderForwardBenchmark() {}

    /** Loads the model. */
    @Setup
    public void open() throws IOException {
        String directory = System.getProperty(MODEL);
        if (directory == null) {
            throw new IllegalStateException(MODEL + " must name a directory, but was not set");
        }
        pass = OnnxForwardPass.open(Path.of(directory));
        window = new TokenSequence(
                new SplittableRandom(SEED).longs(length, 4, 1_000).toArray(), new long[length]);
    }

    /** Closes the model. */
    @TearDown
    public void close() {
        pass.close();
    }

    /** Measures the forward pass. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public float[] forward() {
        return pass.logits(window);
    }
}
