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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.donotanswer.bench.soak.SoakCriterion.Result;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Assessment;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.internal.DaemonThreads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                                List.of(new SoakedEvaluator("sometimes-wrong", source)),
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
        SoakReport report = run(() -> new SometimesWrongEvaluator(evaluations, 1_000), 3 * OPERATIONS);

        assertThat(evaluations.get()).isGreaterThan(2_000);
        assertThat(report.wrong()).isBetween(1L, evaluations.get() / 1_000);
        assertThat(result(report, "wrong results")).isEqualTo(Result.FAIL);
        assertThat(report.passed()).isFalse();
        assertThat(report.wrongResults()).allSatisfy(wrong -> {
            assertThat(wrong.evaluator()).isEqualTo("sometimes-wrong");
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
                        return new SometimesWrongEvaluator(evaluations, 0);
                    },
                    OPERATIONS);

            assertThat(report.wrong()).as("%s", report.wrongResults()).isZero();
            assertThat(result(report, "threads")).isEqualTo(Result.FAIL);
            // On a busy machine, a thread that is about to end may be there as well.
            assertThat(report.describe()).anyMatch(line -> line.matches(".*new are .*leaked-thread-N.*"));
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
                        return new SometimesWrongEvaluator(evaluations, 0);
                    },
                    OPERATIONS);

            assertThat(result(report, "open files")).isEqualTo(Result.FAIL);
        } finally {
            for (FileInputStream stream : open) {
                stream.close();
            }
        }
    }

    /** Closed, it says so when asked twice, as the load does, but not the guard that asks afterwards. */
    private static final class ReopenedEvaluator implements SafetyEvaluator {
        private final SometimesWrongEvaluator evaluator = new SometimesWrongEvaluator(new AtomicLong(), 0);
        private final AtomicInteger refusals = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public Assessment evaluate(Exchange exchange) {
            if (refusals.get() <= 2 && refusals.getAndDecrement() > 0) {
                throw new IllegalStateException("ReopenedEvaluator is closed");
            }
            return evaluator.evaluate(exchange);
        }

        @Override
        public boolean isNonBlocking() {
            return true;
        }

        @Override
        public String name() {
            return evaluator.name();
        }

        @Override
        public Provenance provenance() {
            return evaluator.provenance();
        }

        @Override
        public void close() {
            refusals.set(2);
        }
    }

    @Test
    void aGuardThatEvaluatesThoughItsEvaluatorIsClosed_isFound() throws IOException, InterruptedException {
        SoakReport report = run(ReopenedEvaluator::new, 4 * OPERATIONS);

        // If it is closed just before the guard asks, the guard gets one of the refusals.
        assertThat(report.wrongResults())
                .allMatch(wrong -> wrong.operation().equals("CLOSED_IN_USE"))
                .anyMatch(wrong -> wrong.problem().startsWith("guard of a closed evaluator says "));
    }

    @Test
    void anErrorThatIsThrown_isAWrongResultAndTheLoadGoesOn() throws IOException, InterruptedException {
        SoakReport report = run(
                // Often, as guards catch what is thrown while they check.
                () -> new SometimesWrongEvaluator(evaluations, 97, () -> {
                    throw new OutOfMemoryError("on purpose");
                }),
                3 * OPERATIONS);

        assertThat(report.operations().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(3 * OPERATIONS);
        assertThat(report.wrongResults()).isNotEmpty().anyMatch(wrong -> wrong.problem()
                .startsWith("java.lang.OutOfMemoryError at "));
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

    @ParameterizedTest
    @CsvSource({"600, 3.0, PASS", "600, 3.1, FAIL", "599, 3.1, UNKNOWN", "600, NaN, UNKNOWN"})
    void memory_grows_failsBeyondThreePercentIfTheLoadWasLongEnough(double seconds, double drift, Result expected) {
        SoakReport report = new SoakReport(
                List.of(),
                1,
                1,
                1,
                seconds,
                List.of(),
                Map.of(),
                AuditCount.NONE,
                new SoakMemory(100, 100 + drift, drift, 0),
                new SoakFootprint(10, 5, 100),
                new SoakFootprint(11, 6, Double.NaN),
                10,
                10,
                List.of(),
                List.of(),
                0,
                List.of());

        assertThat(result(report, "resident memory")).isEqualTo(expected);
        assertThat(report.passed()).isEqualTo(expected != Result.FAIL);
        assertThat(report.describe())
                .contains(
                        "memory after garbage collection, everything closed: heap 10.0 MB before, 11.0 MB after; compiled code"
                                + " 5.0, 6.0; resident 100, unknown");
    }

    /** Larger than anything else in the heap of the tests. */
    @Test
    void footprint_ofWhatIsKept_isInTheHeapOnly() throws IOException {
        SoakFootprint before = SoakFootprint.measure();
        byte[] kept = new byte[64 << 20];
        SoakFootprint after = SoakFootprint.measure();

        assertThat(after.heapMegabytes() - before.heapMegabytes()).isBetween(60.0, 80.0);
        assertThat(before.codeMegabytes()).isPositive();
        assertThat(after.codeMegabytes()).isCloseTo(before.codeMegabytes(), within(20.0));
        assertThat(kept).hasSize(64 << 20);
    }

    @Test
    void memory_isUnknown_isNotJudged() {
        SoakMemory memory = SoakMemory.of(List.of(new SoakMemory.Sample(1, Double.NaN)), 1_200);

        assertThat(memory.driftPercent()).isNaN();
    }
}
