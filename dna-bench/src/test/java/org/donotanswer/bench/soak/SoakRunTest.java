package org.donotanswer.bench.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.bench.soak.SoakCriterion.Result;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.internal.DaemonThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SoakRunTest {
    private static final int OPERATIONS = 300;

    @TempDir
    private Path directory;

    private final AtomicLong evaluations = new AtomicLong();

    private SoakReport run(SoakedEvaluator.EvaluatorSupplier source, int operations)
            throws IOException, InterruptedException {
        List<Exchange> pool = ExchangePool.of(BenchmarkExchanges.bundled(), 10, 1);
        SoakBudget budget = new SoakBudget(
                Duration.ofMinutes(5), operations, OPERATIONS / 3, Duration.ZERO, Duration.ofMillis(200));
        return new SoakRun(
                        new SoakPlan(
                                List.of(new SoakedEvaluator("leaky", source)),
                                pool,
                                7,
                                2,
                                budget,
                                directory,
                                Optional.empty()),
                        line -> {})
                .run();
    }

    private static Result result(SoakReport report, String part) {
        return report.criteria().stream()
                .filter(criterion -> criterion.criterion().contains(part))
                .findFirst()
                .orElseThrow()
                .result();
    }

    @Test
    void oneWrongResultInAThousand_isFound() throws IOException, InterruptedException {
        // The oracle takes fewer evaluations, so that it is right.
        SoakReport report = run(() -> new LeakyEvaluator(evaluations, 1_000), 3 * OPERATIONS);

        assertThat(evaluations.get()).isGreaterThan(2_000);
        assertThat(report.wrong()).isBetween(1L, evaluations.get() / 1_000);
        assertThat(result(report, "wrong results")).isEqualTo(Result.FAIL);
        assertThat(report.passed()).isFalse();
        assertThat(report.wrongResults()).allSatisfy(wrong -> {
            assertThat(wrong.evaluator()).isEqualTo("leaky");
            assertThat(wrong.exchange()).isBetween(0, report.exchanges() - 1);
        });
    }

    @Test
    void threadsThatStay_areFound() throws IOException, InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        try {
            SoakReport report = run(
                    () -> {
                        DaemonThreads.unstarted("leaked-thread-7", () -> await(end))
                                .start();
                        return new LeakyEvaluator(evaluations, 0);
                    },
                    OPERATIONS);

            assertThat(report.wrong()).as("%s", report.wrongResults()).isZero();
            assertThat(result(report, "threads")).isEqualTo(Result.FAIL);
            assertThat(report.describe()).anyMatch(line -> line.contains("new are leaked-thread-N"));
        } finally {
            end.countDown();
        }
    }

    private static void await(CountDownLatch end) {
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void filesThatStayOpen_areFound() throws IOException, InterruptedException {
        assumeFalse(Double.isNaN(ProcessGauge.handles()), "the system must report open files");
        Path file = Files.writeString(directory.resolve("open"), "");
        ConcurrentLinkedQueue<FileInputStream> open = new ConcurrentLinkedQueue<>();
        try {
            SoakReport report = run(
                    () -> {
                        open.add(new FileInputStream(file.toFile()));
                        return new LeakyEvaluator(evaluations, 0);
                    },
                    OPERATIONS);

            assertThat(result(report, "open files")).isEqualTo(Result.FAIL);
        } finally {
            for (FileInputStream stream : open) {
                stream.close();
            }
        }
    }

    @Test
    void memory_grows_isTheMedianOfTheLastQuarterAgainstTheOneAfterTheStart() {
        List<SoakMemory.Sample> samples = new ArrayList<>();
        for (int second = 0; second <= 2_400; second += 10) {
            // Falls at first, then grows by 1 MB a minute.
            samples.add(new SoakMemory.Sample(second, second < 300 ? 500 : 100 + second / 60.0));
        }
        SoakMemory memory = SoakMemory.of(samples, 2_400);

        assertThat(memory.earlyMegabytes()).isEqualTo(110);
        assertThat(memory.lateMegabytes()).isEqualTo(135);
        assertThat(memory.driftPercent()).isCloseTo(22.73, within(0.01));
        assertThat(memory.slopeMegabytesPerHour()).isCloseTo(60, within(1e-6));
    }

    @Test
    void memory_isUnknown_isNotJudged() {
        SoakMemory memory = SoakMemory.of(List.of(new SoakMemory.Sample(1, Double.NaN)), 1_200);

        assertThat(memory.driftPercent()).isNaN();
    }
}
