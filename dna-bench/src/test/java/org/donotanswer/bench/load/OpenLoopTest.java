package org.donotanswer.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.donotanswer.bench.load.ArrivalSchedule.Phase;
import org.donotanswer.bench.load.OpenLoop.Saturation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenLoopTest {
    private static final Duration DURATION = Duration.ofSeconds(10);
    private static final Duration SLOT = Duration.ofMillis(500);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MILLI = 1_000_000;

    private final VirtualTime clock = new VirtualTime();

    /** A clock that stands still but for waits and services, for one thread. Not thread-safe. */
    private static final class VirtualTime implements LoadClock {
        private long now = 1_000;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void sleepUntil(long nanos) {
            now = Math.max(now, nanos);
        }
    }

    private static ArrivalSchedule schedule(double perSecond, Duration duration) {
        return ArrivalSchedule.poisson(List.of(new Phase(perSecond, duration)), 42);
    }

    private Histogram latencies(ArrivalSchedule schedule, Workload workload) throws InterruptedException {
        LoadRecorder recorder = new OpenLoop(clock, 1, SLOT).run(schedule, DURATION, workload);
        return recorder.checked(0, recorder.slots());
    }

    private Workload taking(long nanos) {
        return (arrival, due, recorder) -> {
            clock.now += nanos;
            recorder.checked(due);
            return true;
        };
    }

    @Test
    void run_servesEachArrivalOnceAndInOrder() throws InterruptedException {
        ArrivalSchedule schedule = schedule(100, DURATION);
        AtomicInteger next = new AtomicInteger();

        Histogram latencies = latencies(schedule, (arrival, due, recorder) -> {
            assertThat(arrival).isEqualTo(next.getAndIncrement());
            assertThat(due).isEqualTo(1_000 + schedule.due(arrival)).isEqualTo(clock.now);
            recorder.checked(due);
            return true;
        });

        assertThat(latencies.getTotalCount()).isEqualTo(schedule.size());
        assertThat(latencies.getMaxValue()).isZero();
    }

    /** Coordinated omission would show the one call that took a second, and none of those that were due meanwhile. */
    @Test
    void run_aPauseOfASecond_showsInAllCallsThatWereDueMeanwhile() throws InterruptedException {
        ArrivalSchedule schedule = schedule(100, DURATION);
        int paused = schedule.dueUntil(4 * SECOND);
        long from = schedule.due(paused);
        int meanwhile = schedule.dueUntil(from + SECOND) - paused;

        Histogram latencies = latencies(schedule, (arrival, due, recorder) -> {
            clock.now += arrival == paused ? SECOND : 0;
            recorder.checked(due);
            return true;
        });

        assertThat(meanwhile).isBetween(80, 120);
        assertThat(latencies.getTotalCount() - latencies.getCountBetweenValues(0, 0))
                .isEqualTo(meanwhile);
        assertThat(latencies.getMaxValue() / (double) SECOND).isCloseTo(1, within(0.001));
        // They were due at any time of that second, so that their latencies are spread over it.
        assertThat(latencies.getCountBetweenValues(SECOND / 2, 2 * SECOND) / (double) meanwhile)
                .isCloseTo(0.5, within(0.15));
    }

    @Test
    void run_equalServiceTimes_waitAsQueueingTheorySays() throws InterruptedException {
        Duration lasting = Duration.ofSeconds(2_000);
        ArrivalSchedule schedule = schedule(80, lasting);
        LoadRecorder recorder = new OpenLoop(clock, 1, lasting).run(schedule, lasting, taking(10 * MILLI));
        Histogram latencies = recorder.checked(0, recorder.slots());

        // M/D/1 at a utilization of 0.8: service time + 0.8 / (2 * (1 - 0.8)) service times.
        assertThat(latencies.getMean() / MILLI).isCloseTo(10 + 20, within(1.5));
        assertThat(LoadRun.of(80, recorder).max()).isGreaterThan(100);
        assertThat(recorder.maxBacklog()).isGreaterThan(10);
    }

    @Test
    void row_ofARun_hasItsPercentiles() throws InterruptedException {
        ArrivalSchedule schedule = schedule(100, DURATION);
        LoadRecorder recorder = new OpenLoop(clock, 1, SLOT).run(schedule, DURATION, (arrival, due, to) -> {
            clock.now = due + (arrival % 100 < 98 ? 2 * MILLI : 3 * MILLI);
            to.checked(due);
            clock.now = due;
            return true;
        });
        LoadRun run = LoadRun.of(100, recorder);

        assertThat(run.ends()).isEqualTo(schedule.size());
        assertThat(run.unchecked()).isZero();
        assertThat(run.p50()).isCloseTo(2, within(0.01));
        assertThat(run.p99()).isCloseTo(3, within(0.01));
        assertThat(run.p999()).isCloseTo(3, within(0.01));
        assertThat(run.max()).isCloseTo(3, within(0.01));
        assertThat(run.wakeUpP50()).isZero();
    }

    @Test
    void run_callersOfTwoThreads_serveAtTheSameTime() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        OpenLoop loop = new OpenLoop(LoadClock.system(), 2, SLOT);
        ArrivalSchedule schedule = schedule(1_000, Duration.ofMillis(100));

        LoadRecorder recorder = loop.run(schedule, Duration.ofMillis(100), (arrival, due, to) -> {
            both.countDown();
            try {
                both.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            to.checked(due);
            return true;
        });

        assertThat(recorder.checked(0, recorder.slots()).getTotalCount()).isEqualTo(schedule.size());
    }

    @Test
    void run_aWorkloadThatThrows_throws() {
        OpenLoop loop = new OpenLoop(LoadClock.system(), 2, SLOT);

        assertThatIllegalStateException()
                .isThrownBy(() -> loop.run(schedule(1_000, DURATION), DURATION, (arrival, due, recorder) -> {
                    throw new UnsupportedOperationException();
                }))
                .withMessage("load must be served, but was not")
                .withCauseInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void saturate_equalServiceTimes_isTheirRate() throws InterruptedException {
        assertThat(new OpenLoop(clock, 1, SLOT).saturate(DURATION, taking(10 * MILLI)))
                .isEqualTo(new Saturation(100, 0));
    }

    @Test
    void saturate_aCallThatTakesLongerThanAllTheTime_isItsRate() throws InterruptedException {
        assertThat(new OpenLoop(clock, 1, SLOT).saturate(DURATION, taking(20 * SECOND)))
                .isEqualTo(new Saturation(1 / 20.0, 0));
    }

    /** Refusals end at once, and would look like a high rate. */
    @Test
    void saturate_refusals_doNotCountAsServed() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Workload workload = (arrival, due, recorder) -> {
            boolean refused = calls.getAndIncrement() % 10 != 0;
            clock.now += refused ? MILLI : 11 * MILLI;
            return !refused;
        };

        assertThat(new OpenLoop(clock, 1, SLOT).saturate(DURATION, workload)).isEqualTo(new Saturation(50, 4_500));
    }

    @Test
    void saturate_nothingIsChecked_fails() {
        assertThatIllegalStateException()
                .isThrownBy(() -> new OpenLoop(clock, 1, SLOT).saturate(DURATION, (arrival, due, recorder) -> {
                    clock.now += SECOND;
                    return false;
                }))
                .withMessage("guard must check something to have a saturating rate, but refused all 10 arrivals");
    }

    @Test
    void percentiles_ofTooFewCalls_areUnknown() {
        Histogram latencies = new Histogram(3);
        latencies.recordValueWithCount(MILLI, 99);
        assertThat(LoadRun.millis(latencies, 50)).isCloseTo(1, within(0.01));
        assertThat(LoadRun.millis(latencies, 99)).isNaN();
        latencies.recordValueWithCount(MILLI, 900);
        assertThat(LoadRun.millis(latencies, 99)).isCloseTo(1, within(0.01));
        assertThat(LoadRun.millis(latencies, 99.9)).isNaN();
        assertThat(LoadRun.millis(latencies, 100)).isCloseTo(1, within(0.01));
        latencies.recordValue(MILLI);
        assertThat(LoadRun.millis(latencies, 99.9)).isCloseTo(1, within(0.01));
    }

    @Test
    void loop_withoutCallers_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OpenLoop(clock, 0, SLOT))
                .withMessage("callers must be at least 1, but was 0");
    }

    @Test
    void overload_aBacklog_isServedAndRecoveryIsSeen() throws InterruptedException {
        Duration phase = Duration.ofSeconds(5);
        ArrivalSchedule schedule = ArrivalSchedule.poisson(
                List.of(new Phase(50, phase), new Phase(200, phase), new Phase(50, phase.multipliedBy(3))), 42);
        LoadRecorder recorder = new OpenLoop(clock, 1, SLOT).run(schedule, phase.multipliedBy(5), taking(10 * MILLI));
        OverloadRun run = OverloadRun.of(200, recorder, phase, phase, schedule.size(), 1, 0);

        // In 5 s, 1,000 calls are due, of which 500 can be served; the rest takes 10 s at half the load.
        assertThat(run.calls()).isBetween(900L, 1_100L);
        assertThat(run.maxBacklog()).isBetween(400L, 600L);
        assertThat(run.checked()).isEqualTo(1);
        assertThat(run.checkedP99()).isBetween(4_000.0, 6_000.0);
        assertThat(run.reasons()).isEmpty();
        assertThat(run.refusedP50()).isNaN();
        assertThat(run.wasted()).isZero();
        assertThat(run.recoverySeconds()).isBetween(8.0, 12.5);
    }

    @Test
    void overload_thatNeverEnds_doesNotRecover() throws InterruptedException {
        Duration phase = Duration.ofSeconds(2);
        ArrivalSchedule schedule =
                ArrivalSchedule.poisson(List.of(new Phase(50, phase), new Phase(200, phase.multipliedBy(2))), 42);
        LoadRecorder recorder = new OpenLoop(clock, 1, SLOT).run(schedule, phase.multipliedBy(3), taking(10 * MILLI));

        assertThat(OverloadRun.of(200, recorder, phase, phase, schedule.size(), 1, 0)
                        .recoverySeconds())
                .isNaN();
    }

    /** With a call every two seconds, in slots of half a second. */
    @Test
    void overload_slotsInWhichNothingIsDue_doNotHideTheRecovery() {
        Duration phase = Duration.ofSeconds(4);
        LoadRecorder recorder = new LoadRecorder(clock, 0, phase.multipliedBy(4), SLOT);
        long[] latencies = {10, 10, 900, 900, 10, 10, 10, 10};
        for (int call = 0; call < latencies.length; call++) {
            long due = 2L * call * SECOND;
            clock.now = due + latencies[call] * MILLI;
            recorder.checked(due);
        }

        assertThat(OverloadRun.of(0.5, recorder, phase, phase, 8, 1, 0).recoverySeconds())
                .isZero();
        assertThat(OverloadRun.of(0.5, recorder, phase, phase.dividedBy(2), 8, 1, 0)
                        .recoverySeconds())
                .isEqualTo(2);
    }

    @Test
    void overload_evaluationsOfCallsThatWereNotChecked_areWasted() {
        Duration phase = Duration.ofSeconds(1);
        LoadRecorder recorder = new LoadRecorder(clock, 0, phase.multipliedBy(3), SLOT);
        for (int call = 0; call < 3; call++) {
            clock.now = call * SECOND;
            recorder.checked(clock.now);
        }

        assertThat(OverloadRun.of(1, recorder, phase, phase, 3, 1, 0).wasted()).isZero();
        assertThat(OverloadRun.of(1, recorder, phase, phase, 4, 1, 0).wasted()).isEqualTo(0.25);
        // Two texts each.
        assertThat(OverloadRun.of(1, recorder, phase, phase, 6, 2, 0).wasted()).isZero();
        assertThat(OverloadRun.of(1, recorder, phase, phase, 0, 1, 0).wasted()).isNaN();
    }
}
