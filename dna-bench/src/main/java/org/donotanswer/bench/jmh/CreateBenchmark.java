package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Measures the time that a new JVM takes to create its first evaluator, including class loading.
 *
 * <pre>java -cp dna-bench/target/dna.jar org.openjdk.jmh.Main CreateBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(10)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
public class CreateBenchmark {
    /** Creates an instance; for JMH. */
    public CreateBenchmark() {}

    /** Measures the first {@code SafetyEvaluator.create("embedded")} of a JVM. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public SafetyEvaluator create() throws IOException {
        return EmbeddedBenchmark.evaluator();
    }
}
