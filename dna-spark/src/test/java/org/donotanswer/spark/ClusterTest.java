package org.donotanswer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.donotanswer.classifier.embedded.EmbeddedModel;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jobs on a cluster of several processes over the published exchanges. They take minutes and run only if asked for, alone:
 * {@code mvn -pl dna-spark -am test -Dtest=ClusterTest -Dsurefire.failIfNoSpecifiedTests=false -Dexcluded.tests=none}, with
 * {@code -Dcluster.rows=20000} for fewer than 200,000 rows where a worker is killed.
 */
@Tag("long")
class ClusterTest {
    private static final int ROWS = Integer.getInteger("cluster.rows", 200_000);
    private static final int FEWER_ROWS = 20_000;
    private static final int PARTITIONS = 40;
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final SparkSession session = LocalSpark.newSession();
    private final PublishedExchanges published = PublishedExchanges.load(session);

    @TempDir
    private Path directory;

    @Test
    void job_everyRow_isAssessedAsByThePlainEvaluator() throws IOException, InterruptedException {
        run(FEWER_ROWS, "embedded", false);
    }

    @Test
    void job_workerKilledHalfway_assessesEveryRowAsThePlainEvaluator() throws IOException, InterruptedException {
        run(ROWS, "embedded", true);
    }

    @Test
    void job_encoder_assessesEveryRowAsThePlainEvaluator() throws IOException, InterruptedException {
        run(published.size(), "encoder", false);
    }

    @Test
    void job_modelMissingOnOneWorker_failsAtOnceWithHostAndPath() throws IOException, InterruptedException {
        Path input = published.write(directory.resolve("input.jsonl"), FEWER_ROWS);
        try (LocalCluster cluster = LocalCluster.start(directory, 2)) {
            // An executor runs in a directory of its application, two below that of its worker.
            try (InputStream model =
                    Objects.requireNonNull(EmbeddedModel.class.getResourceAsStream("embedded-model.dna"))) {
                Files.copy(model, directory.resolve("work0/model.dna"));
            }
            try (ClusterProcess job = cluster.submit(
                    // The other worker would do all the work if tasks were only repeated.
                    List.of("--conf", "spark.task.maxFailures=1000"), arguments(input, "../../model.dna"))) {

                assertThat(job.awaitExit()).as(job.log()).isEqualTo(1);
                assertThat(job.log())
                        .containsPattern(
                                "(?m)^\\[SPARK_JOB_CANCELLED] .*model must be on every executor, but " + directory
                                        + "/work1/.*/model.dna was missing on host 127.0.0.1, executor \\d \\(ship it with --files");
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("output"));
        }
    }

    private void run(int rows, String evaluator, boolean kill) throws IOException, InterruptedException {
        Path input = published.write(directory.resolve("input.jsonl"), rows);
        try (LocalCluster cluster = LocalCluster.start(directory, 2)) {
            long started = System.nanoTime();
            try (ClusterProcess job = cluster.submit(List.of(), arguments(input, evaluator))) {
                if (kill) {
                    awaitTasks(job, PARTITIONS / 2);
                    cluster.worker(1).kill();
                }
                long peak = 0;
                while (job.isAlive()) {
                    peak = Math.max(peak, cluster.peakExecutorBytes());
                    LockSupport.parkNanos(POLL_NANOS);
                }
                System.out.printf("most memory of an executor, heap of 768 MB: %,d MB%n", peak / 1_000_000);
                assertThat(job.awaitExit()).as(job.log()).isZero();
                if (kill) {
                    assertThat(job.wasLogged("Lost executor"))
                            .as("an executor was lost")
                            .isTrue();
                }
            }
            System.out.printf(
                    "%s: %,d rows in %d s with the start of the application%s%n",
                    evaluator,
                    rows,
                    TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started),
                    kill ? ", a worker killed halfway" : "");
        }
        requireAssessed(rows, evaluator);
        assertThat(new JsonMapper()
                        .readTree(directory.resolve("output.summary.json").toFile())
                        .get("rows")
                        .asInt())
                .isEqualTo(rows);
    }

    private List<String> arguments(Path input, String evaluator) {
        return List.of(
                "--input",
                input.toString(),
                "--output",
                directory.resolve("output").toString(),
                "--partitions",
                Integer.toString(PARTITIONS),
                "--evaluator",
                evaluator);
    }

    private void requireAssessed(int rows, String evaluator) {
        List<Map<String, Object>> expected;
        try (SafetyEvaluator plain = SafetyEvaluator.create(evaluator)) {
            List<Assessment> assessments = plain.evaluateAll(published.exchanges());
            expected = assessments.stream().map(RowAssertions::expected).toList();
        }
        BitSet seen = new BitSet(rows);
        Iterator<Row> written = session.read()
                .parquet(directory.resolve("output").toString())
                .select("id", "question", "llm", "repetition", "instruction", "response", "assessment")
                .toLocalIterator();
        while (written.hasNext()) {
            Row row = written.next();
            int id = Math.toIntExact(row.<Long>getAs("id"));
            assertThat(seen.get(id)).as("row %d is there once", id).isFalse();
            seen.set(id);
            Map<String, Object> values = RowAssertions.values(row);
            assertThat(values.remove("assessment")).isEqualTo(expected.get(id % expected.size()));
            assertThat(values).isEqualTo(published.columns(id));
        }
        assertThat(seen.cardinality()).isEqualTo(rows);
    }

    /** Waits until as many tasks have committed their files. */
    private void awaitTasks(ClusterProcess job, int count) throws IOException {
        while (committedTasks() < count) {
            if (!job.isAlive()) {
                throw new IllegalStateException("job must be under way, but had ended\n" + job.log());
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private long committedTasks() throws IOException {
        try (Stream<Path> outputs = Files.list(directory)) {
            for (Path output : outputs.filter(
                            path -> path.getFileName().toString().startsWith(".output."))
                    .toList()) {
                Path attempt = output.resolve("_temporary/0");
                if (Files.isDirectory(attempt)) {
                    try (Stream<Path> tasks = Files.list(attempt)) {
                        return tasks.filter(
                                        task -> task.getFileName().toString().startsWith("task_"))
                                .count();
                    }
                }
            }
        }
        return 0;
    }
}
