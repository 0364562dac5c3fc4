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
 * How long an exchange takes, tokenization included, one by one and of many at once: the published responses, or random words
 * of their lengths where they are not at hand.
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

    /** The architecture, with the sizes of its base checkpoint. */
    @Param({"BERT", "LONGFORMER"})
    public BenchmarkArchitecture architecture;

    /** What is computed in. */
    @Param({"FLOAT32", "FLOAT16", "BFLOAT16"})
    public Precision precision;

    private TransformerEvaluator evaluator;
    private List<Exchange> exchanges;

    /** Makes an instance without a model; for JMH. */
    public EndToEndBenchmark() {}

    /** Writes the checkpoint, unless it is there, and loads it. */
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

    /** Frees the model. */
    @TearDown
    public void close() {
        evaluator.close();
    }

    /** Measures exchanges one by one. */
    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public void oneByOne(Blackhole results) {
        exchanges.forEach(exchange -> results.consume(evaluator.evaluate(exchange)));
    }

    /** Measures exchanges in batches of like lengths. */
    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public List<Assessment> together() {
        return evaluator.evaluateAll(exchanges);
    }
}
