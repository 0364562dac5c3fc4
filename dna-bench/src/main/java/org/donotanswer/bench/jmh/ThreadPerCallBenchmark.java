package org.donotanswer.bench.jmh;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Compares the time and memory of a call of the embedded evaluator on a new thread per call with those on two pooled
 * threads, in batches of {@value #CALLS} calls. The new threads are virtual if the JDK has them (21 or later), else
 * platform threads.
 *
 * <pre>java -cp dna-bench/target/dna.jar -Ddna.data=../shared/do-not-answer org.openjdk.jmh.Main ThreadPerCallBenchmark -prof gc</pre>
 *
 * <p>Use JDK 21 or later: older ones do not count the allocations of terminated threads. On a machine with other load,
 * divide the counters of {@link #alternately}, {@code newThreadMicros} by {@code pooledMicros}.
 */
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 5, time = 3)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(1)
public class ThreadPerCallBenchmark {
    private static final int CALLS = 200;
    private static final int POOLED_THREADS = 2;

    private SafetyEvaluator evaluator;
    private List<Exchange> exchanges;
    private int next;
    private ExecutorService pool;
    private ThreadFactory newThreads;

    /** Creates an instance without data; for JMH. */
    public ThreadPerCallBenchmark() {}

    /** The total times of an iteration, for the same number of calls on each kind of thread. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class ElapsedTimes {
        /** The time of the calls on pooled threads. */
        public long pooledMicros;

        /** The time of the calls on new threads. */
        public long newThreadMicros;

        /** Creates counters at zero; for JMH. */
        public ElapsedTimes() {}
    }

    /** Opens the evaluator, reads the exchanges and starts the pool. */
    @Setup
    public void open() throws IOException {
        evaluator = EmbeddedBenchmark.evaluator();
        exchanges = BenchmarkExchanges.load().exchanges();
        pool = Executors.newFixedThreadPool(POOLED_THREADS);
        newThreads = newThreads();
        System.out.println("# New threads: " + newThreads.newThread(() -> {}));
    }

    /** Returns a factory of virtual threads if the JDK has them, else of platform threads. */
    private static ThreadFactory newThreads() {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            return (ThreadFactory) Class.forName("java.lang.Thread$Builder")
                    .getMethod("factory")
                    .invoke(builder);
        } catch (ReflectiveOperationException e) {
            return Thread::new;
        }
    }

    /** Closes the evaluator and stops the pool. */
    @TearDown
    public void close() {
        pool.shutdownNow();
        evaluator.close();
    }

    /** Measures calls on two pooled threads. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Assessment[] pooledThreads() throws InterruptedException {
        return evaluateOn(pool);
    }

    /** Measures calls on a new thread per call. */
    @Benchmark
    @OperationsPerInvocation(CALLS)
    public Assessment[] newThreadPerCall() throws InterruptedException {
        return evaluateOn(task -> newThreads.newThread(task).start());
    }

    /** Measures both alternately, so that other load on the machine slows both equally. */
    @Benchmark
    @OperationsPerInvocation(2 * CALLS)
    public void alternately(ElapsedTimes times, Blackhole blackhole) throws InterruptedException {
        long start = System.nanoTime();
        blackhole.consume(pooledThreads());
        long middle = System.nanoTime();
        blackhole.consume(newThreadPerCall());
        times.pooledMicros += (middle - start) / 1_000;
        times.newThreadMicros += (System.nanoTime() - middle) / 1_000;
    }

    private Assessment[] evaluateOn(Executor executor) throws InterruptedException {
        Assessment[] assessments = new Assessment[CALLS];
        CountDownLatch done = new CountDownLatch(CALLS);
        for (int i = 0; i < CALLS; i++) {
            int call = i;
            Exchange exchange = exchanges.get(next);
            next = next + 1 == exchanges.size() ? 0 : next + 1;
            executor.execute(() -> {
                assessments[call] = evaluator.evaluate(exchange);
                done.countDown();
            });
        }
        done.await();
        return assessments;
    }
}
