package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
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
 * How many exchanges a second a core evaluates in Spark, and in plain Java with the same evaluator, in the same process and by
 * turns. Spark's time is that of the stage, which reads Parquet, evaluates and makes rows again, but keeps none; that of plain
 * Java begins with strings in memory and ends with assessments. It needs an idle machine and runs only if asked for: {@code mvn
 * -pl dna-spark -am test -Dtest=EvaluationRateTest -Dsurefire.failIfNoSpecifiedTests=false -Dexcluded.tests=}, with {@code
 * -Drate.evaluator=encoder -Drate.rows=600 -Drate.rounds=3} for another evaluator than the embedded model.
 */
@Tag("cluster")
class EvaluationRateTest {
    private static final String EVALUATOR = System.getProperty("rate.evaluator", "embedded");
    private static final int ROWS = Integer.getInteger("rate.rows", 60_000);
    private static final int ROUNDS = Integer.getInteger("rate.rounds", 5);
    private static final double LEAST_SHARE = 0.8;

    private final SparkSession session = LocalSpark.newSession();

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void spark_perCore_reachesFourFifthsOfPlainJava(int threads, @TempDir Path directory)
            throws IOException, InterruptedException {
        PublishedExchanges published = PublishedExchanges.load(session);
        Path lines = published.write(directory.resolve("input.jsonl"), ROWS);
        String input = directory.resolve("input.parquet").toString();
        session.read().json(lines.toString()).repartition(threads).write().parquet(input);
        List<Exchange> exchanges = spread(published.exchanges());
        double[] plain = new double[ROUNDS];
        double[] spark = new double[ROUNDS];
        try (SafetyEvaluator evaluator = SafetyEvaluator.create(EVALUATOR);
                StageClock clock = new StageClock(session)) {
            plainSeconds(evaluator, exchanges, threads);
            sparkSeconds(clock, input, threads);
            for (int round = 0; round < ROUNDS; round++) {
                plain[round] = plainSeconds(evaluator, exchanges, threads);
                spark[round] = sparkSeconds(clock, input, threads);
            }
        }

        double share = median(plain) / median(spark);
        System.out.printf(
                "%s, %d thread(s), %,d exchanges, median (least to most) of %d rounds: plain Java %s, Spark %s a second"
                        + " and thread; Spark reaches %.1f %%%n",
                EVALUATOR, threads, ROWS, ROUNDS, rate(plain, threads), rate(spark, threads), 100 * share);
        assertThat(share).isGreaterThanOrEqualTo(LEAST_SHARE);
    }

    /** Returns as many exchanges as there are rows. */
    private static List<Exchange> spread(List<Exchange> published) {
        return IntStream.range(0, ROWS)
                .mapToObj(row -> published.get(row % published.size()))
                .toList();
    }

    private static double plainSeconds(SafetyEvaluator evaluator, List<Exchange> exchanges, int threads)
            throws InterruptedException {
        LongAdder scored = new LongAdder();
        List<Thread> workers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            List<Exchange> share =
                    exchanges.subList(i * exchanges.size() / threads, (i + 1) * exchanges.size() / threads);
            workers.add(new Thread(() -> scored.add(evaluateInBatches(evaluator, share)), "plain " + i));
        }
        long started = System.nanoTime();
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        assertThat(scored.sum()).isEqualTo(exchanges.size());
        return seconds;
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

    private double sparkSeconds(StageClock clock, String input, int tasks) {
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
        return clock.seconds();
    }

    private static double median(double[] values) {
        double[] sorted = Arrays.stream(values).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static String rate(double[] seconds, int threads) {
        return String.format(
                "%,.0f (%,.0f to %,.0f)",
                perSecond(median(seconds), threads),
                perSecond(Arrays.stream(seconds).max().orElseThrow(), threads),
                perSecond(Arrays.stream(seconds).min().orElseThrow(), threads));
    }

    private static double perSecond(double seconds, int threads) {
        return ROWS / seconds / threads;
    }

    /** Adds up the times of stages, from their submission to their end. */
    private static final class StageClock extends SparkListener implements AutoCloseable {
        private final SparkSession session;
        private long millis;

        StageClock(SparkSession session) {
            this.session = session;
            session.sparkContext().addSparkListener(this);
        }

        @Override
        public synchronized void onStageCompleted(SparkListenerStageCompleted stage) {
            millis += (Long) stage.stageInfo().completionTime().get()
                    - (Long) stage.stageInfo().submissionTime().get();
        }

        synchronized void reset() {
            millis = 0;
        }

        double seconds() {
            awaitEvents();
            synchronized (this) {
                assertThat(millis).isPositive();
                return TimeUnit.MILLISECONDS.toMicros(millis) / 1e6;
            }
        }

        private void awaitEvents() {
            try {
                session.sparkContext().listenerBus().waitUntilEmpty();
            } catch (TimeoutException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            session.sparkContext().removeSparkListener(this);
        }
    }
}
