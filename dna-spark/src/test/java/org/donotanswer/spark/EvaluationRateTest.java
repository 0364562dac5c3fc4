package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How many exchanges a core evaluates in a second in Spark, and in plain Java with the same evaluator, in the same process and
 * by turns. Rates are by the CPU time of the threads that evaluate, as other work on the machine takes cores away; those by the
 * clock are told as well. Spark's stage reads Parquet, evaluates and makes rows again, but keeps none; plain Java begins with
 * strings in memory and ends with assessments. It runs only if asked for: {@code mvn -pl dna-spark -am test
 * -Dtest=EvaluationRateTest -Dsurefire.failIfNoSpecifiedTests=false -Dexcluded.tests=none}, with {@code -Drate.evaluator=encoder
 * -Drate.rows=300 -Drate.rounds=3} for another evaluator than the embedded model.
 */
@Tag("long")
class EvaluationRateTest {
    private static final String EVALUATOR = System.getProperty("rate.evaluator", "embedded");
    private static final int ROWS = Integer.getInteger("rate.rows", 90_000);
    private static final int ROUNDS = Integer.getInteger("rate.rounds", 3);
    private static final double LEAST_SHARE = 0.8;

    private final SparkSession session = LocalSpark.newSession();

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void spark_perCore_reachesFourFifthsOfPlainJava(int threads, @TempDir Path directory)
            throws IOException, InterruptedException {
        session.conf().set("spark.sql.files.minPartitionNum", threads);
        // As docs/scale.md advises, and as EvaluateFiles does.
        session.conf().set("spark.sql.codegen.hugeMethodLimit", 8000);
        PublishedExchanges published = PublishedExchanges.load(session);
        Path lines = published.write(directory.resolve("input.jsonl"), ROWS);
        String input = directory.resolve("input.parquet").toString();
        session.read().json(lines.toString()).repartition(threads).write().parquet(input);
        List<Exchange> exchanges = spread(published.exchanges());
        List<Time> plain = new ArrayList<>();
        List<Time> spark = new ArrayList<>();
        try (SafetyEvaluator evaluator = SafetyEvaluator.create(EVALUATOR);
                StageClock clock = new StageClock(session)) {
            // The first round is for the compiler.
            for (int round = 0; round <= ROUNDS; round++) {
                plain.add(plainTime(evaluator, exchanges, threads));
                spark.add(sparkTime(clock, input, threads));
            }
        }
        plain.remove(0);
        spark.remove(0);

        double share = median(plain, Time::cpu) / median(spark, Time::cpu);
        System.out.printf(
                "%s, %d thread(s), %,d exchanges, median (least to most) of %d rounds, exchanges a CPU second: plain Java %s,"
                        + " Spark %s, which is %.1f %%; by the clock, %.1f %%%n",
                EVALUATOR,
                threads,
                ROWS,
                ROUNDS,
                rate(plain),
                rate(spark),
                100 * share,
                100 * median(plain, Time::wall) / median(spark, Time::wall));
        assertThat(share).isGreaterThanOrEqualTo(LEAST_SHARE);
    }

    /** Seconds by the clock, and of all threads on the CPU. */
    private record Time(double wall, double cpu) {}

    /** Returns as many exchanges as there are rows. */
    private static List<Exchange> spread(List<Exchange> published) {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> published.get(row % published.size()))
                .toList();
    }

    private static Time plainTime(SafetyEvaluator evaluator, List<Exchange> exchanges, int threads)
            throws InterruptedException {
        ThreadMXBean clocks = ManagementFactory.getThreadMXBean();
        LongAdder evaluated = new LongAdder();
        LongAdder cpuNanos = new LongAdder();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<Exchange> share =
                    exchanges.subList(i * exchanges.size() / threads, (i + 1) * exchanges.size() / threads);
            workers.add(new Thread(() -> {
                evaluated.add(evaluateInBatches(evaluator, share));
                cpuNanos.add(clocks.getCurrentThreadCpuTime());
            }));
        }
        long started = System.nanoTime();
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        Time time = new Time((System.nanoTime() - started) / 1e9, cpuNanos.sum() / 1e9);
        assertThat(evaluated.sum()).isEqualTo(exchanges.size());
        return time;
    }

    private static int evaluateInBatches(SafetyEvaluator evaluator, List<Exchange> exchanges) {
        int size = SparkEvaluationOptions.DEFAULT_BATCH_SIZE;
        int count = 0;
        for (int from = 0; from < exchanges.size(); from += size) {
            count += evaluator
                    .evaluateAll(exchanges.subList(from, Math.min(exchanges.size(), from + size)))
                    .size();
        }
        return count;
    }

    private Time sparkTime(StageClock clock, String input, int tasks) {
        Dataset<Row> data = session.read().parquet(input);
        assertThat(data.javaRDD().getNumPartitions()).isEqualTo(tasks);
        SparkEvaluationOptions options =
                SparkEvaluationOptions.builder().evaluator(EVALUATOR).build();
        clock.reset();
        SafetyColumns.evaluate(data, "instruction", "response", options)
                .write()
                .format("noop")
                .mode("overwrite")
                .save();
        return clock.time();
    }

    private static double median(List<Time> times, ToDoubleFunction<Time> part) {
        double[] sorted = times.stream().mapToDouble(part).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String rate(List<Time> times) {
        return String.format(
                "%,.0f (%,.0f to %,.0f)",
                ROWS / median(times, Time::cpu),
                ROWS / times.stream().mapToDouble(Time::cpu).max().orElseThrow(),
                ROWS / times.stream().mapToDouble(Time::cpu).min().orElseThrow());
    }

    /** Adds up the times of stages: from their submission to their end, and of their tasks on the CPU. */
    private static final class StageClock extends SparkListener implements AutoCloseable {
        private final SparkSession session;
        private long wallMillis;
        private long cpuNanos;

        StageClock(SparkSession session) {
            this.session = session;
            session.sparkContext().addSparkListener(this);
        }

        @Override
        public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
            wallMillis += (Long) stage.stageInfo().completionTime().get()
                    - (Long) stage.stageInfo().submissionTime().get();
            cpuNanos += stage.stageInfo().taskMetrics().executorCpuTime();
        }

        synchronized void reset() {
            wallMillis = 0;
            cpuNanos = 0;
        }

        /** Returns the time of all stages that have ended. */
        Time time() {
            try {
                session.sparkContext().listenerBus().waitUntilEmpty();
            } catch (TimeoutException e) {
                throw new IllegalStateException(e);
            }
            synchronized (this) {
                assertThat(wallMillis).isPositive();
                return new Time(wallMillis / 1e3, cpuNanos / 1e9);
            }
        }

        @Override
        public void close() {
            session.sparkContext().removeSparkListener(this);
        }
    }
}
