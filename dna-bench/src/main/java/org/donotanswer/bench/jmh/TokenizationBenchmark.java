package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.classifier.transformer.InputFormat;
import org.donotanswer.classifier.transformer.TransformerEvaluator;
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

/**
 * Measures the time to tokenize an exchange. The exchanges are the published responses, or random words of the same lengths
 * if those are absent.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.checkpoints.work=DIR -Ddna.data=../shared/do-not-answer \
 *     org.openjdk.jmh.Main TokenizationBenchmark</pre>
 */
@State(Scope.Benchmark)
@Fork(
        value = 1,
        jvmArgsAppend = {"-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true"})
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenizationBenchmark {
    private static final int EXCHANGES = 300;

    /** The architecture of the tokenizer. */
    @Param({"BERT", "LONGFORMER"})
    public BenchmarkArchitecture architecture;

    private TransformerEvaluator evaluator;
    private List<Exchange> exchanges;

    /** Creates an instance without a tokenizer; for JMH. */
    public TokenizationBenchmark() {}

    /** Writes the checkpoint if needed, and loads it. */
    @Setup
    public void open() throws IOException {
        BenchmarkModels models = BenchmarkModels.fromProperties();
        evaluator = TransformerEvaluator.builder()
                .checkpoint(models.writeCheckpoint(architecture))
                .inputFormat(InputFormat.PAIR)
                .warmUp(false)
                .build();
        exchanges = models.exchanges(architecture, EXCHANGES);
    }

    /** Closes the tokenizer. */
    @TearDown
    public void close() {
        evaluator.close();
    }

    /** Measures the mean time per exchange. */
    @Benchmark
    @OperationsPerInvocation(EXCHANGES)
    public int tokenize() {
        int tokens = 0;
        for (Exchange exchange : exchanges) {
            tokens += evaluator.countTokens(exchange);
        }
        return tokens;
    }
}
