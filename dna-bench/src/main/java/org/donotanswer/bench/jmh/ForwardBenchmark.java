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
 * How long a forward pass takes: token ids in, logits out. A precision that the processor does not have is an error of its own, and the rest goes on.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.checkpoints.work=DIR org.openjdk.jmh.Main '\.ForwardBenchmark' -p architecture=BERT</pre>
 */
@State(Scope.Benchmark)
@Fork(
        value = 1,
        jvmArgsAppend = {"-DOPT_OUT_TRACKING=true", "-Dai.djl.offline=true"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 3)
public class ForwardBenchmark {
    /** The architecture, with the sizes of its base checkpoint. */
    @Param({"BERT", "ROBERTA", "DISTILBERT", "LONGFORMER", "DEBERTA_V2"})
    public BenchmarkArchitecture architecture;

    /** Tokens of a sequence. */
    @Param({"64", "150", "512"})
    public int length;

    /** Sequences at a time. */
    @Param({"1", "8"})
    public int batch;

    /** What is computed in. */
    @Param({"FLOAT32", "FLOAT16", "BFLOAT16"})
    public Precision precision;

    private CheckpointClassifier classifier;
    private long[][] ids;

    /** Makes an instance without a model; for JMH. */
    public ForwardBenchmark() {}

    /** Writes the checkpoint, unless it is there, and loads it. */
    @Setup
    public void open() throws IOException {
        BenchmarkModels models = BenchmarkModels.fromProperties();
        classifier = CheckpointClassifier.open(models.writeCheckpoint(architecture), precision, 0);
        ids = models.tokens(architecture, batch, length);
    }

    /** Frees the model. */
    @TearDown
    public void close() {
        classifier.close();
    }

    /** Measures one forward pass of the batch. */
    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    public float[][] forward() {
        return classifier.logits(ids);
    }
}
