package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.bench.speed.OnnxEncoder;
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
 * Measures ONNX Runtime on the forward pass of BERT that {@link ForwardBenchmark} measures, with the same weights.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.checkpoints.work=DIR org.openjdk.jmh.Main OnnxForwardBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class OnnxForwardBenchmark {
    /** The architecture, at base size. */
    @Param("BERT")
    public BenchmarkArchitecture architecture;

    /** The number of tokens per sequence. */
    @Param({"64", "150", "512"})
    public int length;

    /** The number of sequences per batch. */
    @Param({"1", "8"})
    public int batch;

    private OnnxEncoder encoder;
    private long[][] ids;
    private long[][] mask;
    private long[][] types;

    /** Creates an instance without a model; for JMH. */
    public OnnxForwardBenchmark() {}

    /** Writes the checkpoint if needed, and loads it. */
    @Setup
    public void open() throws IOException {
        BenchmarkModels models = BenchmarkModels.fromProperties();
        encoder = OnnxEncoder.open(
                models.writeCheckpoint(architecture), Runtime.getRuntime().availableProcessors());
        ids = models.tokens(architecture, batch, length);
        mask = new long[batch][length];
        types = new long[batch][length];
        for (long[] row : mask) {
            Arrays.fill(row, 1);
        }
    }

    /** Closes the model. */
    @TearDown
    public void close() {
        encoder.close();
    }

    /** Measures the forward pass of a batch. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public float[][] forward() {
        return encoder.logits(ids, mask, types);
    }
}
