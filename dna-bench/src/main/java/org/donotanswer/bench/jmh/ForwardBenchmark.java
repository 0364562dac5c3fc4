package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkArchitecture;
import org.donotanswer.bench.speed.BenchmarkModels;
import org.donotanswer.classifier.transformer.CheckpointClassifier;
import org.donotanswer.classifier.transformer.Precision;
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
 * Measures the time of a forward pass, from token ids to logits. A precision that the processor lacks fails on its own; the
 * other benchmarks continue.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.checkpoints.work=DIR org.openjdk.jmh.Main '\.ForwardBenchmark' -p architecture=BERT</pre>
 *
 * <p>For long texts, which only Longformer reads, add {@code -p architecture=LONGFORMER -p length=1024,2048,4096}.
 */
@State(Scope.Benchmark)
@Fork(
        value = 1,
        jvmArgsAppend = {"-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class ForwardBenchmark {
    /** The architecture, at base size. */
    @Param({"BERT", "ROBERTA", "DISTILBERT", "LONGFORMER", "DEBERTA_V2"})
    public BenchmarkArchitecture architecture;

    /** The number of tokens per sequence. */
    @Param({"64", "150", "512"})
    public int length;

    /** The number of sequences per batch. */
    @Param({"1", "8"})
    public int batch;

    /** The precision of the computation. */
    @Param({"FLOAT32", "FLOAT16", "BFLOAT16"})
    public Precision precision;

    private CheckpointClassifier classifier;
    private long[][] ids;

    /** Creates an instance without a model; for JMH. */
    public ForwardBenchmark() {}

    /** Writes the checkpoint if needed, and loads it. */
    @Setup
    public void open() throws IOException {
        BenchmarkModels models = BenchmarkModels.fromProperties();
        classifier = CheckpointClassifier.open(models.writeCheckpoint(architecture), precision, 0);
        ids = models.tokens(architecture, batch, length);
    }

    /** Closes the model. */
    @TearDown
    public void close() {
        classifier.close();
    }

    /** Measures the forward pass of a batch. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public float[][] forward() {
        return classifier.logits(ids);
    }
}
