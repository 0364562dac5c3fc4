package org.donotanswer.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.donotanswer.bench.load.ArrivalSchedule.Phase;
import org.donotanswer.bench.speed.BenchmarkExchanges;
import org.donotanswer.evaluate.Exchange;
import org.donotanswer.evaluate.Provenance;
import org.donotanswer.evaluate.SafetyEvaluator;
import org.donotanswer.guard.SafetyGuard;
import org.donotanswer.guard.policy.Reason;
import org.donotanswer.guard.stream.StreamGuard;
import org.donotanswer.harness.io.Progress;
import org.donotanswer.harness.report.FigureJson;
import org.donotanswer.harness.report.ReportWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class GuardLoadTest {
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final List<Exchange> EXCHANGES = IntStream.range(0, 7)
            .mapToObj(i -> Exchange.of(
                    "What is number " + i + "?",
                    "It stands between two other numbers, and each of them has a name. ".repeat(20 * i + 1)))
            .toList();

    private static ArrivalSchedule schedule(double perSecond) {
        return ArrivalSchedule.poisson(List.of(new Phase(perSecond, SHORT)), 42);
    }

    private static Histogram all(LoadRecorder recorder) {
        return recorder.checked(0, recorder.slots());
    }

    @Test
    void checks_ofAGuard_areEachCheckedOnce() throws InterruptedException {
        try (CountedEvaluator evaluator = new CountedEvaluator(SafetyEvaluator.create("embedded"));
                SafetyGuard guard = SafetyGuard.of(evaluator)) {
            ArrivalSchedule schedule = schedule(1_000);
            LoadRecorder recorder = new OpenLoop(LoadClock.system(), 2, SHORT)
                    .run(schedule, SHORT, new CheckWorkload(guard, evaluator, EXCHANGES));

            assertThat(all(recorder).getTotalCount()).isEqualTo(schedule.size());
            assertThat(evaluator.begun()).isGreaterThanOrEqualTo(schedule.size());
            assertThat(evaluator.running()).isZero();
        }
    }

    @Test
    void checks_thatAGuardRefuses_areCountedByReason() throws InterruptedException {
        try (CountedEvaluator evaluator =
                        new CountedEvaluator(new ParkingEvaluator(LoadClock.system(), Duration.ofMinutes(10)));
                SafetyGuard guard = SafetyGuard.builder()
                        .evaluator(evaluator)
                        .maxConcurrent(1)
                        .maxWaiting(1)
                        .deadline(SHORT)
                        .build()) {
            ArrivalSchedule schedule = schedule(1_000);
            CheckWorkload workload = new CheckWorkload(guard, evaluator, EXCHANGES);
            LoadRecorder recorder = new OpenLoop(LoadClock.system(), 20, SHORT).run(schedule, SHORT, workload);
            Map<Reason, Long> reasons = recorder.failures(0, recorder.slots());

            assertThat(all(recorder).getTotalCount()).isZero();
            assertThat(reasons.values().stream().mapToLong(Long::longValue).sum())
                    .isEqualTo(schedule.size());
            assertThat(reasons).containsKeys(Reason.DEADLINE_EXCEEDED, Reason.OVERLOADED);
            assertThat(recorder.releasedUnchecked(0, recorder.slots())).isZero();
            assertThat(workload.maxWaiting()).isPositive();
        }
    }

    @Test
    void streams_ofAGuard_releaseWhatArrives() throws InterruptedException {
        try (SafetyEvaluator evaluator = SafetyEvaluator.create("embedded");
                SafetyGuard guard = SafetyGuard.of(evaluator);
                StreamWorkload workload = new StreamWorkload(StreamGuard.of(guard), EXCHANGES, 5)) {
            LoadRecorder recorder = new OpenLoop(LoadClock.system(), 2, SHORT).run(schedule(5_000), SHORT, workload);

            // About four chunks make a window, and longer responses have longer ones.
            assertThat(all(recorder).getTotalCount()).isBetween(50L, 600L);
            assertThat(recorder.unchecked(0, recorder.slots()).getTotalCount()).isZero();
        }
    }

    @Test
    void waitingCall_holdsLittleMemory() {
        assertThat(WaitingMemory.bytesPerCall()).isBetween(100.0, 4_000.0);
    }

    @Test
    void measure_aJudge_givesAllFigures() throws InterruptedException, JsonProcessingException {
        GuardLoadBenchmark benchmark = new GuardLoadBenchmark(new LoadSettings(50, 1, 4, 42), 10);
        List<LoadJudge> judges = List.of(new LoadJudge("slow:1"));
        CountedSteps steps = new CountedSteps();
        GuardLoadFigures figures =
                benchmark.measure(judges, new BenchmarkExchanges("invented exchanges", EXCHANGES), steps);

        assertThat(steps.count).isEqualTo(benchmark.steps(1)).isEqualTo(10);
        JudgeLoad load = figures.judges().get(0);
        assertThat(load.judge()).isEqualTo("slow:1");
        assertThat(load.evaluatesOn()).isEqualTo("4 threads of the guard");
        assertThat(load.callers()).isEqualTo(114);
        assertThat(load.saturatingChecks().median()).isPositive().isLessThanOrEqualTo(4_000);
        assertThat(load.checks()).extracting(LoadRow::percent).containsExactly(50, 80, 95);
        assertThat(load.releases()).extracting(LoadRow::percent).containsExactly(50, 80, 95);
        // A busy machine may be so slow that the guard refuses, or that nothing was due.
        assertThat(load.checks()).allMatch(row -> row.ends() == 0 || row.p50().median() >= 1);
        assertThat(load.overload()).extracting(OverloadRow::percent).containsExactly(120, 200);
        String text = ReportWriter.toText(
                figures.toReport(Provenance.builder("benchmark-guardrails", "1").build()));
        assertThat(text).contains("Guards under load", "parking 1 ms", "95 %", "Most waiting in the guard");
        JsonNode json = new JsonMapper().readTree(FigureJson.create().write(figures));
        assertThat(json.at("/judges/0/checks/0/percent").intValue()).isEqualTo(50);
        assertThat(json.at("/judges/0/saturatingChecks/median").doubleValue())
                .isEqualTo(load.saturatingChecks().median());
        assertThat(json.at("/settings/seed").longValue()).isEqualTo(42);
    }

    private static final class CountedSteps implements Progress {
        private int count;

        @Override
        public void stepBy(long steps) {
            count += (int) steps;
        }

        @Override
        public void stepTo(long step) {}

        @Override
        public void close() {}
    }

    @Test
    void judge_slowWithoutTime_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadJudge("slow:0"))
                .withMessage("judge must be slow:MILLIS with 1 to 1000 milliseconds, but was slow:0");
    }

    @Test
    void spread_ofRepetitions_isMedianAndEnds() {
        assertThat(RepetitionSpread.of(List.of(3.0, 1.0, Double.NaN, 2.0), Double::doubleValue))
                .isEqualTo(new RepetitionSpread(2, 1, 3))
                .extracting(RepetitionSpread::toText)
                .isEqualTo("2.00 (1.00 to 3.00)");
        assertThat(RepetitionSpread.of(List.of(Double.NaN), Double::doubleValue).toText())
                .isEqualTo("-");
        assertThat(RepetitionSpread.of(List.of(1234.0, 1234.0), Double::doubleValue)
                        .toText())
                .isEqualTo("1,234");
    }
}
