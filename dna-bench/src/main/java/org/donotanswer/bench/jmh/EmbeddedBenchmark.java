package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
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
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.ThreadParams;

/**
 * Measures the speed of the embedded evaluator on the real responses, one after another in shuffled order.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.data=../shared/do-not-answer org.openjdk.jmh.Main EmbeddedBenchmark -prof gc</pre>
 *
 * <p>{@code dna benchmark} runs it and summarizes the results.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
public class EmbeddedBenchmark {
    /** The system property that names a model file to use instead of the model on the class path. */
    public static final String MODEL = "dna.model";

    private static final int MEGABYTE = 1_000_000;

    private SafetyEvaluator evaluator;
    private List<Exchange> exchanges;
    private Exchange megabyte;

    /** Creates an instance without data; for JMH. */
    public EmbeddedBenchmark() {}

    /** The position of a thread in the exchanges. */
    @State(Scope.Thread)
    public static class Cursor {
        private int next;

        /** Creates a cursor at the start; for JMH. */
        public Cursor() {}

        /** Starts each thread at a different position, so that they do not all read the same response. */
        @Setup
        public void spread(EmbeddedBenchmark benchmark, ThreadParams params) {
            next = (int) ((long) benchmark.exchanges.size() * params.getThreadIndex() / params.getThreadCount());
        }

        Exchange advance(List<Exchange> exchanges) {
            Exchange exchange = exchanges.get(next);
            next = next + 1 == exchanges.size() ? 0 : next + 1;
            return exchange;
        }
    }

    /** Opens the evaluator and reads the exchanges. */
    @Setup
    public void open() throws IOException {
        evaluator = evaluator();
        BenchmarkExchanges data = BenchmarkExchanges.load();
        if (System.getProperty(BenchmarkExchanges.DATA) == null) {
            System.out.println("# Exchanges: " + data.source() + " (" + BenchmarkExchanges.directory() + ")");
        }
        exchanges = data.exchanges();
        megabyte = data.withResponseOf(MEGABYTE, 0);
    }

    /** Returns an evaluator of the model that the system property names, or else of the one on the class path. */
    static SafetyEvaluator evaluator() throws IOException {
        String model = System.getProperty(MODEL);
        return model == null ? SafetyEvaluator.create("embedded") : SafetyEvaluator.load(Path.of(model));
    }

    /** Closes the evaluator. */
    @TearDown
    public void close() {
        evaluator.close();
    }

    /** Measures the exchanges per second of one thread. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @Threads(1)
    public Assessment oneThread(Cursor cursor) {
        return evaluator.evaluate(cursor.advance(exchanges));
    }

    /** Measures the exchanges per second of one thread per processor. */
    @Benchmark
    @BenchmarkMode(Mode.Throughput)
    @OutputTimeUnit(TimeUnit.SECONDS)
    @Threads(Threads.MAX)
    public Assessment allThreads(Cursor cursor) {
        return evaluator.evaluate(cursor.advance(exchanges));
    }

    /** Measures the latency of an exchange, with percentiles. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MICROSECONDS)
    @Threads(1)
    public Assessment latency(Cursor cursor) {
        return evaluator.evaluate(cursor.advance(exchanges));
    }

    /** Measures the latency of a response of a million chars. */
    @Benchmark
    @BenchmarkMode(Mode.SampleTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Threads(1)
    public Assessment megabyte() {
        return evaluator.evaluate(megabyte);
    }
}
