package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.Precision;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Measures the time per exchange, including tokenization, one by one and batched. The exchanges are the published
 * responses, or random words of the same lengths if those are absent.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.checkpoints.work=DIR -Ddna.data=../shared/do-not-answer \
 *     org.openjdk.jmh.Main EndToEndBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(
        value = 1,
        jvmArgsAppend = {"-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true"})
@Warmup(iterations = 1)
@Measurement(iterations = 3)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class EndToEndBenchmark {
    private static final int EXCHANGES = 100;

    /** The architecture, at base size. */
    @Param({"BERT", "LONGFORMER"})
    public BenchmarkArchitecture architecture;

    /** The precision of the computation. */
    @Param({"FLOAT32", "FLOAT16", "BFLOAT16"})
    public Precision precision;

    private TransformerEvaluator evaluator;
    private List<Exchange> exchanges;

    /** Creates an instance without a model; for JMH. */
    public EndToEndBenchmark() {}

    /** Writes the checkpoint if needed, and loads it. */
    @Setup
    public void open() throws IOException {
        BenchmarkModels models = BenchmarkModels.fromProperties();
        evaluator = TransformerEvaluator.builder()
                .checkpoint(models.writeCheckpoint(architecture))
                .inputFormat(InputFormat.PAIR)
                .precision(precision)
                .build();
        exchanges = models.exchanges(architecture, EXCHANGES);
    }

    /** Closes the model. */
    @TearDown
    public void close() {
        evaluator.close();
    }

    /** Measures exchanges evaluated one by one. */
    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void oneByOne(Blackhole results) {
        exchanges.forEach(exchange -> results.consume(evaluator.evaluate(exchange)));
    }

    /** Measures exchanges evaluated in batches of similar lengths. */
    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public List<Assessment> batched() {
        return evaluator.evaluateAll(exchanges);
    }
}
