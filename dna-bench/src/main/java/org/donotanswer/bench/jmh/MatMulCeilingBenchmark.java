package org.donotanswer.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.MatMulCeiling;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the product [2048, 768] x [768, 3072] in FLOAT32, 9.66 GFLOP, to compare forward passes with.
 *
 * <pre>java -cp dna-bench/target/dna.jar org.openjdk.jmh.Main MatMulCeilingBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(
        value = 1,
        jvmArgsAppend = {"-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 2)
public class MatMulCeilingBenchmark {
    private MatMulCeiling ceiling;

    /** Creates an instance without factors; for JMH. */
    public MatMulCeilingBenchmark() {}

    /** Allocates the factors. */
    @Setup
    public void open() {
        ceiling = new MatMulCeiling();
    }

    /** Frees the factors. */
    @TearDown
    public void close() {
        ceiling.close();
    }

    /** Measures one product. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public void multiply() {
        ceiling.multiply();
    }
}
